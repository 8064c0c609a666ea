"""A run conducted again with other results for some tasks: it goes its own way from there.

What the run knows is used as far as it fits: the result of the same attempt of the same task and item. For what
the run has never asked for nothing is known; the replay ends where nothing else is left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from st2lang.commands.options import UsageError
from st2lang.evaluation import World
from st2lang.suggest import did_you_mean
from st2runtime.commands.execution_compare import found_keys, step_data
from st2runtime.conductor import Conductor, InvalidEvent
from st2runtime.engines.execution import Execution
from st2runtime.engines.steps import Step
from st2runtime.events import ActionEnded, ActionRefused, Event, Start, TimerFired
from st2runtime.journal.entries import Happened
from st2runtime.journal.fold import Fold
from st2runtime.journal.store import Store
from st2runtime.requests import RunAction, Wait

Asked = tuple[str, int, int | None, int]


def edited(
    store: Store, execution: str, results: Mapping[str, Any], statuses: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The steps of such a replay of the run's own workflow. Raises `UsageError` for unknown tasks."""
    fold = Fold(store.graph)
    known: dict[Asked, deque[Event]] = {}
    asked: dict[str, RunAction] = {}
    own: list[Happened] = []
    for entry in store.entries(execution):
        moment = fold.take(entry)
        if not isinstance(entry, Happened) or entry.of:
            continue
        own.append(entry)
        asked.update({r.id: r for r in moment.requests if isinstance(r, RunAction)})
        if isinstance(entry.event, ActionEnded | ActionRefused) and entry.event.id in asked:
            known.setdefault(_name(asked[entry.event.id]), deque()).append(entry.event)
    main = fold.run.main if fold.run is not None else None
    if main is None or not own:
        raise UsageError("an action that is no workflow has nothing to replay")
    for task in (*results, *statuses):
        if task not in main.graph.tasks:
            raise UsageError(
                f"the workflow has no task `{task}`{did_you_mean(task, main.graph.tasks)}"
            )
    keys = found_keys(own)
    conductor = Conductor(main.graph, World(lambda key, decrypt: keys[key][0]))
    yield from _conduct(conductor, main, own[0].event, known, results, statuses)


def _conduct(
    conductor: Conductor,
    main: Execution,
    start: Event,
    known: Mapping[Asked, deque[Event]],
    results: Mapping[str, Any],
    statuses: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    """Answer every request at once, in the order in which they were asked."""
    assert isinstance(start, Start)
    twin = Execution(conductor, main.port, Step(main.step.task, execution=main.step.id), {})
    waiting: deque[Event] = deque([start])
    while waiting:
        event = waiting.popleft()
        try:
            requests = conductor.handle(event)
        except InvalidEvent:
            continue
        yield step_data(twin, event, requests)
        for request in requests:
            match request:
                case RunAction():
                    answer = _answer(request, known, results, statuses)
                    if answer is not None:
                        waiting.append(answer)
                case Wait(id):
                    waiting.append(TimerFired(id))


def _answer(
    request: RunAction,
    known: Mapping[Asked, deque[Event]],
    results: Mapping[str, Any],
    statuses: Mapping[str, str],
) -> Event | None:
    found = known.get(_name(request))
    event = found.popleft() if found else None
    if request.task in results or request.task in statuses:
        before = event if isinstance(event, ActionEnded) else ActionEnded(request.id, "succeeded")
        result = results.get(request.task, before.result)
        status = statuses.get(
            request.task, "succeeded" if request.task in results else before.status
        )
        return ActionEnded(request.id, status, result)
    match event:
        case ActionEnded(_, status, result):
            return ActionEnded(request.id, status, result)
        case ActionRefused(_, message):
            return ActionRefused(request.id, message)
        case _:
            return None


def _name(request: RunAction) -> Asked:
    return request.task, request.route, request.item, request.attempt
