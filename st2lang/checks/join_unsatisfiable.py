"""A join waits for more branches than can ever arrive.

The task never runs. When the other branches have arrived and nothing else is left to do, Orquesta fails
the workflow, as the join can no longer be satisfied.

Reported when it is certain:

- `join: 3` on a task that only two tasks lead to;
- branches that exclude each other, because one needs a task to succeed and the other needs the same
  task to fail;
- a branch that comes back from behind the join, so that it cannot arrive before the join has passed;
- a branch whose condition is never true.

Where a condition depends on data, the branch is taken to be possible. If either of two branches is
enough, drop the `join`, or write `join: 1`.

## Bad

```yaml
version: 1.0
tasks:
  deploy:
    action: core.local cmd="make deploy"
    next:
      - when: <% succeeded() %>
        do: celebrate
      - when: <% failed() %>
        do: roll_back
  celebrate:
    action: core.echo message="it works"
    next:
      - do: report
  roll_back:
    action: core.local cmd="make undeploy"
    next:
      - do: report
  report:
    join: all
    action: core.echo message="done"
```

```yaml
version: 1.0
tasks:
  left:
    action: core.echo message="left"
    next:
      - do: meet
  right:
    action: core.echo message="right"
    next:
      - do: meet
  meet:
    join: 3
    action: core.echo message="here we are"
```

## Good

```yaml
version: 1.0
tasks:
  deploy:
    action: core.local cmd="make deploy"
    next:
      - when: <% succeeded() %>
        do: celebrate
      - when: <% failed() %>
        do: roll_back
  celebrate:
    action: core.echo message="it works"
    next:
      - do: report
  roll_back:
    action: core.local cmd="make undeploy"
    next:
      - do: report
  report:
    action: core.echo message="done"
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from st2lang.checks import Check
from st2lang.checks._needs import Need, Needs
from st2lang.conditions import fires
from st2lang.dialects.model import Join, Task
from st2lang.document import Document
from st2lang.flow import Flow
from st2lang.problem import Problem, Related, Severity
from st2lang.suggest import listing


def run(document: Document) -> Iterator[Problem]:
    """The joins that cannot be complete."""
    workflow = document.workflow
    if workflow is None:
        return
    flow = document.flow
    joins = [t for n, t in workflow.tasks.items() if t.join is not None and n in flow.reachable]
    if not joins:
        return
    needs = Needs(flow)
    for task in joins:
        if task.join is not None and flow.into[task.name.text]:
            yield from _problems(flow, task, task.join, needs)


def _problems(flow: Flow, task: Task, join: Join, needs: Needs) -> Iterator[Problem]:
    branches = needs.branches(task.name.text)
    spare = 0 if join.count is None else len(branches) - join.count
    if spare < 0:
        yield _too_many(flow, task, join, list(branches))
        return
    alive = {source: need for source, need in branches.items() if need is not None}
    dead = [source for source in branches if source not in alive]
    behind = _behind(flow, task.name.text, branches)
    if len(dead) > spare:
        yield _never(flow, task, join, dead)
    elif len(behind) > spare:
        yield _comes_back(flow, task, join, behind)
    else:
        divided = needs.divider(alive.values())
        if divided is not None and divided[1] + len(dead) > spare:
            yield _excluded(flow, task, join, divided[0], needs.bit(divided[0]), alive)


def _behind(flow: Flow, name: str, sources: Iterable[str]) -> list[str]:
    """The sources that can only be reached through the join itself: they are in a loop with it, and
    no other way into the loop leads to them."""
    if name not in flow.cyclic:
        return []
    loop = flow.component[name]
    inside = [source for source in sources if flow.component[source] == loop]
    reached = set(_entries(flow, loop)) - {name}
    work = list(reached)
    while work:
        for edge in flow.out[work.pop()]:
            if edge.to != name and edge.to not in reached and flow.component[edge.to] == loop:
                reached.add(edge.to)
                work.append(edge.to)
    return [source for source in inside if source not in reached]


def _entries(flow: Flow, loop: int) -> Iterator[str]:
    """The tasks of a loop that something outside leads to."""
    for name in flow.cyclic:
        if flow.component[name] == loop and any(
            flow.component[source] != loop and source in flow.reachable
            for source in flow.inbound_tasks(name)
        ):
            yield name


def _too_many(flow: Flow, task: Task, join: Join, sources: list[str]) -> Problem:
    lead = "task leads" if len(sources) == 1 else "tasks lead"
    return CHECK.problem(
        f"the join `{task.name.text}` waits for {join.count} tasks, but only {len(sources)} {lead} to it",
        join.span,
        join.path,
        help=f"Write `join: all` to wait for {listing(sources, 'and')}.",
        related=_names(flow, sources, "leads here"),
    )


def _never(flow: Flow, task: Task, join: Join, dead: list[str]) -> Problem:
    edges = [edge for edge in flow.into[task.name.text] if edge.source in dead]
    conditions = (Related("this condition is never true", e.transition.span) for e in edges[:5])
    return CHECK.problem(
        f"the join `{task.name.text}` is never complete: {listing(dead, 'and')} never"
        f" {'leads' if len(dead) == 1 else 'lead'} to it",
        join.span,
        join.path,
        help="Correct the condition, or remove the transition.",
        related=tuple(conditions),
    )


def _comes_back(flow: Flow, task: Task, join: Join, behind: list[str]) -> Problem:
    name = task.name.text
    runs = "runs" if len(behind) == 1 else "run"
    return CHECK.problem(
        f"the join `{name}` is never complete: it waits for {listing(behind, 'and')},"
        f" which only {runs} after it",
        join.span,
        join.path,
        help="Let the loop lead back to a task behind the join, or wait for fewer tasks.",
        related=_names(flow, behind, f"only runs after `{name}`"),
    )


def _excluded(
    flow: Flow, task: Task, join: Join, divider: str, bit: int, branches: dict[str, Need]
) -> Problem:
    good = next(source for source, need in branches.items() if need.success & bit)
    bad = next(source for source, need in branches.items() if need.failure & bit)
    when = " and ".join(
        f"`{source}` leads here only if it {outcome}"
        if source == divider
        else f"`{source}` runs only if `{divider}` {outcome}"
        for source, outcome in ((good, "succeeds"), (bad, "fails"))
    )
    return CHECK.problem(
        f"the join `{task.name.text}` is never complete: {when}",
        join.span,
        join.path,
        help="If one of the branches is enough, drop the `join`, or write `join: 1`.",
        related=_decisions(flow, divider),
    )


def _decisions(flow: Flow, divider: str) -> tuple[Related, ...]:
    """The transitions of a task that depend on its outcome."""
    related = []
    for transition in flow.workflow.tasks[divider].transitions:
        for success, word in ((True, "succeeds"), (False, "fails")):
            if fires(transition, not success) is False and fires(transition, success) is not False:
                related.append(Related(f"taken only if `{divider}` {word}", transition.span))
    return tuple(related[:6])


def _names(flow: Flow, names: list[str], message: str) -> tuple[Related, ...]:
    return tuple(Related(message, flow.workflow.tasks[name].name.span) for name in names[:5])


CHECK = Check(
    "join-unsatisfiable",
    Severity.WARNING,
    "A join waits for more branches than can ever arrive.",
    run,
    ("orquesta",),
)
