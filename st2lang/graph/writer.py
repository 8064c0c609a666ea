"""The written form of a graph: canonical, so that it can be hashed and compared byte by byte.

A member that has its usual value (None, False, nothing, `on: any`) is left out, with a few that a reader
always wants to see. Members stand in the order of the records, so that a diff follows the source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from st2lang.graph.model import (
    Action,
    Assignment,
    Graph,
    Items,
    Place,
    Retry,
    Task,
    Transition,
)
from st2lang.patterns import lazy

Data = dict[str, Any]

_SURROGATE = lazy("[\ud800-\udfff]")


def written(graph: Graph) -> Data:
    """All of a graph as JSON data, without its hash."""
    return _graph(graph, places=True)


def digest(graph: Graph) -> str:
    """SHA-256, in hexadecimal, of the graph without its name, its source and places."""
    meaning = _graph(graph, places=False)
    for told in ("name", "source"):
        meaning.pop(told, None)
    canonical = json.dumps(meaning, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def text(data: Data) -> str:
    """JSON for people and for `diff`, which UTF-8 can hold whatever strings there are in it."""
    found = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    if found.isascii():
        return found
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", found)


def _graph(graph: Graph, places: bool) -> Data:
    data: Data = {
        "version": graph.version,
        "semantics": graph.semantics,
        "name": graph.name,
        "source": graph.source,
        "start": list(graph.start),
    }
    for name in ("input", "vars", "output"):
        _assignments(data, name, getattr(graph, name), places)
    if graph.parameters:
        data["parameters"] = graph.parameters
    data["tasks"] = [_task(task, places) for task in graph.tasks.values()]
    return data


def _task(task: Task, places: bool) -> Data:
    data: Data = {"name": task.name}
    if task.action is not None:
        data["action"] = _action(task.action, places)
    _put(data, "input", task.input)
    if task.items is not None:
        data["items"] = _items(task.items, places)
    _put(data, "join", task.join)
    _put(data, "delay", task.delay)
    if task.retry is not None:
        data["retry"] = _retry(task.retry, places)
    _assignments(data, "publish", task.publish, places)
    if task.transitions:
        data["transitions"] = [_transition(one, places) for one in task.transitions]
    if task.split:
        data["split"] = True
    if task.cyclic:
        data["cyclic"] = True
    _put(data, "notify", task.notify)
    if places:
        _place(data, task.place)
        if task.places:
            data["places"] = {name: _shown(place) for name, place in task.places.items()}
    return data


def _action(action: Action, places: bool) -> Data:
    data: Data = {"text": action.text}
    _put(data, "ref", action.ref)
    _put(data, "runner", action.runner)
    _put(data, "parameters", action.parameters)
    if places:
        _place(data, action.place)
    return data


def _items(items: Items, places: bool) -> Data:
    data: Data = {"names": list(items.names)} if items.names else {}
    data["items"] = items.items
    _put(data, "concurrency", items.concurrency)
    if places:
        _place(data, items.place)
    return data


def _retry(retry: Retry, places: bool) -> Data:
    data: Data = {}
    for name in ("when", "count", "delay"):
        _put(data, name, getattr(retry, name))
    if places:
        _place(data, retry.place)
    return data


def _transition(transition: Transition, places: bool) -> Data:
    data: Data = {"index": transition.index}
    _put(data, "when", transition.when)
    if transition.on != "any":
        data["on"] = transition.on
    _assignments(data, "publish", transition.publish, places)
    if transition.targets:
        data["targets"] = list(transition.targets)
    if places:
        _place(data, transition.place)
    return data


def _assignments(data: Data, name: str, assignments: Iterable[Assignment], places: bool) -> None:
    found = [_assignment(one, places) for one in assignments]
    if found:
        data[name] = found


def _assignment(assignment: Assignment, places: bool) -> Data:
    data: Data = {"name": assignment.name}
    if assignment.given:
        data["value"] = assignment.value
    if places:
        _place(data, assignment.place)
    return data


def _put(data: Data, name: str, value: Any) -> None:
    if value is not None:
        data[name] = value


def _place(data: Data, place: Place | None) -> None:
    if place is not None:
        data["place"] = _shown(place)


def _shown(place: Place) -> str:
    return f"{place.line}:{place.column}-{place.end_line}:{place.end_column}"
