"""One workflow execution in progress: events in one at a time, what the conductor asks for out to a port.

    something happens ──▶ dispatch(event) ──▶ conductor ──▶ journal ──▶ requests ──▶ port
                              ▲                                                       │
                              └───────────────────────────────────────────────────────┘

`dispatch` is the only way in. A journal stands between the decision and its effects, so that an execution can
be replayed from its events alone, and no effect precedes the record of what has led to it. The journal may take
its time: what happens meanwhile is decided at once, and carried out in its turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2lang.graph import Graph
from st2runtime.conducting.transitions import RESTING
from st2runtime.engines import contexts
from st2runtime.engines.journal import Journal, Noter, Unkept
from st2runtime.events import (
    ActionEnded,
    ActionRefused,
    Cancel,
    Event,
    Pause,
    Rerun,
    Resume,
    Start,
    TimerFired,
)
from st2runtime.requests import Complete, Request, RunAction, Wait

if TYPE_CHECKING:
    from st2runtime.conductor import Conductor
    from st2runtime.engines.port import Port
    from st2runtime.engines.steps import Step

NOTHING: Mapping[str, Any] = {}


class Execution:
    """A workflow execution. `step` stands for it in the tree, `context` is that of its action execution.

    `running` are the actions asked for that have not ended, `waiting` the timers that have not fired, by the
    ids of their requests. `parent` is the execution that it runs for, in which `request` is its id.
    """

    def __init__(
        self,
        conductor: Conductor,
        port: Port,
        step: Step,
        context: Mapping[str, Any],
        *,
        parent: Execution | None = None,
        journal: Journal | None = None,
        noter: Noter | None = None,
    ) -> None:
        self.conductor, self.port, self.step = conductor, port, step
        self.context, self.parent = context, parent
        self.journal: Journal = journal or Unkept()
        self.noter = noter
        self.running: dict[str, RunAction] = {}
        self.waiting: dict[str, Wait] = {}
        self.completed: Complete | None = None
        self.depth: int = parent.depth + 1 if parent else 0
        self._latest: dict[tuple[str, int], int] = {}
        self._seen = 0
        self._inbox: deque[tuple[Event, Mapping[str, Any]]] = deque()
        self._busy = False
        self._open = 0

    @property
    def request(self) -> str:
        """The id of the request that it runs for; "" when nothing but somebody has asked for it."""
        return self.step.request

    @property
    def workflow_id(self) -> str:
        """The id of the execution of the workflow itself, in Orquesta."""
        return contexts.id_below(self.step.id, "workflow") if self.graph.orquesta else ""

    @property
    def graph(self) -> Graph:
        """The workflow."""
        return self.conductor.graph

    @property
    def keeping(self) -> bool:
        """Whether something has happened that is not kept yet, so that nothing has been done on it."""
        return bool(self._open or self._inbox)

    @property
    def stalled(self) -> bool:
        """Whether nothing more can happen by itself although the execution has not completed."""
        return not (self.running or self.waiting or self.keeping or self.completed)

    @property
    def wakes(self) -> bool:
        """Whether something goes on in it while the execution that it runs for takes it for paused."""
        taken_for = self.parent.conductor.flight(self.request) if self.parent is not None else None
        if taken_for is None or taken_for.phase != "paused" or self.completed is not None:
            return False
        under_way = (self.conductor.flight(name) for name in self.running)
        return bool(self.waiting) or any(
            flight is not None and flight.phase not in RESTING for flight in under_way
        )

    @property
    def wakers(self) -> tuple[str, ...]:
        """What will wake it: requests under way, timers, what is being kept, or that it has ended or rests."""
        named = [f"action {name}" for name in self.running]
        named += [f"timer {name}" for name in self.waiting]
        if self.keeping:
            named.append("journal")
        if self.completed is not None:
            named.append(self.completed.status)
        return tuple(named)

    def start(self, inputs: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """Begin. `inputs` are the workflow's, `context` what it finds besides them."""
        self.dispatch(Start(inputs, context))

    def pause(self, about: Mapping[str, Any] = NOTHING) -> None:
        """What runs may finish, nothing new starts. Raises the conductor's `InvalidEvent`."""
        self.dispatch(Pause(), about)

    def resume(self, about: Mapping[str, Any] = NOTHING) -> None:
        """Go on after a pause. Raises the conductor's `InvalidEvent`."""
        self.dispatch(Resume(), about)

    def rerun(self, event: Rerun, about: Mapping[str, Any] = NOTHING) -> None:
        """Begin again after the end. Raises the conductor's `InvalidEvent`."""
        self.dispatch(event, about)

    def cancel(self, about: Mapping[str, Any] = NOTHING) -> None:
        """As `pause`, but for good. Raises the conductor's `InvalidEvent`."""
        self.dispatch(Cancel(), about)

    def dispatch(self, event: Event, about: Mapping[str, Any] = NOTHING) -> None:
        """Tell the conductor what has happened, and have done what it asks for once that has been kept.

        `about` is kept with the event. An event that comes while another is dispatched waits for its turn.
        Raises `InvalidEvent` for one that makes no sense in the state there is; nothing has changed then.
        """
        self._inbox.append((event, about))
        self._drain()

    def _drain(self) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            while self._inbox:
                self._handle(*self._inbox.popleft())
        finally:
            self._busy = False
        self.port.carried_out(self)

    def seq(self, task: str, route: int) -> int:
        """The position in the sequence of the latest run of a task on a route."""
        runs = self.conductor.sequence
        for index in range(self._seen, len(runs)):
            self._latest[runs[index].task, runs[index].route] = index
        self._seen = len(runs)
        return self._latest.get((task, route), 0)

    def _handle(self, event: Event, about: Mapping[str, Any]) -> None:
        requests = self.conductor.handle(event)
        match event:
            case ActionEnded(id) | ActionRefused(id):
                self.running.pop(id, None)
            case TimerFired(id):
                self.waiting.pop(id, None)
            case Cancel():
                self.waiting.clear()  # what waits for its time never begins
        if self.completed is not None and self.completed.status != self.conductor.status:
            self.completed = None
        for request in requests:  # all are known before the first is carried out
            match request:
                case RunAction(id):
                    self.running[id] = request
                case Wait(id):
                    self.waiting[id] = request
        self._open += 1
        self.journal.happened(self, event, about, requests, lambda: self._kept(requests))

    def _kept(self, requests: tuple[Request, ...]) -> None:
        """An event has been kept: now what is asked for on it may be done."""
        inside, self._busy = self._busy, True
        self._open -= 1
        refused = False
        try:
            for request in requests:
                if refused and isinstance(request, RunAction):
                    self._inbox.append((ActionEnded(request.id, "canceled"), NOTHING))
                else:
                    refused |= self._carry_out(request)
        finally:
            self._busy = inside
        self._drain()

    def _carry_out(self, request: Request) -> bool:
        """Have something done; True for an action that is refused, and all after it are not even tried."""
        match request:
            case RunAction():
                return not self.port.run_action(self, request)
            case Wait():
                self.port.wait(self, request)
            case Complete():
                if request.status == self.conductor.status:  # else it goes on again already
                    self.completed = request
                    self.port.complete(self, request)
            case _:
                self.port.control(self, request)
        return False
