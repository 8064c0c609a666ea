"""Stops a run at a task: what it would begin with is noted, and the run is cancelled there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from st2runtime.runners.base import Outcome

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution
    from st2runtime.engines.options import StandIns
    from st2runtime.engines.prepare import Prepared
    from st2runtime.engines.steps import Step


class Until:
    """Stands before everything that is to run in the workflow until `task` is; others stand in meanwhile.

    `reached` is what the action of the task would be and be given; None before that.
    """

    def __init__(self, task: str, others: StandIns | None) -> None:
        self.task, self._others = task, others
        self.reached: dict[str, Any] | None = None

    def before(self, step: Step, execution: Execution | None) -> Outcome | None:
        """The end of the run where the task is to begin, else what others say."""
        if execution is not None and execution.parent is None and step.task == self.task:
            if self.reached is None:
                self.reached = {
                    "action": step.action,
                    "input": dict(step.input),
                    "item": step.item,
                }
                execution.cancel()
            return Outcome("canceled")
        return self._others.before(step, execution) if self._others is not None else None

    def instead(self, step: Step, prepared: Prepared) -> Outcome | None:
        """What others say."""
        return self._others.instead(step, prepared) if self._others is not None else None
