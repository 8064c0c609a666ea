"""From a log to the executions that it tells of: every event is conducted again, and nothing is done on it.

What the conductor asks for is compared with what it asked for then, to the byte. The outside answers as it did.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from st2lang.graph import VERSION as GRAPH_VERSION
from st2lang.graph import Graph
from st2lang.record import field, record
from st2runtime.conductor import Conductor, InvalidEvent
from st2runtime.engines import results
from st2runtime.engines.deadlines import allowed
from st2runtime.engines.execution import Execution
from st2runtime.engines.journal import Noter, Then, Unkept
from st2runtime.engines.port import Control
from st2runtime.engines.steps import FINAL, Step, step_of
from st2runtime.events import ActionEnded, ActionPaused, ActionRefused, ActionRunning, Event
from st2runtime.journal import holders
from st2runtime.journal.entries import VERSION, Begin, Entry, Happened, digest, requests_data
from st2runtime.journal.errors import DamagedError, JournalError, OtherVersionError
from st2runtime.outside import Noting, ReplayError, Replaying, ReplayMismatch
from st2runtime.requests import Complete, Request, RunAction, Wait

Key = tuple[int, str]
"""The number of an execution, and the id of a request of it."""


@record
class Moment:
    """What one entry has led to: for those who watch. `steps` are those that have become something else."""

    entry: Entry
    execution: Execution | None
    requests: tuple[Request, ...] = ()
    steps: tuple[Step, ...] = ()


@record
class Waiting:
    """A wait that was asked for at a time, which is also the tick of a clock that nobody sets."""

    seconds: float
    at: float
    tick: tuple[str, float]

    def left(self, now: float) -> float:
        """How many seconds are left of it.

        By the clock that nobody sets if the machine has not started anew since; else by the time of day,
        which may have been set: it never waits longer than it was meant to.
        """
        boot, tick = self.tick
        gone = holders.tick() - tick if boot and boot == holders.boot() else now - self.at
        return min(max(self.seconds - gone, 0.0), self.seconds)


@record(frozen=False)
class Replayed:
    """A run as its log tells it.

    `executions` are its workflows by their numbers (the first may be missing: an action that is none), `begins`
    what each began with. `steps` are those of actions, `waits` the waits that were asked for, `resting` the
    actions that wait for somebody, with what they have said, `deadlines` how long those of them wait that do not
    wait forever.
    """

    root: Step
    begins: list[Begin] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    steps: dict[Key, Step] = field(default_factory=dict)
    waits: dict[Key, Waiting] = field(default_factory=dict)
    resting: dict[Key, Mapping[str, Any]] = field(default_factory=dict)
    deadlines: dict[Key, Waiting] = field(default_factory=dict)
    at: float = 0.0

    @property
    def main(self) -> Execution | None:
        """The workflow that was asked for; None when it is an action that is none."""
        return self.executions[0] if self.executions else None

    @property
    def status(self) -> str:
        """The status of the run."""
        return self.main.conductor.status if self.main is not None else self.root.status

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.status in FINAL


class Fold(Unkept):
    """Reads a log, entry by entry. It is journal and port of the executions, and does nothing."""

    def __init__(self, graph: Callable[[str], Graph]) -> None:
        self._graph = graph
        self.run: Replayed | None = None
        self._asked: tuple[Request, ...] = ()
        self._position = -1
        self._entry: Entry | None = None
        self._numbers: dict[Execution, int] = {}

    def read(self, entries: Iterable[Entry]) -> Replayed:
        """The run that a whole log tells of. Raises `JournalError`."""
        for entry in entries:
            self.take(entry)
        if self.run is None:
            raise DamagedError("the log has no beginning")
        return self.run

    def take(self, entry: Entry) -> Moment:
        """One entry more. Raises `JournalError` when it does not fit those before."""
        self._position += 1
        self._entry = entry
        self._asked = ()
        self._changed: list[Step] = []
        execution: Execution | None = None
        try:
            match entry:
                case Begin():
                    execution = self._begin(entry)
                case Happened():
                    execution = self._happen(entry)
        except (InvalidEvent, KeyError, IndexError, ReplayError, ReplayMismatch) as error:
            told = error if isinstance(error, InvalidEvent | ReplayError | ReplayMismatch) else "?"
            raise DamagedError(
                f"entry {self._position} does not fit those before it: {told}"
            ) from error
        assert self.run is not None
        self.run.at = max(self.run.at, entry.at)
        return Moment(entry, execution, self._asked, tuple(self._changed))

    # -- beginnings ------------------------------------------------------------------------------

    def _begin(self, entry: Begin) -> Execution | None:
        if entry.version != VERSION:
            raise OtherVersionError(
                f"the execution was begun by another version of st2c (rules {entry.version}, this one "
                f"has {VERSION}, graphs {GRAPH_VERSION}): go on with that one"
            )
        parent = None if entry.parent is None else self._of(entry.parent)
        step = self._step(entry, parent)
        if self.run is None:
            self.run = Replayed(step)
        self.run.begins.append(entry)
        if entry.graph is None:
            return None
        graph = self._graph(entry.copy)
        if graph.hash != entry.graph:
            raise OtherVersionError(
                f"the workflow of execution {entry.id} is not the one it began with"
            )
        noting = Noting(Replaying(entry.keys))
        execution = Execution(
            Conductor(graph, noting),
            self,
            step,
            entry.context,
            parent=parent,
            journal=self,
            noter=noting,
        )
        step.graph, step.runs = graph, execution.conductor.sequence
        self._numbers[execution] = len(self.run.executions)
        self.run.executions.append(execution)
        return execution

    def _step(self, entry: Begin, parent: Execution | None) -> Step:
        if parent is None:
            step = Step(entry.action, execution=entry.id, action=entry.action, given=entry.given)
        else:
            assert self.run is not None
            step = self.run.steps[self._number(parent), entry.request]
        step.action, step.runner, step.parameters = entry.action, entry.runner, entry.parameters
        step.status, step.began, step.started = "running", entry.at, _monotonic(entry.at)
        self._changed.append(step)
        return step

    # -- events ----------------------------------------------------------------------------------

    def _happen(self, entry: Happened) -> Execution | None:
        assert self.run is not None
        if not self.run.executions:
            self._outcome(self.run.root, entry)
            return None
        execution = self._of(entry.of)
        noting = execution.noter
        assert isinstance(noting, Noting)
        world = noting.world
        assert isinstance(world, Replaying)
        world.expect(entry.notes)
        self._entry = entry
        self._tell(execution, entry)
        execution.dispatch(entry.event)
        noting.taken()
        world.finish()
        if digest(self._asked) != entry.asked:
            raise ReplayError("the conductor asks for something else now")
        status = execution.conductor.status
        goes_on = status in FINAL and execution.completed is None  # some of it still runs
        if status not in ("requested", "null") and not goes_on:
            execution.step.status = status
        return execution

    def _tell(self, execution: Execution, entry: Happened) -> None:
        """What an event means for the step that it is about."""
        assert self.run is not None
        match entry.event:
            case ActionRunning(name) | ActionPaused(name) | ActionEnded(name) | ActionRefused(name):
                key = (self._number(execution), name)
                step = self.run.steps[key]
                self.run.resting.pop(key, None)
                self.run.deadlines.pop(key, None)
                if isinstance(entry.event, ActionPaused):
                    self.run.resting[key] = entry.about
                    seconds = allowed(entry.about.get("result"))
                    if seconds:
                        self.run.deadlines[key] = _waiting(seconds, entry)
                self._outcome(step, entry)
                if isinstance(entry.event, ActionEnded | ActionRefused):
                    del self.run.steps[key]

    def _outcome(self, step: Step, entry: Happened) -> None:
        match entry.event:
            case ActionRunning():
                step.status, step.began, step.started = "running", entry.at, _monotonic(entry.at)
            case ActionPaused(_, status):
                step.status, step.result = status, entry.about.get("result")
                step.action = entry.about.get("action", step.action)
            case ActionEnded(_, status, result):
                step.status, step.result = status, result
                step.finished, step.ended = entry.at, _monotonic(entry.at)
            case ActionRefused(_, message):
                step.status, step.result = "failed", results.failure(message)
                step.finished, step.ended = entry.at, _monotonic(entry.at)
        step.error = entry.about.get("error", step.error)
        step.note = entry.about.get("note", step.note)
        step.mock = entry.about.get("mock", step.mock)
        step.mocked = step.mock is not None
        self._changed.append(step)

    def happened(
        self,
        execution: Execution,
        event: Event,
        about: Mapping[str, Any],
        requests: Sequence[Request],
        then: Then,
    ) -> None:
        """What the conductor asks for now."""
        self._asked = tuple(requests)
        then()

    def world(self, outside: Any) -> tuple[Any, Noter | None]:
        """No workflow begins here."""
        raise JournalError("a replay begins nothing")

    # -- the port, where nothing is done ---------------------------------------------------------

    def run_action(self, execution: Execution, request: RunAction) -> bool:
        """A step that waits for its event."""
        assert self.run is not None
        self.run.steps[self._number(execution), request.id] = step_of(execution, request)
        return True

    def wait(self, execution: Execution, request: Wait) -> None:
        """When it will be over."""
        assert self.run is not None
        entry = self._entry
        assert isinstance(entry, Happened)
        self.run.waits[self._number(execution), request.id] = _waiting(request.seconds, entry)

    def control(self, execution: Execution, request: Control) -> None:
        """Nothing."""

    def complete(self, execution: Execution, request: Complete) -> None:
        """The end of an execution, as it looks from outside."""
        step = execution.step
        step.output, step.errors, step.status = request.output, request.errors, request.status
        if step.status in FINAL:
            assert self._entry is not None
            step.finished, step.ended = self._entry.at, _monotonic(self._entry.at)
        step.result = results.of_workflow(execution, request)
        self._changed.append(step)

    def carried_out(self, execution: Execution) -> None:
        """Nothing."""

    def _of(self, number: int) -> Execution:
        assert self.run is not None
        return self.run.executions[number]

    def _number(self, execution: Execution) -> int:
        return self._numbers[execution]


def _waiting(seconds: float, entry: Happened) -> Waiting:
    """A wait that an event has led to."""
    return Waiting(seconds, entry.at, tuple(entry.about.get("tick", ("", 0.0))))


def _monotonic(at: float) -> float:
    """A time of day by the clock that steps have their durations from."""
    return at - time.time() + time.monotonic()


def told(moment: Moment) -> list[Any]:
    """The requests of a moment as JSON data."""
    return requests_data(moment.requests)
