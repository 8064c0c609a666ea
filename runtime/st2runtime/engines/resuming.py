"""Goes on with a run that its log tells of: after a crash, a pause, an answer, or for a rerun.

What has ended stays as it is. What was under way is begun again, with the same ids and keys; what had been
decided and not passed on between a workflow and its sub-workflows is passed on.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from st2runtime.conductor import InvalidEvent
from st2runtime.engines.execution import Execution
from st2runtime.engines.stand_ins import Mocked
from st2runtime.events import ActionEnded, ActionPaused
from st2runtime.outside import Noting
from st2runtime.requests import RunAction

if TYPE_CHECKING:
    from st2runtime.engines.local import LocalEngine
    from st2runtime.engines.mail import Mailbox
    from st2runtime.engines.prepare import Prepared
    from st2runtime.engines.steps import Step
    from st2runtime.journal.fold import Replayed

_RESTS = ("pausing", "paused")
_ENDS = ("canceling", "canceled", "succeeded", "failed", "timeout", "abandoned")


async def go_on(mailbox: Mailbox, run: Replayed, prepared: Prepared | None) -> Step:
    """Go on with a run until it has ended, or rests; gives its step.

    `prepared` is the action that was asked for, where it is no workflow. Raises as `LocalEngine.run` does.
    """
    engine, writer, main = mailbox.engine, mailbox.writer, run.main
    if main is None:
        assert prepared is not None
        writer.took_up([], None, "running")
        return await engine.go_on(run.root, prepared)
    writer.took_up(run.executions, main, run.status)
    resumption = Resumption(engine, run)
    resumption.adopt()
    mailbox.deliver()
    resumption.begin()
    if main.completed is not None:  # it has ended, or rests, and nobody wants anything else
        engine.jobs.settle()
    engine.carried_out(main)
    return await engine.settled()


class Resumption:
    """A run on its way from a log into an engine."""

    def __init__(self, engine: LocalEngine, run: Replayed) -> None:
        self.engine, self.run = engine, run
        self._children: dict[tuple[Execution, str], Execution] = {}
        for number, execution in enumerate(run.executions):
            if execution.parent is not None:
                self._children[execution.parent, run.begins[number].request] = execution

    def adopt(self) -> None:
        """Let the engine know all there is; nothing begins yet."""
        engine, run = self.engine, self.run
        engine.root, engine.execution = run.root, run.main
        for number, execution in enumerate(run.executions):
            execution.port, execution.journal = engine, engine.options.journal
            noting = execution.noter
            assert isinstance(noting, Noting)
            noting.world = engine.desk.world(execution.graph)
            for name in execution.running:
                key = (execution.step.id, name)
                child = self._children.get((execution, name))
                if child is not None and not child.step.over:
                    engine.children[key] = child
                elif (number, name) in run.resting:
                    engine.resting[key] = run.steps[number, name]
        if isinstance(engine.options.stand_ins, Mocked):
            engine.options.stand_ins.took_up(run.root)
        for step in run.root.walk():
            engine.watcher.began(step)
            engine.watcher.changed(step)

    def begin(self) -> None:
        """Begin what is under way, set the timers that have not fired, pass on what has been decided."""
        for number, execution in enumerate(self.run.executions):
            for wait in tuple(execution.waiting.values()):
                waited = self.run.waits.get((number, wait.id))
                if waited is not None:  # else it is asked for only now, and set when that is kept
                    self.engine.set_timer(execution, wait.id, waited.left(time.time()))
            self._deadlines(number, execution)
            for request in tuple(execution.running.values()):
                self._go_on(number, execution, request)

    def _deadlines(self, number: int, execution: Execution) -> None:
        """The inquiries that nobody has answered are over when they would have been."""
        for name in tuple(execution.running):
            step = self.engine.resting.get((execution.step.id, name))
            deadline = self.run.deadlines.get((number, name))
            if step is not None and deadline is not None:
                self.engine.deadlines.set(execution, step, deadline.left(time.time()))

    def _go_on(self, number: int, execution: Execution, request: RunAction) -> None:
        flight = execution.conductor.flight(request.id)
        step = self.run.steps.get((number, request.id))
        if flight is None or step is None:
            return
        child = self._children.get((execution, request.id))
        if child is not None:
            self._reconcile(execution, child, flight.phase, flight.stopped)
        elif flight.stopped:
            self.engine.resting.pop((execution.step.id, request.id), None)
            self.engine.withdraw(execution, step)
        elif (number, request.id) not in self.run.resting:
            self.engine.begin(execution, request, step)

    def _reconcile(self, execution: Execution, child: Execution, phase: str, stopped: bool) -> None:
        """What one of a workflow and its sub-workflow knows, and the other does not."""
        status, step = child.conductor.status, child.step
        if step.over:
            execution.dispatch(ActionEnded(child.request, step.status, step.result))
            return
        rests = execution.conductor.status in _RESTS
        with suppress(InvalidEvent):
            if stopped and status not in _ENDS:
                child.cancel()
            elif status == "paused" and self.engine.rests_in_vain(child):
                child.resume()
            elif status == "paused" and phase != "paused":
                execution.dispatch(ActionPaused(child.request, status))
            elif rests and status not in (*_RESTS, *_ENDS):
                child.pause()
            elif not rests and status == "paused":
                child.resume()
        self.engine.carried_out(child)
