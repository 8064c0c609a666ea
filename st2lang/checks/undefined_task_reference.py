"""An expression asks for the result or status of a task that does not exist.

`task(name)` fails when the workflow has no such task, and `task_status(name)` says that it was never run.
Orquesta loads such a workflow and fails when it comes here.

## Bad

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="hostname"
output:
  - host: <% task(lok).result.stdout %>
```

## Good

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="hostname"
output:
  - host: <% task(look).result.stdout %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.suggest import did_you_mean, listing, nearest
from st2lang.symbols import Use


def run(document: Document) -> Iterator[Problem]:
    """Names in `task(…)` and `task_status(…)` that are no tasks."""
    workflow = document.workflow
    if workflow is None or not workflow.tasks:
        return
    for reference in document.references:
        if reference.use is not Use.TASK or reference.name in workflow.tasks:
            continue
        guess = nearest(reference.name, workflow.tasks)
        edits = (Edit(reference.span, guess),) if guess else ()
        yield CHECK.problem(
            f"task `{reference.name}` does not exist"
            + did_you_mean(reference.name, workflow.tasks),
            reference.span,
            reference.place.path,
            help=f"The tasks are {listing(workflow.tasks, 'and')}.",
            fix=Fix(f"Change to `{guess}`", edits, safe=False) if guess else None,
        )


CHECK = Check(
    "undefined-task-reference",
    Severity.WARNING,
    "An expression asks for the result or status of a task that does not exist.",
    run,
    ("orquesta",),
)
