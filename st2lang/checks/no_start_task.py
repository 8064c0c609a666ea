"""The workflow has no task to start with.

Orquesta starts with the tasks that no transition leads to. When every task is part of a loop, or comes
after one, there is none, and nothing would ever run. Orquesta refuses such a workflow (older versions
accepted it, and its executions hung).

Add a task that leads into the loop; it needs no action.

(A chain always has a start: without `default`, and with nodes all leading to one another, it is the
first node.)

## Bad

```yaml
version: 1.0
tasks:
  check:
    action: core.local cmd="systemctl is-active nginx"
    next:
      - when: <% failed() %>
        do: restart
  restart:
    action: core.local cmd="systemctl restart nginx"
    next:
      - when: <% succeeded() %>
        do: check
```

## Good

```yaml
version: 1.0
tasks:
  begin:
    next:
      - do: check
  check:
    action: core.local cmd="systemctl is-active nginx"
    next:
      - when: <% failed() %>
        do: restart
  restart:
    action: core.local cmd="systemctl restart nginx"
    next:
      - when: <% succeeded() %>
        do: check
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity
from st2lang.suggest import listing


def run(document: Document) -> Iterator[Problem]:
    """A workflow whose tasks all have something leading to them."""
    workflow = document.workflow
    if workflow is None or not workflow.tasks or document.flow.starts:
        return
    tasks = [name for name in workflow.tasks if name not in document.flow.commands]
    loop = next(iter(document.flow.cycles), ())
    if not tasks or not loop:
        return
    entry = workflow.root.entry("tasks")
    edge = document.flow.into[loop[0]][0]
    yield CHECK.problem(
        f"the workflow has no task to start with: {listing(loop, 'and')} only follow one another"
        if len(loop) > 1
        else f"the workflow has no task to start with: `{loop[0]}` follows itself",
        workflow.tasks[loop[0]].name.span if entry is None else entry.key.span,
        ("tasks",),
        help="Add a task that nothing leads to, and let it lead into the loop.",
        related=(Related(f"leads back to `{loop[0]}`", edge.target.span),),
    )


CHECK = Check(
    "no-start-task",
    Severity.ERROR,
    "The workflow has no task to start with.",
    run,
    ("orquesta",),
)
