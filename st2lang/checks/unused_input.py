"""A workflow declares an input that nothing in it uses.

Whoever runs the workflow sets a value that has no effect. Remove the input (and the parameter of the
action that passes it on), or use it.

Nothing is reported where the context is used as a whole (`ctx()`), since any input may be meant then.

## Bad

```yaml
version: 1.0
input:
  - host
  - timeout: 60
tasks:
  look:
    action: core.remote
    input:
      hosts: <% ctx().host %>
      cmd: uptime
```

## Good

```yaml
version: 1.0
input:
  - host
  - timeout: 60
tasks:
  look:
    action: core.remote
    input:
      hosts: <% ctx().host %>
      cmd: uptime
      timeout: <% ctx().timeout %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._variables import names_used
from st2lang.document import Document
from st2lang.problem import Problem, Severity, Tag


def run(document: Document) -> Iterator[Problem]:
    """Inputs that no expression uses."""
    workflow = document.workflow
    used = names_used(document)
    if workflow is None or used is None:
        return
    for assignment in workflow.inputs:
        name = assignment.name
        if name.text not in used:
            yield CHECK.problem(
                f"input `{name.text}` is never used",
                name.span,
                name.path,
                help="Remove it, or use it.",
                tags=(Tag.UNUSED,),
            )


CHECK = Check(
    "unused-input",
    Severity.WARNING,
    "A workflow declares an input that nothing in it uses.",
    run,
    ("orquesta",),
)
