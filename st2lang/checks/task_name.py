"""A task has a name that Orquesta cannot work with.

Task names may only have letters, digits and underscores: Orquesta takes everything else under `tasks`
for no task at all, and fails with an `AttributeError` that says nothing about the reason. Names with
dashes are the usual case.

The other case are names of Orquesta's own functions. It keeps the tasks and what it does with them in
one place, so that a task named `keys` or `get_task` takes the place of the function: the workflow fails
with “object is not callable”.

Orquesta's inspection does not report these names, it breaks on them. In an ActionChain every name is
allowed, but only names of letters, digits and underscores can be used in expressions.

## Bad

```yaml
version: 1.0
tasks:
  brew-coffee:
    action: core.echo message="brewing"
```

```yaml
version: 1.0
tasks:
  keys:
    action: core.local cmd="ls /etc/ssl/private"
```

## Good

```yaml
version: 1.0
tasks:
  brew_coffee:
    action: core.echo message="brewing"
  list_keys:
    action: core.local cmd="ls /etc/ssl/private"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.dialects.model import Task, Workflow
from st2lang.dialects.orquesta import TASK_METHODS
from st2lang.document import Document
from st2lang.patterns import lazy
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.symbols import Use

_ODD = lazy(r"\W+")


def run(document: Document) -> Iterator[Problem]:
    """The tasks whose name is not made of word characters, or takes the place of a function."""
    workflow = document.workflow
    if workflow is None:
        return
    for name, task in workflow.tasks.items():
        if _ODD.search(name) or not name:
            yield _odd(document, workflow, task)
        elif name in TASK_METHODS:
            yield CHECK.problem(
                f"a task named `{name}` makes Orquesta fail: it has a function of that name",
                task.name.span,
                task.path,
                help="Rename the task.",
            )


def _odd(document: Document, workflow: Workflow, task: Task) -> Problem:
    name = task.name.text
    found = _ODD.search(name)
    message = "the name of a task is empty"
    if found is not None:
        message = f"the task name `{name}` must have only letters, digits and underscores, not `{found[0]}`"
    better = _ODD.sub("_", name).strip("_")
    free = bool(better) and better not in workflow.tasks and better not in document.flow.commands
    return CHECK.problem(
        message,
        task.name.span,
        task.path,
        help="Rename the task.",
        fix=_rename(document, task, better) if free else None,
    )


def _rename(document: Document, task: Task, better: str) -> Fix:
    """The new name here, in transitions that lead to the task, in expressions that ask for it."""
    name = task.name.text
    places = [task.name.span, *(edge.target.span for edge in document.flow.into[name])]
    places += [r.span for r in document.references if r.use is Use.TASK and r.name == name]
    edits = tuple(Edit(span, better) for span in dict.fromkeys(places))
    return Fix(f"Rename to `{better}`", edits, safe=False)


CHECK = Check(
    "task-name",
    Severity.ERROR,
    "A task has a name that Orquesta cannot work with.",
    run,
    ("orquesta",),
)
