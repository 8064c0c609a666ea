"""A node of an ActionChain asks to be retried, which StackStorm does not do.

Only st2lang's own runtime knows `retry`, with `count` more tries after the first and a `delay` in seconds.
StackStorm's engine

- refuses a chain whose first node has a `retry` beside `parameters`,
- ignores it in all other nodes,
- fails the node when `retry` is among its parameters and the action has no such parameter.

On StackStorm a retry is a policy of the action (`policies/NAME.yaml` with `action.retry`), or a `retry` of
a task in an Orquesta workflow.

## Bad

```yaml
chain:
  - name: fetch
    ref: core.http
    parameters:
      url: https://example.com
    retry:
      count: 3
      delay: 10
```

## Good

```yaml
version: 1.0
tasks:
  fetch:
    action: core.http url="https://example.com"
    retry:
      count: 3
      delay: 10
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.dialects.model import Task
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.yaml import Mapping, deref

_HELP = "On StackStorm, give the action a retry policy, or use an Orquesta workflow."


def run(document: Document) -> Iterator[Problem]:
    """`retry` in nodes, beside the parameters or among them."""
    workflow = document.workflow
    if workflow is None:
        return
    for task in (*workflow.tasks.values(), *workflow.repeated):
        entry = task.node.entry("retry") if isinstance(task.node, Mapping) else None
        if entry is not None:
            does = "refuses the chain" if task.path[-1] == 0 else "ignores it"
            yield CHECK.problem(
                f"StackStorm knows no `retry` in an ActionChain and {does}",
                entry.key.span,
                (*task.path, "retry"),
                help=_HELP,
            )
        yield from _among_parameters(document, task)


def _among_parameters(document: Document, task: Task) -> Iterator[Problem]:
    for assignment in task.inputs:
        value = deref(assignment.value.node) if assignment.value else None
        if assignment.name.text != "retry" or not isinstance(value, Mapping):
            continue
        if _has_parameter(document, task):
            continue
        yield CHECK.problem(
            "StackStorm passes `retry` to the action, which has no such parameter",
            assignment.name.span,
            assignment.name.path,
            help=_HELP,
        )


def _has_parameter(document: Document, task: Task) -> bool:
    """Whether the action is known to have a parameter `retry`."""
    action = document.called_actions.get(task.action.text) if task.action is not None else None
    return action is not None and "retry" in action.all_parameters


CHECK = Check(
    "action-chain-retry",
    Severity.INFO,
    "A node of an ActionChain asks to be retried, which StackStorm does not do.",
    run,
    ("action-chain",),
)
