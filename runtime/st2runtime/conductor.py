"""Conducts a compiled workflow: events in, requests out, and a state that can be saved at every step.

    conductor = Conductor(graph)
    requests = conductor.handle(Start({"name": "value"}))
    …
    requests = conductor.handle(ActionEnded(requests[0].id, "succeeded", {"stdout": "…"}))

No clock, no files, no randomness: the same events always give the same requests. Expressions that ask for
the time, for a random number or for a key of the datastore get it from an `Outside`, whose answers belong to
the events (`outside.py` notes them and gives them again). Behaves as Orquesta's
conductor and StackStorm's ActionChain runner do; `conducting/` has the parts.

A rehearsal (`orquesta/rehearsing.py`) starts all that is ready together, and looks for what is ready next
only when all of it has ended: that is `Conductor(graph, rehearsal=True)` and one `handle_all` a round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from st2lang.evaluation import Outside, World
from st2lang.graph import Graph
from st2runtime.conducting import rerun as rerunning
from st2runtime.conducting import saved
from st2runtime.conducting.awaited import Awaited, awaited
from st2runtime.conducting.chain import Chain
from st2runtime.conducting.machine import Machine
from st2runtime.conducting.orquesta import Orquesta
from st2runtime.conducting.performing import Performer
from st2runtime.conducting.plan import plan_of
from st2runtime.conducting.state import Flight, State, TaskRun
from st2runtime.conducting.transitions import COMPLETED, RESTING, RUNNING
from st2runtime.events import (
    ActionEnded,
    ActionPaused,
    ActionRefused,
    ActionRunning,
    Cancel,
    Event,
    Pause,
    Rerun,
    Resume,
    Start,
    TimerFired,
)
from st2runtime.requests import (
    CancelAction,
    Complete,
    PauseAction,
    Request,
    ResumeAction,
)


class InvalidEvent(Exception):  # noqa: N818
    """An event that makes no sense now; the message says why. Nothing has been changed."""


class Conductor:
    """One execution of a workflow.

    `outside` is what expressions read besides the workflow; by default the real time and chance, and no
    datastore.

    With `rehearsal` a task without an action is asked for like any other (`RunAction.action` is None, and
    so is `input` where the task has none), and an item counts as active only from `ActionRunning` on: when
    one fails, its task fails at once, and what else was asked for is void.
    """

    def __init__(
        self, graph: Graph, outside: Outside | None = None, *, rehearsal: bool = False
    ) -> None:
        self._take(graph, State(), outside, rehearsal)

    def _take(self, graph: Graph, state: State, outside: Outside | None, rehearsal: bool) -> None:
        self.graph = graph
        self._state = state
        self._rehearsal = rehearsal
        self._machine = Machine(plan_of(graph), state)
        semantics = Orquesta if graph.orquesta else Chain
        self._semantics: Orquesta | Chain = semantics(self._machine, outside or World(), rehearsal)
        self._performer = Performer(self._machine, self._semantics, rehearsal)

    # -- what there is to see --------------------------------------------------------------------

    @property
    def status(self) -> str:
        """The status of the execution; `requested` before it has begun."""
        return self._state.status if self._state.began else "requested"

    @property
    def output(self) -> Any:
        """The rendered output once the execution has ended; None when there is none."""
        return self._state.output

    @property
    def errors(self) -> tuple[Mapping[str, Any], ...]:
        """The log of errors, as Orquesta has it (see `Complete`)."""
        return tuple(self._state.errors)

    @property
    def sequence(self) -> Sequence[TaskRun]:
        """Every run of a task or command, in the order in which they were started. Not to be changed."""
        return self._state.runs

    @property
    def routes(self) -> Sequence[Sequence[str]]:
        """The routes: the transitions at which each has split off."""
        return self._state.routes

    @property
    def terminals(self) -> tuple[TaskRun, ...]:
        """The terminal task runs: nothing follows them, or the execution had ended when they did."""
        return tuple(self._state.terminals())

    def variables(self, run: TaskRun) -> Mapping[str, Any]:
        """The variables that a task run saw when it began; in a chain those that there are now."""
        return self._semantics.variables(run)

    def flight(self, name: str) -> Flight | None:
        """What is under way for a request, by its id. Not to be changed."""
        return self._state.flights.get(name)

    @property
    def awaits(self) -> tuple[Awaited, ...]:
        """All that will wake the execution: actions, timers, somebody. Nothing once it has ended."""
        return awaited(self._state)

    # -- events ----------------------------------------------------------------------------------

    def handle(self, event: Event) -> tuple[Request, ...]:
        """What is to be done now that this has happened. Raises `InvalidEvent`, and then nothing changes."""
        self._happens(event)
        return self._requests()

    def handle_all(self, events: Sequence[Event]) -> tuple[Request, ...]:
        """The same for events of one moment: what is ready after all of them starts together.

        When one of them is refused, those before it have happened; what they ask for is part of what the
        next call gives.
        """
        for event in events:
            self._happens(event)
        return self._requests()

    def _requests(self) -> tuple[Request, ...]:
        """Start what is ready; what is to be done now."""
        out = self._performer.out
        if self._state.due:
            self._performer.start_ready()
        self._conclude()
        requests = tuple(out)
        out.clear()
        return requests

    def _happens(self, event: Event) -> None:
        match event:
            case ActionEnded():
                if event.status not in COMPLETED:
                    raise InvalidEvent(f"an action does not end as `{event.status}`")
                self._ended(self._flight(event.id), event.status, event.result)
            case ActionRefused(id, message):
                self._performer.refused(self._flight(id), message)
            case ActionRunning(id):
                self._running(self._flight(id))
            case ActionPaused(id, status):
                if status not in RESTING:
                    raise InvalidEvent(f"an action does not rest as `{status}`")
                self._performer.becomes(self._flight(id), status)
            case TimerFired(id):
                if id not in self._state.waits:
                    raise InvalidEvent(f"nothing waits for the timer `{id}`")
                self._performer.fire(id)
            case Start(inputs, context):
                self._start(inputs, context)
            case Pause():
                self._pause()
            case Resume():
                self._resume()
            case Cancel():
                self._cancel()
            case Rerun():
                self._rerun(event)
            case _:
                raise InvalidEvent(f"{event!r} is no event")

    def _flight(self, name: str) -> Flight:
        flight = self._state.flights.get(name)
        if flight is None:
            raise InvalidEvent(f"no action `{name}` is under way")
        if flight.phase == "waiting":
            raise InvalidEvent(f"the action `{name}` has not begun: its time has not come")
        return flight

    def _start(self, inputs: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        state, plan = self._state, self._machine.plan
        if state.began:
            raise InvalidEvent("the execution has begun already")
        state.began = True
        if plan.undefined:
            task, target = plan.undefined[0]
            message = f"the task `{target}`, which `{task}` leads to, is not defined"
            self._semantics.reject(message, task)
        elif not plan.start:
            self._semantics.reject("there is no task to start with")
        else:
            begun = self._semantics.start(inputs, context)
            self._machine.ask("run" if begun else "fail")

    def _running(self, flight: Flight) -> None:
        if flight.phase in RESTING and not flight.void:
            self._machine.ask("run")
        self._performer.becomes(flight, "running")

    def _ended(self, flight: Flight, status: str, result: Any) -> None:
        if flight.phase in RESTING and not flight.void:
            if self._state.status in _PAUSE:
                self._machine.ask("resume")
            run = self._performer.run_of(flight)
            if run.status == "paused" and (status != "canceled" or flight.item is not None):
                self._performer.becomes(flight, "running")
        self._performer.becomes(flight, status, result)

    def _refuse(self, wanted: str) -> InvalidEvent:
        return InvalidEvent(f"an execution that is {self.status} cannot be {wanted}")

    def _pause(self) -> None:
        if self.status not in ("running", "resuming"):
            raise self._refuse("paused")
        self._machine.ask("pause")
        for flight in self._state.flights.values():
            if flight.phase in ("asked", "running"):
                self._performer.out.append(PauseAction(flight.id))

    def _resume(self) -> None:
        if self.status not in _PAUSE:
            raise self._refuse("resumed")
        self._machine.ask("resume")
        for flight in self._state.flights.values():
            if flight.phase == "paused" and not flight.void:
                self._performer.out.append(ResumeAction(flight.id))

    def _cancel(self) -> None:
        if self.status not in ("running", "resuming", *_PAUSE):
            raise self._refuse("canceled")
        self._machine.ask("cancel")
        for wait in list(self._state.waits):
            for name in self._state.waits.pop(wait):
                flight = self._state.flights.get(
                    name
                )  # one may have ended the task, and the others
                if flight is not None:
                    self._performer.becomes(flight, "canceled")
        for flight in self._state.flights.values():
            self._stop(flight)

    def _stop(self, flight: Flight) -> None:
        if not flight.stopped:
            flight.stopped = True
            self._performer.out.append(CancelAction(flight.id))

    def _rerun(self, event: Rerun) -> None:
        state = self._state
        if self.status not in COMPLETED or state.flights:
            raise self._refuse("run again")
        problem = rerunning.problem(state, self._machine, event.tasks)
        if problem is not None:
            raise InvalidEvent(problem)
        rerunning.rerun(state, self._machine, event.tasks)

    # -- the end ---------------------------------------------------------------------------------

    def _conclude(self) -> None:
        """Tell that the execution has ended, or rests."""
        state = self._state
        if state.status in RUNNING:
            state.told = None
            return
        if self._rehearsal:
            self._performer.items.withdraw()
        if state.status in COMPLETED:
            if state.flights or state.waits:
                if all(flight.phase in RESTING for flight in state.flights.values()):
                    for flight in state.flights.values():
                        self._stop(flight)
                return
            if state.told is None or state.told not in COMPLETED:
                self._semantics.finish()
                self._tell()
        elif state.status == "paused":
            if state.told != "paused":
                self._tell()
        else:
            state.told = None

    def _tell(self) -> None:
        state = self._state
        state.told = state.status
        self._performer.out.append(Complete(state.status, state.output, tuple(state.errors)))

    # -- saving ----------------------------------------------------------------------------------

    def serialize(self) -> dict[str, Any]:
        """The state as JSON data. It shares parts with the conductor: write it out before going on."""
        data = saved.save(self._state)
        data["graph"] = self.graph.hash
        data["rehearsal"] = self._rehearsal
        if isinstance(self._semantics, Chain):
            data["chain"] = self._semantics.save()
        return data

    @classmethod
    def restore(
        cls, graph: Graph, data: Mapping[str, Any], outside: Outside | None = None
    ) -> Conductor:
        """The conductor whose state was saved. Raises `ValueError` for a state of another workflow."""
        if data.get("version") != saved.VERSION or data.get("graph") != graph.hash:
            raise ValueError("the state was saved by another version, or of another workflow")
        conductor = cls.__new__(cls)
        conductor._take(graph, saved.load(data, plan_of(graph)), outside, data["rehearsal"])
        if isinstance(conductor._semantics, Chain):
            conductor._semantics.load(data["chain"])
        return conductor


_PAUSE = ("paused", "pausing")
