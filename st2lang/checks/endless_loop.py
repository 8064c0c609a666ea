"""A loop has no way out: once in it, the workflow never ends.

Every task of the loop leads on to another task of the loop, whether it succeeds or fails, and nothing
inside leads anywhere else. The execution runs until somebody cancels it.

Reported only when it is certain: as soon as one condition in the loop depends on data, one outcome of
one task has no transition (a failure then ends the workflow), or one transition leads out of the loop or
to `fail`, there is a way out. To repeat a task a number of times, `retry` is simpler than a loop.

## Bad

```yaml
version: 1.0
tasks:
  begin:
    next:
      - do: poll
  poll:
    action: core.local cmd="curl -f https://example.com/ready"
    next:
      - when: <% succeeded() %>
        do: wait
      - when: <% failed() %>
        do: wait
  wait:
    action: core.local cmd="sleep 10"
    next:
      - do: poll
```

## Good

```yaml
version: 1.0
tasks:
  begin:
    next:
      - do: poll
  poll:
    action: core.local cmd="curl -f https://example.com/ready"
    next:
      - when: <% succeeded() %>
        do: go_on
      - when: <% failed() %>
        do: wait
  wait:
    action: core.local cmd="sleep 10"
    next:
      - do: poll
  go_on:
    action: core.echo message="it is ready"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.conditions import fires
from st2lang.document import Document
from st2lang.flow import Flow
from st2lang.problem import Problem, Related, Severity
from st2lang.suggest import listing


def run(document: Document) -> Iterator[Problem]:
    """The loops that no outcome of any of their tasks leads out of."""
    if document.workflow is None:
        return
    flow = document.flow
    for loop in flow.cycles:
        if loop[0] in flow.reachable and all(_stays(flow, name, frozenset(loop)) for name in loop):
            yield _problem(flow, loop)


def _stays(flow: Flow, name: str, loop: frozenset[str]) -> bool:
    """True when a task of the loop always goes on inside it, and can go nowhere else."""
    task = flow.workflow.tasks[name]
    if task.join is not None:
        return False
    always = {True: False, False: False}
    for transition in task.transitions:
        inside = [target.text in loop for target in transition.targets]
        for outcome in (True, False):
            fired = fires(transition, outcome)
            if fired is not False and not all(inside):
                return False
            always[outcome] |= fired is True and bool(inside)
    return all(always.values())


def _problem(flow: Flow, loop: tuple[str, ...]) -> Problem:
    tasks = flow.workflow.tasks
    entry = next((n for n in loop if any(e.source not in loop for e in flow.into[n])), loop[0])
    message = (
        f"`{entry}` is in an endless loop: {listing(loop, 'and')} only lead to one another"
        if len(loop) > 1
        else f"`{entry}` is an endless loop: it always leads to itself"
    )
    back = next(edge for edge in flow.into[entry] if edge.source in loop)
    return CHECK.problem(
        message,
        tasks[entry].name.span,
        tasks[entry].path,
        help="Give one of the transitions a condition, and the loop a way out.",
        related=(Related(f"leads back to `{entry}`", back.target.span),),
    )


CHECK = Check(
    "endless-loop",
    Severity.WARNING,
    "A loop has no way out: once in it, the workflow never ends.",
    run,
)
