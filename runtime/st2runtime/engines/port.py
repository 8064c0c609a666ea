"""All that an execution needs of the world: what an engine implements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from st2runtime.requests import (
    CancelAction,
    Complete,
    PauseAction,
    ResumeAction,
    RunAction,
    Wait,
)

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution

Control = CancelAction | PauseAction | ResumeAction


class Port(Protocol):
    """The world around executions. Nothing here waits: what happens comes back as events.

    Every call is made while an event is dispatched; the answers go through `execution.dispatch`, at any
    time, also from within the call.
    """

    def run_action(self, execution: Execution, request: RunAction) -> bool:
        """Start an action; answer with `ActionRunning` and in the end `ActionEnded`.

        False when it cannot be started: the answer is `ActionRefused` then.
        """

    def wait(self, execution: Execution, request: Wait) -> None:
        """Answer with `TimerFired` when the time is over."""

    def control(self, execution: Execution, request: Control) -> None:
        """Cancel, pause or resume a running action, if it can be: sub-workflows can."""

    def complete(self, execution: Execution, request: Complete) -> None:
        """The execution has ended, or rests."""

    def carried_out(self, execution: Execution) -> None:
        """All that was asked for so far has been handed over: a look at whether anything will happen."""
