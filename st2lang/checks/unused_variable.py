"""A variable is set and never used.

Usually the use has a typo in it, or it was removed and the variable was forgotten. Variables of an
Orquesta workflow are not visible outside of it: only `output` leaves it.

Nothing is reported where the context is used as a whole (`ctx()`, `ctx($name)`), since any variable may be
meant then. What an ActionChain publishes is part of its result and never unused.

## Bad

```yaml
version: 1.0
vars:
  - retries: 3
tasks:
  look:
    action: core.noop
```

## Good

```yaml
version: 1.0
vars:
  - retries: 3
tasks:
  look:
    action: core.noop
    retry:
      count: <% ctx().retries %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._variables import names_used
from st2lang.dialects.model import Assignment
from st2lang.document import Document
from st2lang.problem import Problem, Severity, Tag


def run(document: Document) -> Iterator[Problem]:
    """Vars and published variables that no expression uses; each name once."""
    workflow = document.workflow
    used = names_used(document)
    if workflow is None or used is None:
        return
    seen = {a.name.text for a in workflow.inputs}
    for assignment in _set_variables(document):
        name = assignment.name
        if name.text not in used and name.text not in seen:
            seen.add(name.text)
            yield CHECK.problem(
                f"variable `{name.text}` is set but never used",
                name.span,
                name.path,
                help="Remove it, or use it.",
                tags=(Tag.UNUSED,),
            )


def _set_variables(document: Document) -> Iterator[Assignment]:
    workflow = document.workflow
    assert workflow is not None
    yield from workflow.vars
    if workflow.orquesta:
        for task in workflow.tasks.values():
            for transition in task.transitions:
                yield from transition.publish


CHECK = Check("unused-variable", Severity.WARNING, "A variable is set and never used.", run)
