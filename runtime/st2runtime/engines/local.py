"""The engine in one process: actions run concurrently on asyncio, waits are its timers.

Sub-workflows are executions of their own; only what really runs takes one of the places that
`concurrency` gives, so that nested workflows cannot wait for each other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol

from st2lang.record import record, replace
from st2runtime.actions.errors import ActionError, UnknownActionError
from st2runtime.engines import contexts, results
from st2runtime.engines.execution import Execution, Journal
from st2runtime.engines.port import Control
from st2runtime.engines.prepare import Desk, Prepared
from st2runtime.engines.steps import FINAL, Silent, Step, Watcher
from st2runtime.events import (
    ActionEnded,
    ActionPaused,
    ActionRefused,
    ActionRunning,
    Event,
    TimerFired,
)
from st2runtime.requests import CancelAction, Complete, PauseAction, RunAction, Wait
from st2runtime.runners.base import Outcome, Services

CONCURRENCY = 32
"""How many actions run at a time."""
DEPTH = 50
"""How deep sub-workflows may be nested: what is deeper runs itself."""

_FREE = frozenset(("noop", "inquirer", "announcement"))
"""Runners that take no place: they do nothing, or wait for a person."""

Key = tuple[str, str]
"""The id of an execution's step, and of one of its requests."""


class StandIns(Protocol):
    """What is given in the place of results: mocks, and the guesses of a dry run."""

    def before(self, step: Step, execution: Execution | None) -> Outcome | None:
        """The outcome of an action that need not even be known; None to go on with it."""

    def instead(self, step: Step, prepared: Prepared) -> Outcome | None:
        """The outcome of an action that is ready to run; None to run it."""


Interpreter = Callable[[str, Callable[[str, str], None]], Awaitable[str]]
"""From the folder of a pack to its Python interpreter; what making it prints goes to the second argument."""


@record
class Options:
    """How a run is done.

    `patience` is what waiting times are multiplied with: 0 waits for nothing. `interpreter` makes the one that
    Python actions of a pack run with.
    """

    concurrency: int = CONCURRENCY
    patience: float = 1.0
    stand_ins: StandIns | None = None
    journal: Journal | None = None
    interpreter: Interpreter | None = None


Serve = Callable[[Step, Callable[[str, str], None]], Services]
"""What a runner is given around a step, and who hears the lines of its output."""


class LocalEngine:
    """Runs one action or workflow, here. Made inside of a running event loop.

    `desk` makes requests ready to run, `watcher` is told what happens.
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
        self._slots = asyncio.Semaphore(self.options.concurrency)
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._queued: set[Key] = set()
        self._children: dict[Key, Execution] = {}
        self._timers: dict[Key, asyncio.TimerHandle] = {}
        self._resting: dict[Key, Step] = {}
        self._settled = asyncio.Event()
        self._broken: BaseException | None = None
        self._killed = False

    # What is asked of the engine from outside.

    async def run(self, prepared: Prepared, given: Mapping[str, Any]) -> Step:
        """Run an action or workflow until it has ended, or rests; gives its step.

        `given` are the values that somebody has given, for workflows without metadata. Raises what is a
        bug: whatever goes wrong with an action is in the steps.
        """
        runnable = prepared.runnable
        step = self.root = Step(
            runnable.ref, execution=contexts.new_id(), action=runnable.ref, given=given
        )
        self._ready(step, prepared)
        self.watcher.began(step)
        self._start(step, prepared, None)
        return await self.settled()

    async def settled(self) -> Step:
        """Wait until the run has ended, or rests until somebody resumes it."""
        await self._settled.wait()
        if self._broken is not None:
            raise self._broken
        assert self.root is not None
        return self.root

    def pause(self) -> None:
        """Let what runs finish and start nothing new. An action that is no workflow takes no notice."""
        if self.execution is not None:
            self.execution.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self.execution is not None:
            self._settled.clear()
            self.execution.resume()

    def cancel(self) -> None:
        """As StackStorm cancels: a workflow starts nothing new and ends when what runs has ended.

        An action that is no workflow is ended.
        """
        if self.execution is None:
            self.kill()
        elif self.root is not None and not self.root.over:
            self.execution.cancel()

    def kill(self) -> None:
        """End at once: all processes are ended, all waits are over."""
        self._killed = True
        if self.execution is not None and self.root is not None and not self.root.over:
            self.execution.cancel()
        for key, timer in tuple(self._timers.items()):
            timer.cancel()
            del self._timers[key]
        for task in tuple(self._tasks.values()):
            task.cancel()

    @property
    def active(self) -> int:
        """How many actions run now, those that wait for a place not counted."""
        return len(self._tasks) - len(self._queued)

    # What executions ask for: the port.

    def run_action(self, execution: Execution, request: RunAction) -> bool:
        """Start an action of a workflow; False when it cannot be started."""
        task = execution.graph.tasks.get(request.task)
        step = Step(
            request.task,
            execution=contexts.new_id(),
            parent=execution.step,
            action=request.action or "",
            request=request.id,
            seq=execution.seq(request.task, request.route),
            route=request.route,
            item=request.item,
            attempt=request.attempt,
            given=request.input,
            place=task.place if task else None,
            source=execution.graph.source,
        )
        self.watcher.began(step)
        stand_ins = self.options.stand_ins
        outcome = stand_ins.before(step, execution) if stand_ins else None
        if outcome is not None:
            self._at_once(execution, step, outcome)
            return True
        try:
            prepared = self.desk.task(execution, request)
            self._ready(step, prepared)
            if execution.depth >= DEPTH and prepared.runnable.is_workflow:
                raise ActionError(f"workflows are nested more than {DEPTH} deep: one runs itself")
        except ActionError as error:
            return self._refuse(execution, step, error)
        self._start(step, prepared, execution)
        return True

    def wait(self, execution: Execution, request: Wait) -> None:
        """Set a timer."""
        key = (execution.step.id, request.id)

        def fire() -> None:
            self._timers.pop(key, None)
            if request.id in execution.waiting:
                self._tell(execution, TimerFired(request.id))

        seconds = max(0.0, request.seconds * self.options.patience)
        loop = asyncio.get_running_loop()
        self._timers[key] = loop.call_later(seconds, self._guarded(fire))

    def control(self, execution: Execution, request: Control) -> None:
        """Pass on to a sub-workflow what its parent wants; an action that has not begun never begins."""
        key = (execution.step.id, request.id)
        child = self._children.get(key)
        match request:
            case CancelAction() if child is not None:
                child.cancel()
            case CancelAction() if key in self._queued:
                self._tasks[key].cancel()
            case CancelAction() if key in self._resting:
                self._finish(execution, self._resting.pop(key), Outcome("canceled"))
            case PauseAction() if child is not None:
                child.pause()
            case _ if child is not None:
                child.resume()

    def complete(self, execution: Execution, request: Complete) -> None:
        """An execution has ended, or rests."""
        step, parent = execution.step, execution.parent
        self._end(step, request.status, results.of_workflow(execution, request))
        step.output, step.errors = request.output, request.errors
        self.watcher.changed(step)
        if parent is None:
            self._settled.set()
        elif step.over:
            self._children.pop((parent.step.id, execution.request), None)
            self._tell(parent, ActionEnded(execution.request, step.status, step.result))
        else:
            self._tell(parent, ActionPaused(execution.request, step.status))

    # How it is done.

    def _ready(self, step: Step, prepared: Prepared) -> None:
        step.action, step.runner = prepared.runnable.ref, prepared.runnable.runner
        step.parameters = prepared.parameters

    def _start(self, step: Step, prepared: Prepared, execution: Execution | None) -> None:
        stand_ins = self.options.stand_ins
        outcome = stand_ins.instead(step, prepared) if stand_ins else None
        if outcome is not None:
            self._at_once(execution, step, outcome)
        elif prepared.runnable.is_workflow:
            self._later(self._start_workflow, step, prepared, execution)
        else:
            key = self._key(step)
            self._queued.add(key)
            self._spawn(key, self._act(step, prepared, execution))

    def _start_workflow(self, step: Step, prepared: Prepared, parent: Execution | None) -> None:
        from st2runtime.conductor import Conductor

        runnable = prepared.runnable
        self._running(step)
        if parent is not None:
            parent.dispatch(ActionRunning(step.request))
        try:
            graph = runnable.graph
            if graph is None:
                workflow = self.desk.workflow(runnable)
                graph = workflow.graph
                if graph.orquesta and workflow.errors and not self.desk.force:
                    refused = results.of_refused_workflow(workflow.errors)
                    self._finish(parent, step, Outcome("failed", refused))
                    return
            around = self.desk.surroundings(prepared, step)
        except ActionError as error:
            result = {"output": None, "errors": [{"message": str(error)}]}
            self._finish(parent, step, Outcome("failed", result), str(error))
            return
        step.graph = graph
        execution = Execution(
            Conductor(graph, self.desk.finder(graph)),
            self,
            step,
            runnable,
            prepared.context,
            parent=parent,
            request=step.request,
            journal=self.options.journal,
        )
        execution.workflow_id = around.get("st2", {}).get("workflow_execution_id", "")
        step.runs = execution.conductor.sequence
        if parent is None:
            self.execution = execution
        else:
            self._children[parent.step.id, step.request] = execution
        execution.start(self.desk.inputs(prepared, step.input), around)
        self._look(execution)

    async def _act(self, step: Step, prepared: Prepared, execution: Execution | None) -> None:
        """Run an action that is no workflow, in its turn."""
        key = self._key(step)
        try:
            if prepared.runnable.runner in _FREE:
                outcome = await self._perform(step, prepared, execution)
            else:
                async with self._slots:
                    outcome = await self._perform(step, prepared, execution)
        except asyncio.CancelledError:
            outcome = Outcome("canceled")
        self._tasks.pop(key, None)
        self._queued.discard(key)
        self._finish(execution, step, outcome)

    async def _perform(
        self, step: Step, prepared: Prepared, execution: Execution | None
    ) -> Outcome:
        from st2runtime import runners

        self._queued.discard(self._key(step))
        self._running(step)
        if execution is not None:
            execution.dispatch(ActionRunning(step.request))

        def line(stream: str, text: str) -> None:
            step.line = text
            self.watcher.line(step, stream, text)

        runnable, services = prepared.runnable, self.serve(step, line)
        try:
            if self.options.interpreter is not None and runnable.runner == "python-script":
                python = await self.options.interpreter(runnable.pack_path, line)
                services = replace(services, python=lambda pack: python)
            runner = runners.find(runnable.runner)
            invocation = self.desk.invocation(prepared, step)
            return await runner.run(invocation, services)
        except (LookupError, ActionError) as error:
            return Outcome("failed", results.failure(str(error)))

    def _at_once(self, execution: Execution | None, step: Step, outcome: Outcome) -> None:
        """End a step that needs no running, as if it had run."""

        async def end() -> None:
            self._tasks.pop(self._key(step), None)
            self._running(step)
            if execution is not None:
                execution.dispatch(ActionRunning(step.request))
            self._finish(execution, step, outcome)

        self._spawn(self._key(step), end())

    def _refuse(self, execution: Execution, step: Step, error: ActionError) -> bool:
        """An action that cannot be started: StackStorm fails the workflow there and then.

        A chain takes its `on-failure` path unless it does not even know the action. Gives whether the
        execution can go on.
        """
        message = f"{error.kind}: {error}"
        if not execution.graph.orquesta and not isinstance(error, UnknownActionError):
            self._at_once(execution, step, Outcome("failed", results.failure(message)))
            return True
        self._end(step, "failed", results.failure(message))
        step.error = str(error)
        self.watcher.changed(step)
        execution.dispatch(ActionRefused(step.request, message))
        return False

    def _finish(
        self, execution: Execution | None, step: Step, outcome: Outcome, error: str = ""
    ) -> None:
        self._end(step, outcome.status, outcome.result)
        step.error = error
        self.watcher.changed(step)
        if execution is None:
            self._settled.set()
        elif step.over:
            self._tell(execution, ActionEnded(step.request, outcome.status, outcome.result))
        else:
            self._resting[self._key(step)] = step
            self._tell(execution, ActionPaused(step.request, outcome.status))

    def _running(self, step: Step) -> None:
        step.status, step.started, step.began = "running", time.monotonic(), time.time()
        self.watcher.changed(step)

    def _end(self, step: Step, status: str, result: Any) -> None:
        step.status, step.result = status, result
        if status in FINAL:
            step.ended, step.finished = time.monotonic(), time.time()

    def _tell(self, execution: Execution, event: Event) -> None:
        execution.dispatch(event)
        self._look(execution)

    def _look(self, execution: Execution) -> None:
        """An execution that waits for what will never come is where a run ends."""
        if execution.parent is None and execution.stalled:
            execution.step.status = execution.conductor.status
            self._settled.set()

    def _key(self, step: Step) -> Key:
        return (step.parent.id if step.parent else "", step.request or step.id)

    def _spawn(self, key: Key, work: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except Exception as error:
                self._break(error)

        self._tasks[key] = asyncio.get_running_loop().create_task(guarded())

    def _later(self, call: Callable[..., None], *arguments: Any) -> None:
        asyncio.get_running_loop().call_soon(self._guarded(lambda: call(*arguments)))

    def _guarded(self, call: Callable[[], None]) -> Callable[[], None]:
        def guarded() -> None:
            try:
                call()
            except Exception as error:
                self._break(error)

        return guarded

    def _break(self, error: BaseException) -> None:
        """A bug: the run ends with it."""
        if self._broken is None:
            self._broken = error
        self._settled.set()
