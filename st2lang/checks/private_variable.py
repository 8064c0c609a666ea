"""A variable's name starts with two underscores: the engine keeps such names for itself.

Orquesta refuses a workflow that reads one, and silently drops a published one when it passes the
context on.

## Bad

```yaml
version: 1.0
tasks:
  look:
    action: core.noop
    next:
      - publish:
          - __seen: true
```

## Good

```yaml
version: 1.0
tasks:
  look:
    action: core.noop
    next:
      - publish:
          - seen: "yes"
        do: report
  report:
    action: core.echo message=<% ctx().seen %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._variables import assignments
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.symbols import Use


def run(document: Document) -> Iterator[Problem]:
    """Private names that are read (an error in Orquesta) or set."""
    if document.workflow is None or not document.workflow.orquesta:
        return
    for reference in document.references:
        if reference.use is Use.VARIABLE and reference.name.startswith("__"):
            yield CHECK.problem(
                f"`{reference.name}` is private to the engine and cannot be read",
                reference.span,
                reference.place.path,
            )
    for assignment in assignments(document):
        if assignment.name.text.startswith("__"):
            yield CHECK.problem(
                f"`{assignment.name.text}` is dropped by the engine: names that start with two"
                " underscores are private to it",
                assignment.name.span,
                assignment.name.path,
                help="Choose a name without the underscores.",
                severity=Severity.WARNING,
            )


CHECK = Check(
    "private-variable",
    Severity.ERROR,
    "A variable's name starts with two underscores, which the engine keeps for itself.",
    run,
    ("orquesta",),
)
