"""Inquiries that nobody answers are over `ttl` minutes after they were put, as StackStorm's garbage collector
has it (`st2common/garbage_collection/inquiries.py`): their status is `timeout`, their result stays.

The time is counted by a clock that nobody sets and that goes on while the machine sleeps.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2runtime.engines.jobs import key_of
from st2runtime.journal import holders

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution
    from st2runtime.engines.local import LocalEngine
    from st2runtime.engines.steps import Step

_LOOK = 60.0
"""After how many seconds the clock is looked at again at the latest: timers stand still in a machine that sleeps."""


def allowed(inquiry: Any) -> float:
    """How many seconds there are to answer an inquiry that rests with this result; 0 for no limit."""
    minutes = inquiry.get("ttl") if isinstance(inquiry, Mapping) else None
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        return 0.0
    return max(0.0, minutes * 60.0) if math.isfinite(minutes) else 0.0


class Deadlines:
    """The deadlines of the inquiries that an engine has at rest."""

    def __init__(self, engine: LocalEngine) -> None:
        self._engine = engine
        self._set: list[Step] = []

    @property
    def open(self) -> bool:
        """Whether one of them will wake the run."""
        return any(self._rests(step) for step in self._set)

    def set(self, execution: Execution, step: Step, seconds: float) -> None:
        """End an inquiry of an execution after a time, unless it is answered; at once when there is none left."""
        self._set.append(step)
        self._look(execution, step, holders.tick() + seconds)

    def _look(self, execution: Execution, step: Step, due: float) -> None:
        if not self._rests(step):
            self._set.remove(step)
            return
        left = due - holders.tick()
        if left > 0:
            look = self._engine.jobs.later
            loop = asyncio.get_running_loop()
            loop.call_later(min(left, _LOOK), look, self._look, execution, step, due)
            return
        self._set.remove(step)
        self._engine.jobs.unsettle()
        self._engine.answer(execution, step, step.result, {}, "timeout")

    def _rests(self, step: Step) -> bool:
        return self._engine.resting.get(key_of(step)) is step
