"""Reads what `Graph.to_json` has written, and refuses everything else.

The reader is as strict as the schema and much faster than a validator; tests hold the two together. Only
when it refuses something is the schema asked, because that can say where and why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from st2lang.graph.model import (
    CHAIN,
    ORQUESTA,
    VERSION,
    Action,
    Assignment,
    Graph,
    GraphError,
    Items,
    Place,
    Retry,
    Task,
    Transition,
)
from st2lang.patterns import lazy

Data = dict[str, Any]

_RANGE = lazy("([1-9][0-9]{0,8}):([1-9][0-9]{0,8})-([1-9][0-9]{0,8}):([1-9][0-9]{0,8})")
NO_GRAPH = "this is no compiled graph: `st2c compile FILE` makes one"


class _WrongError(Exception):
    """Something in the data is not as the schema has it."""


def from_text(text: str) -> Graph:
    """The graph in the text of a file. Raises `GraphError`."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise GraphError("the graph is damaged: it is nested too deeply") from error
    except ValueError as error:
        raise GraphError(f"this is no JSON: {error}") from error
    return from_json(data)


def from_json(data: Any) -> Graph:
    """The graph that `to_json` has written. Raises `GraphError`.

    Data without a hash is taken as it is; with one it must be what was compiled.
    """
    if not isinstance(data, dict) or not isinstance(data.get("tasks"), list):
        raise GraphError(NO_GRAPH)
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        raise GraphError(
            f"version {version!r} of the graph is unknown; this st2c reads version {VERSION}: "
            "compile the workflow again"
        )
    try:
        graph = _graph(data)
        told = _optional(data, "hash", str)
        if told is not None and told != graph.hash:
            raise GraphError("the graph does not match its hash: it was changed after compiling")
    except (_WrongError, KeyError) as error:
        from st2lang.graph.damage import explain

        raise GraphError(explain(data)) from error
    except RecursionError as error:
        raise GraphError("the graph is damaged: it is nested too deeply") from error
    return graph


def _graph(data: Data) -> Graph:
    _members(data, _GRAPH)
    semantics = _of(data, "semantics", str)
    if semantics not in (ORQUESTA, CHAIN):
        raise _WrongError
    tasks: dict[str, Task] = {}
    for one in data["tasks"]:
        task = _task(_mapping(one))
        if task.name in tasks:
            raise GraphError(f"the graph is damaged: there are two tasks `{task.name}`")
        tasks[task.name] = task
    start = _texts(data["start"])
    for name in start:
        if name not in tasks:
            raise GraphError(f"the graph is damaged: it starts with `{name}`, which is no task")
    return Graph(
        semantics=semantics,
        name=_of(data, "name", str),
        tasks=tasks,
        start=start,
        input=_assignments(data, "input"),
        vars=_assignments(data, "vars"),
        output=_assignments(data, "output"),
        parameters=_schemas(data) or {},
        source=_optional(data, "source", str) or "",
    )


def _task(data: Data) -> Task:
    _members(data, _TASK)
    items, retry, action = data.get("items"), data.get("retry"), data.get("action")
    join = data.get("join")
    if join is not None and join != "all" and type(join) is not int:
        raise _WrongError
    return Task(
        name=_of(data, "name", str),
        action=None if action is None else _action(_mapping(action)),
        input=data.get("input"),
        items=None if items is None else _items(_mapping(items)),
        join=join,
        delay=data.get("delay"),
        retry=None if retry is None else _retry(_mapping(retry)),
        publish=_assignments(data, "publish"),
        transitions=tuple([_transition(one) for one in _mappings(data, "transitions")]),
        split=_optional(data, "split", bool) or False,
        cyclic=_optional(data, "cyclic", bool) or False,
        notify=data.get("notify"),
        place=_place(data),
        places={name: _range(text) for name, text in _mapping(data.get("places", {})).items()},
    )


def _action(data: Data) -> Action:
    _members(data, _ACTION)
    return Action(
        _of(data, "text", str),
        _optional(data, "ref", str),
        _optional(data, "runner", str),
        _schemas(data),
        _place(data),
    )


def _items(data: Data) -> Items:
    _members(data, _ITEMS)
    names = _texts(data.get("names", []))
    return Items(names, data["items"], data.get("concurrency"), _place(data))


def _retry(data: Data) -> Retry:
    _members(data, _RETRY)
    return Retry(data.get("when"), data.get("count"), data.get("delay"), _place(data))


def _transition(data: Data) -> Transition:
    _members(data, _TRANSITION)
    on = data.get("on", "any")
    if on not in ("any", "success", "failure"):
        raise _WrongError
    index = _of(data, "index", int)
    if index < 0:
        raise _WrongError
    return Transition(
        index,
        data.get("when"),
        on,
        _assignments(data, "publish"),
        _texts(data.get("targets", [])),
        _place(data),
    )


def _assignments(data: Data, name: str) -> tuple[Assignment, ...]:
    return tuple([_assignment(one) for one in _mappings(data, name)])


def _assignment(data: Data) -> Assignment:
    _members(data, _ASSIGNMENT)
    return Assignment(_of(data, "name", str), data.get("value"), "value" in data, _place(data))


def _schemas(data: Data) -> Mapping[str, Mapping[str, Any]] | None:
    found = data.get("parameters")
    if found is None:
        return None
    for schema in _mapping(found).values():
        _mapping(schema)
    return _mapping(found)


def _place(data: Data) -> Place | None:
    return _range(data["place"]) if "place" in data else None


def _range(text: Any) -> Place:
    found = _RANGE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise _WrongError
    return Place(*map(int, found.groups()))


def _members(data: Data, known: frozenset[str]) -> None:
    """Refuse members that are not known, and nulls: what is not there is left out."""
    for name, value in data.items():
        if name not in known or (value is None and name not in _MAY_BE_NULL):
            raise _WrongError


def _of(data: Data, name: str, kind: type) -> Any:
    value = data[name]
    if type(value) is not kind:
        raise _WrongError
    return value


def _optional(data: Data, name: str, kind: type) -> Any:
    return _of(data, name, kind) if name in data else None


def _mapping(data: Any) -> Data:
    if not isinstance(data, dict):
        raise _WrongError
    return data


def _mappings(data: Data, name: str) -> Iterator[Data]:
    value = data.get(name, ())
    if name in data and not isinstance(value, list):
        raise _WrongError
    return map(_mapping, value)


def _texts(data: Any) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(text, str) for text in data):
        raise _WrongError
    return tuple(data)


_GRAPH = frozenset(("hash", *Graph.__match_args__))
_TASK = frozenset(Task.__match_args__)
_ACTION = frozenset(Action.__match_args__)
_ITEMS = frozenset(Items.__match_args__)
_RETRY = frozenset(Retry.__match_args__)
_TRANSITION = frozenset(Transition.__match_args__)
_ASSIGNMENT = frozenset(("name", "value", "place"))
_MAY_BE_NULL = frozenset(("value", "items"))
