"""A task has a name that is a command to Orquesta.

`noop`, `continue`, `fail` and `retry` in a `do` are commands: end the branch, end the branch, fail the
workflow, run the task again. A task with such a name could never be told from the command; Orquesta
refuses the workflow.

## Bad

```yaml
version: 1.0
tasks:
  call:
    action: core.local cmd="curl -f https://example.com"
    next:
      - when: <% failed() %>
        do: retry
  retry:
    action: core.local cmd="curl -f https://mirror.example.com"
```

## Good

```yaml
version: 1.0
tasks:
  call:
    action: core.local cmd="curl -f https://example.com"
    next:
      - when: <% failed() %>
        do: call_mirror
  call_mirror:
    action: core.local cmd="curl -f https://mirror.example.com"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.suggest import listing


def run(document: Document) -> Iterator[Problem]:
    """The tasks that are named like a command."""
    if document.workflow is None:
        return
    for task in document.workflow.tasks.values():
        if task.name.text in document.flow.commands:
            yield CHECK.problem(
                f"a task cannot be named `{task.name.text}`, which is a command to Orquesta",
                task.name.span,
                task.path,
                help=f"Rename the task; {listing(document.flow.commands, 'and')} are taken.",
            )


CHECK = Check(
    "reserved-task-name",
    Severity.ERROR,
    "A task has a name that is a command to Orquesta.",
    run,
    ("orquesta",),
)
