"""What must have happened for a task to run: outcomes of earlier tasks that its ways in depend on.

`check succeeded` and `check failed` cannot both happen in one run of `check`. Where two branches into a
join need both, they can never both arrive. Only what is certain counts: tasks that may run more than
once need nothing and prove nothing, and conditions on data may go either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from st2lang.conditions import fires
from st2lang.flow import Edge, Flow


class Need(NamedTuple):
    """The tasks that have to succeed and those that have to fail, as bit masks (`Needs.bit`)."""

    success: int = 0
    failure: int = 0

    def both(self, other: Need) -> Need:
        """What is needed when both are."""
        return Need(self.success | other.success, self.failure | other.failure)

    def either(self, other: Need) -> Need:
        """What is needed in any case when one of them is."""
        return Need(self.success & other.success, self.failure & other.failure)


_NOTHING = Need()


class Needs:
    """The needs of all tasks of a workflow, gathered in one pass along the transitions."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._bits: dict[str, int] = {}
        self._once: set[str] = set()
        self._tasks: dict[str, Need] = {}
        for name in sorted(flow.reachable, key=lambda n: -flow.component[n]):
            self._visit(name)

    def bit(self, task: str) -> int:
        """The mask of one task."""
        return self._bits.setdefault(task, 1 << len(self._bits))

    def branches(self, name: str) -> dict[str, Need | None]:
        """The needs of every task that leads to this one; None for one whose transitions never fire."""
        found: dict[str, Need | None] = {}
        for edge in self._flow.into[name]:
            if edge.source in self._flow.reachable:
                need, known = self._of_edge(edge), found.get(edge.source)
                if known is not None:
                    need = known if need is None else known.either(need)
                found[edge.source] = need
        return found

    def divider(self, branches: Iterable[Need]) -> tuple[str, int] | None:
        """The task whose outcome divides the branches most evenly, and how many of them can at best
        not arrive; None when they do not exclude each other."""
        branches = tuple(branches)
        divided = _conflict(branches)
        if not divided:
            return None
        losses: dict[str, int] = {}
        names = list(self._bits)
        while divided:
            bit = divided & -divided
            divided ^= bit
            succeeding = sum(1 for need in branches if need.success & bit)
            failing = sum(1 for need in branches if need.failure & bit)
            losses[names[bit.bit_length() - 1]] = min(succeeding, failing)
        worst = max(losses, key=lambda task: losses[task])
        return worst, losses[worst]

    def _visit(self, name: str) -> None:
        flow, join = self._flow, self._flow.workflow.tasks[name].join
        counted = join is not None and join.count is not None
        waits = join is not None and not counted
        if (
            name not in flow.cyclic
            and all(source in self._once for source in flow.inbound_tasks(name))
            and (len(flow.into[name]) < 2 or waits)
        ):
            self._once.add(name)
        self._tasks[name] = _NOTHING if name in flow.cyclic or counted else self._into(name, waits)

    def _into(self, name: str, waits: bool) -> Need:
        """What all ways in have in common; for a join what any of them needs, if that is possible."""
        needs = [need for need in self.branches(name).values() if need is not None]
        if not needs or (waits and _conflict(needs)):
            return _NOTHING
        result = needs[0]
        for need in needs[1:]:
            result = result.both(need) if waits else result.either(need)
        return result

    def _of_edge(self, edge: Edge) -> Need | None:
        success, failure = fires(edge.transition, True), fires(edge.transition, False)
        if success is False and failure is False:
            return None
        need = self._tasks.get(edge.source, _NOTHING)
        if edge.source not in self._once:
            return need
        if failure is False:
            return Need(need.success | self.bit(edge.source), need.failure)
        if success is False:
            return Need(need.success, need.failure | self.bit(edge.source))
        return need


def _conflict(needs: Iterable[Need]) -> int:
    """The tasks that would have to both succeed and fail."""
    success = failure = 0
    for need in needs:
        success |= need.success
        failure |= need.failure
    return success & failure
