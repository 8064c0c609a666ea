"""One workflow execution in progress: events in one at a time, what the conductor asks for out to a port.

    something happens ──▶ dispatch(event) ──▶ conductor ──▶ journal ──▶ requests ──▶ port
                              ▲                                                       │
                              └───────────────────────────────────────────────────────┘

`dispatch` is the only way in. A journal stands between the decision and its effects, so that an execution can
be replayed from its events alone, and no effect precedes the record of what has led to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from st2lang.graph import Graph
from st2runtime.events import (
    ActionEnded,
    ActionRefused,
    Cancel,
    Event,
    Pause,
    Resume,
    Start,
    TimerFired,
)
from st2runtime.requests import Complete, Request, RunAction, Wait

if TYPE_CHECKING:
    from st2runtime.conductor import Conductor
    from st2runtime.engines.port import Port
    from st2runtime.engines.steps import Step

Journal = Callable[["Execution", Event, tuple[Request, ...]], None]
"""Told every event with what the conductor asks for on it, before any of that is done."""


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
    ) -> None:
        self.conductor, self.port, self.step = conductor, port, step
        self.context, self.parent, self.journal = context, parent, journal
        self.workflow_id = ""
        self.running: dict[str, RunAction] = {}
        self.waiting: dict[str, Wait] = {}
        self.completed: Complete | None = None
        self.depth: int = parent.depth + 1 if parent else 0
        self._latest: dict[tuple[str, int], int] = {}
        self._seen = 0
        self._inbox: deque[Event] = deque()
        self._busy = False

    @property
    def request(self) -> str:
        """The id of the request that it runs for; "" when nothing but somebody has asked for it."""
        return self.step.request

    @property
    def graph(self) -> Graph:
        """The workflow."""
        return self.conductor.graph

    @property
    def stalled(self) -> bool:
        """Whether nothing more can happen by itself although the execution has not completed."""
        return not (self.running or self.waiting or self._inbox or self.completed)

    def start(self, inputs: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """Begin. `inputs` are the workflow's, `context` what it finds besides them."""
        self.dispatch(Start(inputs, context))

    def pause(self) -> None:
        """What runs may finish, nothing new starts. Raises the conductor's `InvalidEvent`."""
        self.dispatch(Pause())

    def resume(self) -> None:
        """Go on after a pause. Raises the conductor's `InvalidEvent`."""
        self.completed = None
        self.dispatch(Resume())

    def cancel(self) -> None:
        """As `pause`, but for good. Raises the conductor's `InvalidEvent`."""
        self.dispatch(Cancel())

    def dispatch(self, event: Event) -> None:
        """Tell the conductor what has happened, and have done what it asks for.

        An event that comes while another is dispatched waits for its turn. Raises `InvalidEvent` for one
        that makes no sense in the state there is; nothing has changed then.
        """
        self._inbox.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._inbox:
                self._handle(self._inbox.popleft())
        finally:
            self._busy = False

    def seq(self, task: str, route: int) -> int:
        """The position in the sequence of the latest run of a task on a route."""
        runs = self.conductor.sequence
        for index in range(self._seen, len(runs)):
            self._latest[runs[index].task, runs[index].route] = index
        self._seen = len(runs)
        return self._latest.get((task, route), 0)

    def _handle(self, event: Event) -> None:
        requests = self.conductor.handle(event)
        if self.journal is not None:
            self.journal(self, event, requests)
        match event:
            case ActionEnded(id) | ActionRefused(id):
                self.running.pop(id, None)
            case TimerFired(id):
                self.waiting.pop(id, None)
            case Cancel():
                self.waiting.clear()  # what waits for its time never begins
        for request in requests:  # all are known before the first is carried out
            match request:
                case RunAction(id):
                    self.running[id] = request
                case Wait(id):
                    self.waiting[id] = request
        refused = False
        for request in requests:
            if refused and isinstance(request, RunAction):
                self._inbox.append(ActionEnded(request.id, "canceled"))
            else:
                refused |= self._carry_out(request)

    def _carry_out(self, request: Request) -> bool:
        """Have something done; True for an action that is refused, and all after it are not even tried."""
        match request:
            case RunAction():
                return not self.port.run_action(self, request)
            case Wait():
                self.port.wait(self, request)
            case Complete():
                self.completed = request
                self.port.complete(self, request)
            case _:
                self.port.control(self, request)
        return False
