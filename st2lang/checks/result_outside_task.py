"""`result()` or an outcome is asked for where no task has ended.

`result()`, `succeeded()`, `failed()` and `completed()` speak of the task that has just ended. In inputs,
vars and outputs there is none, and the workflow fails there. In a task's own input its action has not
run yet, so `result()` is null.

Use `task(name).result` for the result of an earlier task, or publish what you need.

## Bad

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="hostname"
output:
  - host: <% result().stdout %>
```

## Good

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="hostname"
    next:
      - publish:
          - host: <% result().stdout %>
output:
  - host: <% ctx().host %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.symbols import Role, Use

_NO_TASK = (Role.INPUT, Role.VARS, Role.OUTPUT)
_AFTER = (Role.WHEN, Role.PUBLISH, Role.RETRY)


def run(document: Document) -> Iterator[Problem]:
    """Uses of `result()` where it fails or is null."""
    if document.workflow is None or not document.workflow.orquesta:
        return
    for reference in document.references:
        role = reference.place.role
        if reference.use is not Use.RESULT or role in _AFTER:
            continue
        if role in _NO_TASK:
            message = f"there is no task in {role.value}: `result()` fails"
        else:
            message = f"`result()` is null in {role.value}: the task has not run yet"
        yield CHECK.problem(
            message,
            reference.span,
            reference.place.path,
            help="Use `task(name).result` for the result of an earlier task.",
        )


CHECK = Check(
    "result-outside-task",
    Severity.WARNING,
    "`result()` is asked for where no task has ended.",
    run,
    ("orquesta",),
)
