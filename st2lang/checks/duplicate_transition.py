"""Two transitions of a task lead to the same task under the same condition.

Both fire, and the target runs twice: a task that is reached twice and has no `join` is started once for
each arrival. That is rarely meant; usually one of the two was copied and should have been changed.

When the target has a `join`, it runs once, and the two transitions could be one: that is an info. A name
that stands twice in the same `do` counts once.

## Bad

```yaml
version: 1.0
tasks:
  order_pizza:
    action: core.echo message="one margherita"
    next:
      - when: <% succeeded() %>
        publish:
          - ordered: true
        do: eat
      - when: <% succeeded() %>
        publish:
          - hungry: false
        do: eat
  eat:
    action: core.echo message="<% ctx().ordered %>, <% ctx().hungry %>"
```

```yaml
version: 1.0
tasks:
  order_pizza:
    action: core.echo message="one margherita"
    next:
      - when: <% succeeded() %>
        do: eat, pay, eat
  pay:
    action: core.echo message="paying"
  eat:
    action: core.echo message="eating"
```

## Good

```yaml
version: 1.0
tasks:
  order_pizza:
    action: core.echo message="one margherita"
    next:
      - when: <% succeeded() %>
        publish:
          - ordered: true
          - hungry: false
        do: eat
      - when: <% failed() %>
        publish:
          - ordered: false
          - hungry: true
        do: eat
  eat:
    action: core.echo message="<% ctx().ordered %>, <% ctx().hungry %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.dialects.model import Name, Task, Transition
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity
from st2lang.yaml import Scalar


def run(document: Document) -> Iterator[Problem]:
    """Second transitions with the same condition and target; second names in one `do`."""
    if document.workflow is None:
        return
    for task in document.workflow.tasks.values():
        seen: dict[tuple[str, str], tuple[Transition, Name]] = {}
        for transition in task.transitions:
            condition = _condition(transition)
            if condition is None:
                continue
            for target in transition.targets:
                first = seen.setdefault((condition, target.text), (transition, target))
                if first[1] is not target and target.text in document.workflow.tasks:
                    yield from _problem(document, task, transition, target, first)


def _condition(transition: Transition) -> str | None:
    """The text of the condition, with spaces evened out; None when it is no text."""
    if transition.when is None:
        return ""
    node = transition.when.node
    return " ".join(node.value.split()) if isinstance(node, Scalar) else None


def _problem(
    document: Document,
    task: Task,
    transition: Transition,
    target: Name,
    first: tuple[Transition, Name],
) -> Iterator[Problem]:
    name = target.text
    severity = None
    if transition is not first[0]:
        message = (
            f"a second transition of `{task.name.text}` leads to `{name}` under the same condition"
        )
        help = "Merge them into one transition, or correct the condition or the target."
        if document.flow.workflow.tasks[name].join is None:
            message += f": `{name}` would run twice"
        else:
            severity = Severity.INFO
    elif target.path == first[1].path:
        message, help = f"`{name}` is named twice in the same `do`", "Remove one of them."
    else:  # the items of a list must differ: `invalid-value` tells about it
        return
    yield CHECK.problem(
        message,
        target.span,
        target.path,
        help=help,
        related=(Related("first named here", first[1].span),),
        severity=severity,
    )


CHECK = Check(
    "duplicate-transition",
    Severity.WARNING,
    "Two transitions of a task lead to the same task under the same condition.",
    run,
    ("orquesta",),
)
