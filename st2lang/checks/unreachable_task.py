"""Nothing ever leads to a task: it never runs.

An Orquesta workflow starts with the tasks that no other task leads to. A task can therefore only be
unreachable when it is part of a loop that nothing leads into, or comes after such a loop. A chain starts
with one node, its `default`: every node that cannot be reached from there never runs.

Reported once for each unreachable part, at the task where it begins. Where a transition on the way names
a task that does not exist, nothing is reported: correcting the name will show what is unreachable.

## Bad

```yaml
version: 1.0
tasks:
  watch:
    action: core.local cmd="uptime"
  ask_again:
    action: core.echo message="still there?"
    next:
      - do: wait
  wait:
    action: core.noop
    next:
      - do: ask_again
```

```yaml
default: brew_coffee
chain:
  - name: grind_beans
    ref: core.echo
    parameters:
      message: hello
    on-success: brew_coffee
  - name: brew_coffee
    ref: core.echo
    parameters:
      message: hello
```

## Good

```yaml
version: 1.0
tasks:
  watch:
    action: core.local cmd="uptime"
    next:
      - when: <% succeeded() %>
        do: ask_again
  ask_again:
    action: core.echo message="still there?"
    next:
      - when: <% succeeded() %>
        do: wait
  wait:
    action: core.noop
    next:
      - do: ask_again
```

```yaml
default: grind_beans
chain:
  - name: grind_beans
    ref: core.echo
    parameters:
      message: hello
    on-success: brew_coffee
  - name: brew_coffee
    ref: core.echo
    parameters:
      message: hello
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.flow import Flow
from st2lang.problem import Problem, Related, Severity, Tag
from st2lang.suggest import listing


def run(document: Document) -> Iterator[Problem]:
    """The first task of every part that no start leads to."""
    workflow = document.workflow
    if workflow is None or not document.flow.starts or _leads_astray(document.flow):
        return
    flow = document.flow
    told: set[str] = set()
    for name in _heads(flow):
        part = [n for n in flow.walk([name]) if n not in flow.reachable and n not in told]
        told.update(part)
        if part:
            yield _problem(flow, name, part)


def _leads_astray(flow: Flow) -> bool:
    """True when a task that runs has a target that does not exist."""
    tasks = flow.workflow.tasks
    return any(
        target.text not in tasks and target.text not in flow.commands
        for name in flow.reachable
        for transition in tasks[name].transitions
        for target in transition.targets
    )


def _heads(flow: Flow) -> Iterator[str]:
    """The first task of every unreachable loop or task that nothing outside of it leads to."""
    entered = {
        flow.component[edge.to]
        for edges in flow.out.values()
        for edge in edges
        if flow.component[edge.source] != flow.component[edge.to]
    }
    seen: set[int] = set()
    for name in flow.workflow.tasks:
        number = flow.component[name]
        if (
            name not in flow.reachable
            and name not in flow.commands
            and number not in entered | seen
        ):
            seen.add(number)
            yield name


def _problem(flow: Flow, name: str, part: list[str]) -> Problem:
    workflow = flow.workflow
    task = workflow.tasks[name]
    others = [n for n in part if n != name]
    do = "does" if len(others) == 1 else "do"
    also = f"; neither {do} {listing(others, 'and')}, which it leads to" if others else ""
    if workflow.orquesta:
        reason = (
            "it is in a loop that nothing leads into" if name in flow.cyclic else "it is no start"
        )
        help = "Let a task outside the loop lead into it."
    else:
        reason = f"no way leads to it from `{flow.starts[0]}`, where the chain starts"
        help = "Let a node lead to it, make it the `default`, or remove it."
    start = workflow.tasks[flow.starts[0]].name.span
    return CHECK.problem(
        f"`{name}` never runs: {reason}{also}",
        task.name.span,
        task.path,
        help=help,
        related=() if workflow.orquesta else (Related("the chain starts here", start),),
        tags=(Tag.UNUSED,),
    )


CHECK = Check(
    "unreachable-task",
    Severity.WARNING,
    "Nothing ever leads to a task: it never runs.",
    run,
)
