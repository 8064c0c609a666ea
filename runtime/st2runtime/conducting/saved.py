"""The state of an execution as JSON data, and back.

Contexts are written as what each adds to another, so that the data grows with the work alone. What is as
usual is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2runtime.conducting.context import Context, root
from st2runtime.conducting.plan import Plan
from st2runtime.conducting.state import Flight, Items, Retrying, Staged, State, TaskRun
from st2runtime.conducting.values import read, written
from st2runtime.requests import RunAction

VERSION = 1
_PLAIN = ("status", "began", "output", "told", "numbers")


def save(state: State) -> dict[str, Any]:
    """The state as JSON data, which shares lists and dicts with it."""
    tables = _Tables()
    data: dict[str, Any] = {"version": VERSION}
    data |= {name: getattr(state, name) for name in _PLAIN}
    data["routes"] = list(state.routes)
    data["errors"] = list(state.errors)
    data["contexts"] = list(state.contexts)
    data["runs"] = [_save_run(run, tables) for run in state.runs]
    data["staged"] = [_save_staged(one, tables, state) for one in state.staged.values()]
    data["items"] = tables.data
    data["flights"] = [_save_flight(one) for one in state.flights.values()]
    data["waits"] = {name: list(ids) for name, ids in state.waits.items()}
    if state.moments:
        data["moments"] = True
        for name in ("contexts", "runs"):
            data[name] = written(data[name])
    return data


class _Tables:
    """Items that are saved once, though a task run and what is staged share them."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self._places: dict[int, int] = {}

    def place(self, items: Items) -> int:
        place = self._places.get(id(items))
        if place is None:
            place = self._places[id(items)] = len(self.data)
            work = items.work
            self.data.append(
                {
                    "statuses": list(items.statuses),
                    "results": list(items.results),
                    "waiting": list(items.waiting),
                    "work": None if work is None else [[i, *part] for i, part in work.items()],
                    "concurrency": items.concurrency,
                }
            )
        return place


def _save_run(run: TaskRun, tables: _Tables) -> dict[str, Any]:
    found: dict[str, Any] = {
        "task": run.task,
        "route": run.route,
        "status": run.status,
        "context": run.context.number,
        "attempt": run.attempt,
    }
    if run.state != run.status:
        found["state"] = run.state
    if run.result is not None:
        found["result"] = run.result
    for name in ("previous", "taken", "published", "terminal"):
        value = getattr(run, name)
        if value:
            found[name] = value
    if run.next:
        found["next"] = [[index, *targets] for index, targets in run.next.items()]
    if run.retry is not None:
        retry = run.retry
        found["retry"] = [retry.when, retry.count, retry.delay, retry.tally]
    if run.items is not None:
        found["items"] = tables.place(run.items)
    return found


def _save_staged(staged: Staged, tables: _Tables, state: State) -> dict[str, Any]:
    return {
        "task": staged.task,
        "route": staged.route,
        "context": staged.context.number,
        "previous": dict(staged.previous),
        "number": staged.number,
        "ready": staged.ready,
        "ended": staged.ended,
        "remedy": staged.key in state.remedies,
        "due": staged.key in state.due,
        "items": None if staged.items is None else tables.place(staged.items),
        "retry": staged.retry is not None,
    }


def _save_flight(flight: Flight) -> dict[str, Any]:
    held: RunAction | None = flight.held
    return {
        "id": flight.id,
        "run": flight.run.seq,
        "item": flight.item,
        "phase": flight.phase,
        "void": flight.void,
        "stopped": flight.stopped,
        "held": held and [held.action, held.input, held.attempt, held.delay],
    }


def load(data: Mapping[str, Any], plan: Plan) -> State:
    """The state that `save` has written, with its counts."""
    state = State()
    for name in _PLAIN:
        setattr(state, name, data[name])
    given = dict(data)
    if data.get("moments"):
        given |= {name: read(data[name]) for name in ("contexts", "runs")}
        state.moments = {object}
    state.routes = [list(route) for route in given["routes"]]
    state.errors = list(given["errors"])
    state.contexts = list(given["contexts"])
    contexts = _contexts(state.contexts)
    tables = [_load_items(one) for one in given["items"]]
    for one in given["runs"]:
        _load_run(state, one, contexts, tables)
    for one in given["staged"]:
        _load_staged(state, one, contexts, tables)
    for one in given["flights"]:
        _load_flight(state, one)
    state.waits = {name: tuple(ids) for name, ids in given["waits"].items()}
    _count(state, plan)
    return state


def _contexts(nodes: list[dict[str, Any]]) -> list[Context]:
    found: list[Context] = []
    for number, node in enumerate(nodes):
        match node:
            case {"from": int(before), "with": int(other)}:
                found.append(found[before].joined(found[other], number))
            case {"from": int(before), "set": dict(values)}:
                found.append(found[before].published(values, number))
            case _:
                found.append(root(node["set"]))
    return found


def _load_items(data: Mapping[str, Any]) -> Items:
    items = Items(list(data["statuses"]))
    items.results = list(data["results"])
    items.waiting.clear()
    items.waiting.extend(data["waiting"])
    if data["work"] is not None:
        items.work = {index: (action, given) for index, action, given in data["work"]}
    items.concurrency = data["concurrency"]
    return items


def _load_run(
    state: State, data: Mapping[str, Any], contexts: list[Context], tables: list[Items]
) -> None:
    key = (data["task"], data["route"])
    run = TaskRun(len(state.runs), key, contexts[data["context"]])
    run.status = data["status"]
    run.state = data.get("state", run.status)
    run.attempt = data["attempt"]
    run.result = data.get("result")
    run.previous = data.get("previous", {})
    run.taken = data.get("taken", 0)
    run.published = data.get("published", {})
    run.terminal = data.get("terminal", False)
    run.next = {index: tuple(targets) for index, *targets in data.get("next", ())}
    if "retry" in data:
        run.retry = Retrying(*data["retry"])
    if "items" in data:
        run.items = tables[data["items"]]
    state.runs.append(run)
    state.latest[run.key] = run


def _load_staged(
    state: State, data: Mapping[str, Any], contexts: list[Context], tables: list[Items]
) -> None:
    key = (data["task"], data["route"])
    staged = Staged(key, contexts[data["context"]], dict(data["previous"]), data["number"])
    staged.ready, staged.ended = data["ready"], data["ended"]
    if data["items"] is not None:
        staged.items = tables[data["items"]]
    if data["retry"]:
        staged.retry = state.latest[key].retry
    state.staged[key] = staged
    if data["due"]:
        state.due[key] = staged
    if data["remedy"]:
        state.remedies.add(key)
    state.ready += staged.ready and not staged.ended


def _load_flight(state: State, data: Mapping[str, Any]) -> None:
    run = state.runs[data["run"]]
    flight = Flight(data["id"], run, data["item"], data["phase"])
    flight.void, flight.stopped = data["void"], data["stopped"]
    if data["held"] is not None:
        action, given, attempt, delay = data["held"]
        flight.held = RunAction(
            flight.id, run.task, run.route, action, given, flight.item, attempt, delay
        )
    state.flights[flight.id] = flight


def _count(state: State, plan: Plan) -> None:
    """Count what is counted while a workflow runs: latest task runs by status, arrivals at joins."""
    for (task, route), run in state.latest.items():
        state.counts[run.status] += 1
        for join, mask in plan.steps[task].joins:
            state.seen[join, route] += 1
            state.arrived[join, route] += bool(run.taken & mask)
