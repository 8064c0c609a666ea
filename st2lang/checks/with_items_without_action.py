"""A task with `with` has no `action`.

`with` runs the task's action once for each item of a list. Without an action there is nothing to run,
and Orquesta refuses the workflow.

## Bad

```yaml
version: 1.0
input:
  - guests
tasks:
  greet:
    with: guest in <% ctx().guests %>
    input:
      message: Hello <% item(guest) %>
```

## Good

```yaml
version: 1.0
input:
  - guests
tasks:
  greet:
    with: guest in <% ctx().guests %>
    action: core.echo
    input:
      message: Hello <% item(guest) %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.yaml import Mapping


def run(document: Document) -> Iterator[Problem]:
    """The tasks that go through items and have no action."""
    if document.workflow is None:
        return
    for task in document.workflow.tasks.values():
        if task.items is None or not isinstance(task.node, Mapping) or "action" in task.node:
            continue
        entry = task.node.entry("with")
        yield CHECK.problem(
            f"`{task.name.text}` has items to go through (`with`), but no `action` to run for them",
            task.name.span if entry is None else entry.key.span,
            task.path,
            help="Add an `action`, or remove `with`.",
        )


CHECK = Check(
    "with-items-without-action",
    Severity.ERROR,
    "A task with `with` has no `action`.",
    run,
    ("orquesta",),
)
