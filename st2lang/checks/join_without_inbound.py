"""A task has a `join`, but fewer than two tasks lead to it: there is nothing to join.

The `join` has no effect. Often it is left over from a workflow that once had more branches, or was put
on the wrong task.

## Bad

```yaml
version: 1.0
tasks:
  grind_beans:
    action: core.echo message="grinding"
    next:
      - do: brew_coffee
  brew_coffee:
    join: all
    action: core.echo message="brewing"
```

## Good

```yaml
version: 1.0
tasks:
  grind_beans:
    action: core.echo message="grinding"
    next:
      - do: brew_coffee
  boil_water:
    action: core.echo message="boiling"
    next:
      - do: brew_coffee
  brew_coffee:
    join: all
    action: core.echo message="brewing"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """Joins with one inbound task or none; counts that are too high are `join-unsatisfiable`."""
    workflow = document.workflow
    if workflow is None:
        return
    for name, task in workflow.tasks.items():
        sources = document.flow.inbound_tasks(name)
        if task.join is None or len(sources) > 1 or (task.join.count or 0) > 1:
            continue
        what = f"only `{sources[0]}` leads" if sources else "nothing leads"
        yield CHECK.problem(
            f"`{name}` has nothing to join: {what} to it",
            task.join.span,
            task.join.path,
            help="Remove the `join`.",
        )


CHECK = Check(
    "join-without-inbound",
    Severity.HINT,
    "A task has a `join`, but fewer than two tasks lead to it: there is nothing to join.",
    run,
    ("orquesta",),
)
