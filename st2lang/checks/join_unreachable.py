"""A join is ambiguous: it collects branches that run a different number of times.

A task that several transitions lead to, and that has no `join` of its own, runs once for each arrival;
everything behind it runs once for each arrival, too. Orquesta calls that a split. When a join waits for
a branch behind a split together with a branch that is not behind it, Orquesta cannot tell which runs
belong together, and refuses the workflow: “the join task is unreachable”.

Give the task where the ways meet a `join` if it is to run once; else let each way have a task of its
own, or join only branches that come from the same split.

The check follows Orquesta's definition. Tasks inside loops are never splits.

## Bad

```yaml
version: 1.0
tasks:
  check_disk:
    action: core.local cmd="df -h"
    next:
      - do: log
  check_memory:
    action: core.local cmd="free -m"
    next:
      - do: log, report
  log:
    action: core.echo message="checked"
    next:
      - do: report
  report:
    join: all
    action: core.echo message="all checked"
```

## Good

```yaml
version: 1.0
tasks:
  check_disk:
    action: core.local cmd="df -h"
    next:
      - do: log
  check_memory:
    action: core.local cmd="free -m"
    next:
      - do: log, report
  log:
    join: all
    action: core.echo message="checked"
    next:
      - do: report
  report:
    join: all
    action: core.echo message="all checked"
```
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.flow import Flow
from st2lang.problem import Problem, Related, Severity
from st2lang.suggest import listing


def run(document: Document) -> Iterator[Problem]:
    """The joins whose inbound tasks have different splits before them."""
    workflow = document.workflow
    if workflow is None or all(task.join is None for task in workflow.tasks.values()):
        return
    visits = _Visits(document.flow)
    for name, task in workflow.tasks.items():
        if task.join is None or name not in visits.splits:
            continue
        for source in visits.sources(name):
            differing = visits.splits[name] ^ visits.splits[source]
            if differing:
                yield _problem(document, name, source, visits.names(differing))
                break


class _Visits:
    """How Orquesta's inspection walks through a workflow, and the splits it meets on the way.

    It takes every way to a task outside of loops, but visits the tasks of a loop only when it first gets
    there (breadth first, targets by name), and so sees only some of the ways into a loop. The splits of
    a task are gathered as bit masks, so that the cost is linear in the number of transitions.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._splits = [name for name in flow.workflow.tasks if flow.is_split(name)]
        self._bit = {name: 1 << i for i, name in enumerate(self._splits)}
        self._level = _levels(flow)
        self._place = {name: i for i, name in enumerate(self._level)}
        first: dict[str, int] = {}
        for name, level in self._level.items():
            nearer = (s for s in flow.inbound_tasks(name) if self._level.get(s, level) < level)
            first[name] = self._union(name, first, nearer)
        self.splits = {n: self._union(n, first, self.sources(n)) for n in flow.cyclic if n in first}
        topological = sorted(self._level, key=lambda name: -flow.component[name])
        for name in topological:
            if name not in self.splits:
                self.splits[name] = self._union(name, self.splits, self.sources(name))

    def sources(self, name: str) -> list[str]:
        """The tasks from which the walk comes to a task."""
        found = [s for s in self._flow.inbound_tasks(name) if s in self._level]
        if name in self._flow.cyclic:
            return [s for s in found if self._place[s] < self._place[name]]
        return found

    def names(self, mask: int) -> list[str]:
        """The splits of a mask."""
        return [name for name in self._splits if mask & self._bit[name]]

    def _union(self, name: str, masks: dict[str, int], sources: Iterable[str]) -> int:
        result = self._bit.get(name, 0)
        for source in sources:
            result |= masks[source]
        return result


def _levels(flow: Flow) -> dict[str, int]:
    """How many transitions every reachable task is away from a start, in the order of the walk."""
    levels = dict.fromkeys(sorted(flow.starts), 0)
    queue = deque(levels)
    while queue:
        name = queue.popleft()
        for target in sorted(edge.to for edge in flow.out[name]):
            if target not in levels:
                levels[target] = levels[name] + 1
                queue.append(target)
    return levels


def _problem(document: Document, name: str, source: str, splits: list[str]) -> Problem:
    tasks = document.flow.workflow.tasks
    task = tasks[name]
    assert task.join is not None
    one = len(splits) == 1
    return CHECK.problem(
        f"the join `{name}` is ambiguous: not all of its branches come through"
        f" {listing(splits, 'and')}, which {'runs' if one else 'run'} once for each arrival",
        task.join.span,
        task.path,
        help=f"Give {listing(splits, 'and')} a `join`, or let each way in have a task of its own.",
        related=(
            *(_arrivals(document, split) for split in splits[:5]),
            Related(f"the branch through `{source}`", tasks[source].name.span),
        ),
    )


def _arrivals(document: Document, split: str) -> Related:
    sources = listing(document.flow.inbound_tasks(split), "and")
    return Related(f"{sources} lead here", document.flow.workflow.tasks[split].name.span)


CHECK = Check(
    "join-unreachable",
    Severity.ERROR,
    "A join is ambiguous: it collects branches that run a different number of times.",
    run,
    ("orquesta",),
)
