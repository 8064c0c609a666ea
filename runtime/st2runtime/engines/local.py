"""The engine in one process: actions run concurrently on asyncio, waits are its timers.

Sub-workflows are executions of their own; only what really runs takes one of the places that
`concurrency` gives, so that nested workflows cannot wait for each other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from st2runtime.actions.errors import ActionError, UnknownActionError
from st2runtime.conducting.values import plain
from st2runtime.engines import contexts, results
from st2runtime.engines.acting import Actions
from st2runtime.engines.deadlines import Deadlines, allowed
from st2runtime.engines.execution import NOTHING, Execution
from st2runtime.engines.jobs import Jobs, Key, key_of
from st2runtime.engines.options import DEPTH, Options, Serve
from st2runtime.engines.port import Control
from st2runtime.engines.prepare import Desk, Prepared
from st2runtime.engines.steps import FINAL, Silent, Step, Watcher, step_of
from st2runtime.events import (
    ActionEnded,
    ActionPaused,
    ActionRefused,
    ActionRunning,
    TimerFired,
)
from st2runtime.requests import CancelAction, Complete, PauseAction, RunAction, Wait
from st2runtime.runners.base import Outcome

_MOMENT = 0.1
"""After how many seconds is kept what nothing waits for."""


class LocalEngine:
    """Runs one action or workflow, here. Made inside of a running event loop.

    `desk` makes requests ready to run, `serve` gives what is around a runner, `watcher` is told what happens.
    """

    def __init__(
        self,
        desk: Desk,
        serve: Serve,
        watcher: Watcher | None = None,
        options: Options | None = None,
    ) -> None:
        self.desk, self.serve = desk, serve
        self.watcher: Watcher = watcher or Silent()
        self.options = options or Options()
        self.root: Step | None = None
        self.execution: Execution | None = None
        self.jobs = Jobs()
        self._actions = Actions(self)
        self.children: dict[Key, Execution] = {}
        self.resting: dict[Key, Step] = {}
        self.deadlines = Deadlines(self)
        self._unwanted: set[Key] = set()
        self._killed = False

    # -- what is asked of the engine from outside ------------------------------------------------

    async def run(
        self, prepared: Prepared, given: Mapping[str, Any], execution_id: str = ""
    ) -> Step:
        """Run an action or workflow until it has ended, or rests; gives its step.

        `given` are the values as somebody has given them. Raises what is a bug, and `JournalError`: whatever
        goes wrong with an action is in the steps.
        """
        ref, own = prepared.runnable.ref, execution_id or contexts.new_id()
        step = self.root = Step(ref, execution=own, action=ref, given=given)
        self._take(step, prepared)
        self.watcher.began(step)
        self._start(step, prepared, None)
        return await self.settled()

    async def go_on(self, step: Step, prepared: Prepared) -> Step:
        """Begin an action again that is no workflow, and that nobody but the user asked for."""
        self.root = step
        self._take(step, prepared)
        self.watcher.began(step)
        self._actions.queue(step, prepared)
        return await self.settled()

    async def settled(self) -> Step:
        """Wait until the run has ended, or rests until somebody resumes it."""
        await self.jobs.wait()
        while self._goes_on():  # somebody has resumed it in the moment since then
            self.jobs.unsettle()
            await self.jobs.wait()
        assert self.root is not None
        return self.root

    def _goes_on(self) -> bool:
        execution = self.execution
        if execution is None:
            return False
        if not (execution.completed or execution.stalled):
            return True
        if execution.conductor.status in FINAL:
            return False
        keeping = any(child.keeping for child in self.children.values())
        return keeping or (self.options.stays and self.deadlines.open)

    def pause(self) -> None:
        """Let what runs finish and start nothing new. An action that is no workflow takes no notice."""
        if self.execution is not None:
            self.execution.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self.execution is not None:
            self.jobs.unsettle()
            self.execution.resume()

    def cancel(self, about: Mapping[str, Any] = NOTHING) -> bool:
        """As StackStorm cancels: a workflow starts nothing new and ends when what runs has ended.

        An action that is no workflow is ended. A workflow that has failed already takes no notice. Gives
        whether the workflow has taken it, and with it `about`, which is kept.
        """
        execution = self.execution
        if execution is None:
            self.kill()
            return False
        return _unless_over(lambda: execution.cancel(about))

    def kill(self) -> None:
        """End at once: all processes are ended, all waits are over, nothing starts any more."""
        self._killed = True
        for execution in (self.execution, *self.children.values()):
            if execution is not None:
                _unless_over(execution.cancel)
        self.jobs.hurry()
        for task in tuple(self.jobs.tasks.values()):
            task.cancel()

    def answer(
        self,
        execution: Execution,
        step: Step,
        result: Any,
        about: Mapping[str, Any],
        status: str = "succeeded",
    ) -> None:
        """End an action that waits for somebody; `result` is what it gives."""
        del self.resting[key_of(step)]
        self._end(step, status, result)
        execution.dispatch(ActionEnded(step.request, step.status, step.result), about)

    def withdraw(self, execution: Execution, step: Step) -> None:
        """End an action that is not wanted any more, and does not run."""
        self._actions.at_once(execution, step, Outcome("canceled"))

    def soon(self, call: Callable[[], None], urgent: bool) -> None:
        """Have something called in the next turn of the loop, or within a moment; what it raises ends the run."""
        if urgent:
            self.jobs.later(call)
        else:
            asyncio.get_running_loop().call_later(_MOMENT, self.jobs.later, call)

    @property
    def active(self) -> int:
        """How many actions run now, those that wait for a place not counted."""
        return self._actions.active

    # -- the port: what executions ask for -------------------------------------------------------

    def run_action(self, execution: Execution, request: RunAction) -> bool:
        """Start an action of a workflow; False when it cannot be started."""
        step = step_of(execution, request)
        self.watcher.began(step)
        return self.begin(execution, request, step)

    def begin(self, execution: Execution, request: RunAction, step: Step) -> bool:
        """Start what a step stands for; False when it cannot be started."""
        stand_ins = self.options.stand_ins
        outcome = stand_ins.before(step, execution) if stand_ins else None
        if self._killed:
            outcome = Outcome("canceled")
        if outcome is not None:
            self._actions.at_once(execution, step, outcome)
            return True
        try:
            prepared = self.desk.task(execution, request)
            self._take(step, prepared)
            if execution.depth >= DEPTH and prepared.runnable.is_workflow:
                raise ActionError(f"workflows are nested more than {DEPTH} deep: one runs itself")
        except ActionError as error:
            return self._refuse(execution, step, error)
        self._start(step, prepared, execution)
        return True

    def wait(self, execution: Execution, request: Wait) -> None:
        """Set a timer."""
        self.set_timer(execution, request.id, request.seconds)

    def set_timer(self, execution: Execution, name: str, seconds: float) -> None:
        """Have the timer of a wait fire after a time."""

        def fire() -> None:
            if name in execution.waiting:
                execution.dispatch(TimerFired(name))

        patient = max(0.0, seconds * self.options.patience)
        self.jobs.timer((execution.step.id, f"wait {name}"), patient, fire)

    def control(self, execution: Execution, request: Control) -> None:
        """Pass on to a sub-workflow what its parent wants; an action that has not begun never begins."""
        key = (execution.step.id, request.id)
        child = self.children.get(key)
        match request:
            case CancelAction() if child is not None:
                _unless_over(child.cancel)
            case CancelAction() if key in self.resting:
                self.finish(execution, self.resting.pop(key), Outcome("canceled"))
            case CancelAction():
                self._unwanted.add(key)
                self._actions.stop(key)
            case PauseAction() if child is not None:
                _unless_over(child.pause)
            case _ if child is not None:
                _unless_over(child.resume)

    def complete(self, execution: Execution, request: Complete) -> None:
        """An execution has ended, or rests."""
        step, parent = execution.step, execution.parent
        if request.status == "paused" and self.rests_in_vain(execution):
            execution.resume()
            return
        step.output, step.errors = request.output, request.errors
        self._end(step, request.status, results.of_workflow(execution, request))
        if parent is None:
            self.jobs.settle()
        elif step.over:
            self.children.pop((parent.step.id, execution.request), None)
            parent.dispatch(ActionEnded(execution.request, step.status, step.result))
        else:
            parent.dispatch(ActionPaused(execution.request, step.status))

    def rests_in_vain(self, execution: Execution) -> bool:
        """Whether a sub-workflow is paused for a parent that goes on again already, and asks nobody."""
        parent = execution.parent
        if parent is None or parent.conductor.status in ("pausing", "paused"):
            return False
        return not any(execution.step in step.above() for step in self.resting.values())

    def carried_out(self, execution: Execution) -> None:
        """An execution in which nothing can happen any more is where a run ends."""
        if execution.wakes and execution.parent is not None:
            execution.parent.dispatch(ActionRunning(execution.request))
        main = self.execution
        if main is not None and main.completed is not None and not self._goes_on():
            self.jobs.settle()
        if not execution.stalled:
            return
        step = execution.step
        if execution.parent is None:
            step.status = execution.conductor.status
            self.jobs.settle()
        elif not step.over:
            message = f"nothing more can happen in it, and it is {execution.conductor.status}"
            outcome = Outcome("failed", results.failure(message))
            self.finish(execution.parent, step, outcome, message)

    # -- steps from their beginning to their end -------------------------------------------------

    def _take(self, step: Step, prepared: Prepared) -> None:
        step.action, step.runner = prepared.runnable.ref, prepared.runnable.runner
        step.parameters = prepared.parameters

    def _start(self, step: Step, prepared: Prepared, execution: Execution | None) -> None:
        stand_ins = self.options.stand_ins
        outcome = stand_ins.instead(step, prepared) if stand_ins else None
        if outcome is not None:
            self._actions.at_once(execution, step, outcome)
        elif prepared.runnable.is_workflow:
            self.jobs.later(self._start_workflow, step, prepared, execution)
        elif execution is None:
            self.options.journal.began(
                step, prepared, None, lambda: self._actions.queue(step, prepared)
            )
        else:
            self._actions.queue(step, prepared, execution)

    def _start_workflow(self, step: Step, prepared: Prepared, parent: Execution | None) -> None:
        from st2runtime.conductor import Conductor

        self.running(step, parent)
        try:
            graph = self.desk.graph(prepared.runnable)
            around = self.desk.surroundings(prepared, step)
        except results.RefusedError as refused:
            if parent is None:
                self.options.journal.began(step, prepared, None, _nothing)
            self.finish(parent, step, Outcome("failed", refused.result), str(refused))
            return
        step.graph = graph
        journal = self.options.journal
        world, noter = journal.world(self.desk.world(graph))
        execution = Execution(
            Conductor(graph, world),
            self,
            step,
            prepared.context,
            parent=parent,
            journal=journal,
            noter=noter,
        )
        step.runs = execution.conductor.sequence
        if parent is None:
            self.execution = execution
        else:
            self.children[key_of(step)] = execution
        journal.began(step, prepared, execution, _nothing)
        execution.start(self.desk.inputs(prepared, step.input), around)

    def _refuse(self, execution: Execution, step: Step, error: ActionError) -> bool:
        """An action that cannot be started: StackStorm fails the workflow there and then.

        A chain takes its `on-failure` path unless it does not even know the action. Gives whether the
        execution can go on.
        """
        message = f"{error.kind}: {error}"
        outcome = Outcome("failed", results.failure(message))
        if not execution.graph.orquesta and not isinstance(error, UnknownActionError):
            self._actions.at_once(execution, step, outcome)
            return True
        step.error = str(error)
        self._end(step, outcome.status, outcome.result)
        execution.dispatch(ActionRefused(step.request, message), {"error": step.error})
        return False

    def finish(
        self, execution: Execution | None, step: Step, outcome: Outcome, error: str = ""
    ) -> None:
        """A step has ended, or rests: its execution hears of it (None: it is the whole run)."""
        step.error = error
        if outcome.status not in FINAL and key_of(step) in self._unwanted:
            outcome = Outcome("canceled")
        self._end(step, outcome.status, outcome.result)
        about: dict[str, Any] = {"error": step.error} if step.error else {}
        about |= {} if step.mock is None else {"mock": step.mock}
        if execution is None:
            self.options.journal.ended(step, self.jobs.settle)
        elif step.over:
            about |= {"note": step.note} if step.note else {}
            execution.dispatch(ActionEnded(step.request, step.status, step.result), about)
        else:
            self.resting[key_of(step)] = step
            about |= {"result": step.result, "action": step.action}
            execution.dispatch(ActionPaused(step.request, outcome.status), about)
            seconds = allowed(step.result)
            if seconds:
                self.deadlines.set(execution, step, seconds)

    def running(self, step: Step, execution: Execution | None) -> None:
        """A step has begun to run."""
        step.status, step.started, step.began = "running", time.monotonic(), time.time()
        self.watcher.changed(step)
        if execution is not None:
            execution.dispatch(ActionRunning(step.request))

    def _end(self, step: Step, status: str, result: Any) -> None:
        step.status, step.result = status, plain(result)
        if status in FINAL:
            step.ended, step.finished = time.monotonic(), time.time()
        self.watcher.changed(step)


def _nothing() -> None:
    """For what needs nothing to follow."""


def _unless_over(want: Callable[[], None]) -> bool:
    """Have an execution do something unless it does so already, or has ended while some of it still runs."""
    from st2runtime.conductor import InvalidEvent

    try:
        want()
    except InvalidEvent:
        return False
    return True
