"""A transition leads to a task that does not exist.

Orquesta refuses the whole workflow, and StackStorm refuses a chain before it runs its first node. The
message names the task that was probably meant; the fix renames it, and has to be asked for, as the
guess may be wrong.

In a part of the workflow that nothing leads to, an undefined task does no harm yet: it is a warning
there. (Orquesta's inspection does not look at such parts at all.)

In `do`, several tasks are separated by commas, or are items of a list; `noop`, `continue`, `fail` and
`retry` are commands to Orquesta. Names are taken as they are written, expressions are never evaluated
there. A chain accepts an expression in `on-success` and `on-failure`, but does not evaluate it either:
the chain fails when it gets there, which is reported as a warning.

## Bad

```yaml
version: 1.0
tasks:
  brew_coffee:
    action: core.echo message="brewing"
    next:
      - when: <% succeeded() %>
        do: pour_cofee
  pour_coffee:
    action: core.echo message="pouring"
```

```yaml
chain:
  - name: brew_coffee
    ref: core.echo
    on-success: pour_coffee
    on-failure: make_tea
  - name: pour_coffee
    ref: core.echo
```

## Good

```yaml
version: 1.0
tasks:
  brew_coffee:
    action: core.echo message="brewing"
    next:
      - when: <% succeeded() %>
        do: pour_coffee, set_table
      - when: <% failed() %>
        do: fail
  pour_coffee:
    action: core.echo message="pouring"
  set_table:
    action: core.echo message="setting the table"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.dialects.model import Name, Task, Transition, Workflow
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.suggest import nearest


def run(document: Document) -> Iterator[Problem]:
    """The targets of transitions that are neither tasks nor commands."""
    workflow = document.workflow
    if workflow is None:
        return
    for task in (*workflow.tasks.values(), *workflow.repeated):
        for transition in task.transitions:
            for target in transition.targets:
                if target.text not in workflow.tasks and target.text not in document.flow.commands:
                    yield _problem(document, workflow, task, transition, target)


def _problem(
    document: Document, workflow: Workflow, task: Task, transition: Transition, target: Name
) -> Problem:
    name = target.text
    noun = "task" if workflow.orquesta else "node"
    guess = nearest(name, (*workflow.tasks, *document.flow.commands)) if name else None
    harmless = workflow.orquesta and task.name.text not in document.flow.reachable
    if not workflow.orquesta and ("{{" in name or "{%" in name):
        return CHECK.problem(
            f"`{name}` is taken as the name of a {noun}: expressions are not evaluated here",
            target.span,
            target.path,
            help=f"Name the {noun} to go to.",
            severity=Severity.WARNING,
        )
    message = f"{noun} `{name}` is not defined" if name else f"the name of a {noun} is missing here"
    return CHECK.problem(
        message + (f"; did you mean `{guess}`?" if guess else ""),
        target.span,
        target.path,
        help=_help(workflow, name),
        fix=Fix(f"Change to `{guess}`", (Edit(target.span, guess),), safe=False) if guess else None,
        severity=Severity.WARNING if harmless else None,
    )


def _help(workflow: Workflow, name: str) -> str:
    words = name.replace(",", " ").split()
    if len(words) > 1 and all(word in workflow.tasks for word in words):
        return "Give each task an item of its own in a list: [" + ", ".join(words) + "]."
    if not workflow.orquesta:
        return "Define a node with this name, or correct the name."
    return "Define it under `tasks`, or correct the name."


CHECK = Check(
    "undefined-task",
    Severity.ERROR,
    "A transition leads to a task that does not exist.",
    run,
)
