"""Which mock an action execution gets: `get_mock_action_execution` of `orquesta/rehearsing.py`.

The mocks of a task are used up in the order of the case, each as often as it says. One with a position
in the sequence is for that run alone; as long as it is the first that is left, runs at other positions
get the default. `route`, which Orquesta reads and never looks at, and `action` are ours: mocks of the
task come before mocks of its action.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from typing import Any

from st2runtime.rehearsal.case import Mock


class Mocks:
    """The mocks of one rehearsal, and how often each may still be used."""

    def __init__(self, mocks: Iterable[Mock]) -> None:
        self._lines: dict[tuple[str, str], _Line] = {}
        for mock in mocks:
            kind = ("action", mock.action or "") if mock.task is None else ("task", mock.task)
            self._lines.setdefault(kind, _Line()).add(mock)

    def take(
        self,
        task: str,
        action: str | None,
        seq: int,
        route: int,
        items: Collection[int | None] | None,
    ) -> Mock | None:
        """The mock for a run, which is used up by it; None means the default: success, no result.

        `seq` is the position of the run in the sequence. `items` are the items that may run now, None
        for a task without items: the mock is for one of them, or for any.
        """
        for kind in (("task", task), ("action", action or "")):
            line = self._lines.get(kind)
            mock = line.take(seq, route, items) if line else None
            if mock is not None:
                return mock
        return None


class _Line:
    """The mocks that wait for the runs of one task or of one action."""

    def __init__(self) -> None:
        self.waiting: deque[list[Any]] = deque()
        self.by_position = False

    def add(self, mock: Mock) -> None:
        self.waiting.append([mock, mock.times])
        self.by_position |= mock.seq is not None

    def take(self, seq: int, route: int, items: Collection[int | None] | None) -> Mock | None:
        while self.waiting and self.waiting[0][1] < 1:
            self.waiting.popleft()
        chosen = None
        for entry in self.waiting:
            mock, left = entry
            if left < 1 or not _fits(mock, route, items):
                continue
            if mock.seq == seq:
                chosen = entry
                break
            if chosen is None:
                chosen = entry
            if not self.by_position:
                break
        if chosen is None or chosen[0].seq not in (None, seq):
            return None
        chosen[1] -= 1
        found: Mock = chosen[0]
        return found


def _fits(mock: Mock, route: int, items: Collection[int | None] | None) -> bool:
    return mock.route in (None, route) and (
        items is None or mock.item is None or mock.item in items
    )
