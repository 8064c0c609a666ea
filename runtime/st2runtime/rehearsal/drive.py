"""Conducts one case: every action ends at once, as its mock says.

The order is nearly that of `assert_conducting_sequence` in `orquesta/rehearsing.py`: the tasks that are
ready are a round. They are started together, by name and route, and ended in that order (Orquesta ends
each before it starts the next); what becomes ready meanwhile is the next round. Of a task with items one
item ends a round. Delays are over at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from st2lang.evaluation import EvaluationError, Outside, Scope, Still, render
from st2lang.graph import Graph
from st2lang.problem import SpecPath
from st2runtime.conducting.transitions import COMPLETED, RESTING, RUNNING
from st2runtime.conductor import Conductor, InvalidEvent
from st2runtime.events import (
    ActionEnded,
    ActionPaused,
    Event,
    Rerun,
    Start,
    TimerFired,
)
from st2runtime.rehearsal.case import SUCCEEDED, Actual, Asked, Case, Mock, full_key, run_name
from st2runtime.rehearsal.mocks import Mocks
from st2runtime.rehearsal.orquesta_state import converted, is_orquestas
from st2runtime.requests import RunAction, Wait

LIMIT = 10_000
"""Actions after which a workflow is taken for one that does not end."""

MASK = "********"
"""What a secret of the datastore looks like unless it is decrypted."""


class StateError(Exception):
    """The saved state or the rerun of a case is refused; `path` is its place in the case."""

    def __init__(self, message: str, path: SpecPath) -> None:
        super().__init__(message)
        self.path = path


def rehearse(graph: Graph, case: Case, *, limit: int = LIMIT) -> Actual:
    """What comes of a workflow when its actions end as the case says.

    The case's `expected` plays no part in it. A workflow that goes on after `limit` actions is left
    there. Raises `StateError` when there is a saved state or a rerun that does not fit the workflow.
    """
    outside = Still(_datastore(case), case.time, case.seed)
    if case.state is None:
        stage = _Stage(Conductor(graph, outside, rehearsal=True), graph, case, limit)
        stage.play(Start(case.inputs, case.context))
    else:
        stage = _Stage(_restored(graph, case, outside), graph, case, limit)
    if case.rerun is not None:
        try:
            stage.play(Rerun(case.rerun))
        except InvalidEvent as error:
            raise StateError(str(error), ("rerun_tasks",)) from error
    return stage.actual()


def _restored(graph: Graph, case: Case, outside: Outside) -> Conductor:
    assert case.state is not None
    try:
        state: Mapping[str, Any] = {**case.state, "rehearsal": True}
        if is_orquestas(case.state):
            state = converted(case.state, graph)
        return Conductor.restore(graph, state, outside)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        message = f"the saved state cannot be used: {type(error).__name__}: {error}"
        raise StateError(message, ("workflow_state",)) from error


def _datastore(case: Case) -> Any:
    """What finds keys for `st2kv`; None when the case has no datastore."""
    if not case.datastore and "datastore" not in case.given:
        return None

    def find(key: str, decrypt: bool) -> Any:
        value, secret = case.datastore[full_key(key)]
        return MASK if secret and not decrypt else value

    return find


class _Ready:
    """A task that may run, or items of it: what was asked for and has not ended.

    `number` is the id of its requests up to the item: the run's position in the sequence, then the try.
    `fresh`: nothing of it has ended yet. `anyway`: it was asked for when the workflow had failed already.
    """

    __slots__ = ("anyway", "fresh", "number", "requests", "seq")

    def __init__(self, number: str, anyway: bool) -> None:
        self.number = number
        self.seq = int(number.partition("~")[0])
        self.anyway = anyway
        self.fresh = True
        self.requests: dict[int | None, RunAction] = {}

    @property
    def new(self) -> bool:
        """Whether its run has just been added to the sequence."""
        return self.fresh and "~" not in self.number


class _Stage:
    """A conductor, the actions that it waits for, and the mocks that end them."""

    def __init__(self, conductor: Conductor, graph: Graph, case: Case, limit: int) -> None:
        self.conductor = conductor
        self.graph = graph
        self.mocks = Mocks(case.mocks)
        self.limit = limit
        self.ready: dict[tuple[str, int], _Ready] = {}
        self.asked: list[Asked] = []
        self.complaints: list[str] = []

    def play(self, event: Event) -> None:
        """Tell an event and go on until nothing is left to be done."""
        self._tell([event])
        while self.ready and not self.complaints:
            self._tell(self._round())

    def _round(self) -> list[Event]:
        """What becomes of the tasks that are ready, in order.

        The position of a run that is not new, of a further try or item, is that of the run which was
        started last before it.
        """
        events: list[Event] = []
        ready = [self.ready[key] for key in sorted(self.ready)]
        new = [one.seq for one in ready if one.new]
        position = (new[0] if new else len(self.conductor.sequence)) - 1
        for one in ready:
            position = one.seq if one.new else position
            events += self._perform(one, position)
        return events

    def _tell(self, events: list[Event]) -> None:
        """Tell the events of a round and that its timers have fired, and see what is ready next."""
        while events and not self.complaints:
            requests = self.conductor.handle_all(events)
            events = []
            for request in requests:
                if isinstance(request, RunAction):
                    self._offer(request)
                elif isinstance(request, Wait):
                    events.append(TimerFired(request.id))
            if events and len(self.conductor.sequence) >= self.limit:
                self._too_long()
        goes_on = self.conductor.status in RUNNING
        for key, ready in list(self.ready.items()):
            run = self.conductor.sequence[ready.seq]
            over = run.status != "running" or not (goes_on or ready.anyway)
            if not ready.requests or (over and not ready.fresh):
                del self.ready[key]

    def _offer(self, request: RunAction) -> None:
        key = (request.task, request.route)
        ready = self.ready.get(key)
        number = request.id.partition(".")[0]
        if ready is None or ready.number != number:
            ready = self.ready[key] = _Ready(number, self.conductor.status not in RUNNING)
        ready.requests[request.item] = request

    def _perform(self, ready: _Ready, position: int) -> list[Event]:
        """Start and end a task, or one item of it."""
        requests = ready.requests
        first = next(iter(requests.values()))
        items = None if first.item is None else requests.keys()
        ready.fresh = False
        mock = self.mocks.take(first.task, first.action, position, first.route, items)
        chosen = first.item if mock is None or mock.item is None or items is None else mock.item
        request = requests.pop(chosen)
        self._note(request)
        status = SUCCEEDED if mock is None else mock.status
        if status in RESTING:
            return [ActionPaused(request.id, status)]
        if status in COMPLETED:
            return [ActionEnded(request.id, status, self._result(mock, request))]
        return []

    def _note(self, request: RunAction) -> None:
        self.asked.append(
            Asked(
                request.task,
                request.route,
                request.item,
                request.action,
                request.input,
                request.delay,
            )
        )
        if len(self.asked) >= self.limit:
            self._too_long()

    def _too_long(self) -> None:
        self.complaints.append(
            f"the workflow has not ended after {self.limit} actions: does it loop for ever?"
        )

    def _result(self, mock: Mock | None, request: RunAction) -> Any:
        """What the action gives. An expression that fails is complained about."""
        if mock is None or not mock.expression:
            return None if mock is None else mock.result
        variables = {
            "input": request.input,
            "action": request.action,
            "task": request.task,
            "route": request.route,
            "attempt": request.attempt,
            "item": request.item,
        }
        try:
            return render(mock.result, Scope(variables, item=request.item))
        except EvaluationError as error:
            self.complaints.append(f"the result for `{request.task}` has no value: {error}")
            return None

    def actual(self) -> Actual:
        """What has come of the workflow."""
        conductor = self.conductor
        runs = conductor.sequence
        return Actual(
            task_sequence=tuple(run_name(run.task, run.route) for run in runs),
            routes=tuple(tuple(route) for route in conductor.routes),
            workflow_status=conductor.status,
            output=conductor.output,
            errors=tuple(conductor.errors),
            term_tasks=tuple(run_name(run.task, run.route) for run in conductor.terminals),
            requests=tuple(self.asked),
            tasks=Counter(run.task for run in runs if run.task in self.graph.tasks),
            transitions=Counter(
                (run.task, index) for run in runs for index, taken in run.next.items() if taken
            ),
            complaints=tuple(self.complaints),
        )
