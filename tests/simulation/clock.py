"""Time that passes only when nothing else is left to do: a loop of asyncio over a clock that is set."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

WALL = 1_700_000_000.0
"""The time of day when a case begins."""


class Clock:
    """The time of a case in seconds, the time of day beside it, and the machine that has started.

    `jump` is by how much somebody has set the time of day, `machine` what names the time since the last start.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.jump = 0.0
        self.machine = 0

    def wall(self) -> float:
        """The time of day."""
        return WALL + self.now + self.jump

    def tick(self) -> float:
        """The clock that nobody sets."""
        return self.now

    def boot(self) -> str:
        """What names the time since the machine has started."""
        return f"machine {self.machine}"


class _Selector(selectors.SelectSelector):
    """Never waits: the clock goes on instead."""

    def __init__(self, clock: Clock, turn: Callable[[], None]) -> None:
        super().__init__()
        self.clock, self.turn = clock, turn

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "nothing will ever happen any more"
        self.turn()
        self.clock.now += max(timeout, 0.0)
        return []


class Loop(asyncio.SelectorEventLoop):
    """A loop whose time is that of a clock. `turn` is called once in each of its turns, and may raise."""

    def __init__(self, clock: Clock, turn: Callable[[], None]) -> None:
        super().__init__(_Selector(clock, turn))
        self.clock = clock
        self.set_exception_handler(lambda loop, context: None)

    def time(self) -> float:
        return self.clock.now

    def drop(self) -> None:
        """End all that is still under way, and the loop."""
        self._selector.turn = lambda: None
        self.call_soon(self.stop)  # perhaps it was about to stop anyway
        self.run_forever()
        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        if tasks:
            self.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.close()
