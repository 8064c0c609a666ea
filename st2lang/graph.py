"""The intermediate graph: what a workflow means, whatever language it was written in.

Orquesta and ActionChain are both lowered to it (`compile.py`); the conductor executes it, `st2c graph`
draws it, and nothing after it looks at YAML again. Values are JSON data with the expressions in them as
text: they are compiled when they are first evaluated, once for each text.

A graph is frozen and versioned. `to_json` and `from_json` are inverse to each other; the written form is
canonical, so that the same source gives the same bytes. Its schema is `graph.schema.json`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from st2lang.record import field, record

VERSION = 1
"""Of the written form. A reader refuses what it does not know."""

ORQUESTA, CHAIN = "orquesta", "action-chain"

COMMANDS = ("continue", "noop", "fail", "retry")
"""Targets that are no tasks but commands to the engine (Orquesta)."""


@record
class Place:
    """Where something stands in the source: lines and columns from 1, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@record
class Assignment:
    """A name given a value: an input with its default, a variable, a published value, an output.

    `given` is False for an input without a default.
    """

    name: str
    value: Any = None
    given: bool = True
    place: Place | None = field(default=None, compare=False)


@record
class Action:
    """What a task runs. `text` is the reference as written, and may be an expression.

    `ref`, `runner` and `parameters` (the JSON schema of each, those of the runner included) are known when
    the action was found at compile time; `parameters` is None when it was not.
    """

    text: str
    ref: str | None = None
    runner: str | None = None
    parameters: Mapping[str, Mapping[str, Any]] | None = None
    place: Place | None = field(default=None, compare=False)


@record
class Items:
    """With-items. `names` are what an item is unpacked into; none when it is one value."""

    names: tuple[str, ...]
    items: Any
    concurrency: Any = None
    place: Place | None = field(default=None, compare=False)


@record
class Retry:
    """Further tries. `when` None means: when the task has failed. Delays are in seconds."""

    when: Any = None
    count: Any = None
    delay: Any = None
    place: Place | None = field(default=None, compare=False)


@record
class Transition:
    """A way out of a task. `on` is `any`, or ActionChain's `success` or `failure`.

    `index` is its position among the task's transitions as written. `targets` are tasks or `COMMANDS`; no
    target means that the branch ends here. A target that is no task of the graph stands as written.
    """

    index: int
    when: Any = None
    on: str = "any"
    publish: tuple[Assignment, ...] = ()
    targets: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)


@record
class Task:
    """A node of the graph.

    `input` is a mapping of parameters, or one expression that gives it. `join` is None, "all" or a count
    of inbound tasks. `split`: every arrival runs the task on a route of its own. `cyclic`: it is part of a
    loop. `publish` happens whatever the outcome (ActionChain). `notify` is what the source says.
    """

    name: str
    action: Action | None = None
    input: Any = None
    items: Items | None = None
    join: str | int | None = None
    delay: Any = None
    retry: Retry | None = None
    publish: tuple[Assignment, ...] = ()
    transitions: tuple[Transition, ...] = ()
    split: bool = False
    cyclic: bool = False
    notify: Any = None
    place: Place | None = field(default=None, compare=False)


@record(slots=False)
class Graph:
    """A compiled workflow.

    `parameters` are the schemas of the action that the workflow is, by name, where its metadata was
    found: what values are cast to, and which are secret. `start` are the tasks it begins with, in the
    order of the source. `source` is the path of the file, for messages alone.
    """

    semantics: str
    name: str
    tasks: Mapping[str, Task]
    start: tuple[str, ...] = ()
    input: tuple[Assignment, ...] = ()
    vars: tuple[Assignment, ...] = ()
    output: tuple[Assignment, ...] = ()
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: int = VERSION
    source: str = field(default="", compare=False)

    @property
    def orquesta(self) -> bool:
        """True for the meaning of Orquesta, False for that of ActionChain."""
        return self.semantics == ORQUESTA

    @cached_property
    def inbound(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """For every task the (task, index of the transition) that lead to it, each once."""
        found: dict[str, dict[tuple[str, int], None]] = {name: {} for name in self.tasks}
        for name, task in self.tasks.items():
            for transition in task.transitions:
                for target in transition.targets:
                    if target in found and not self.is_command(target):
                        found[target][name, transition.index] = None
        return {name: tuple(edges) for name, edges in found.items()}

    def is_command(self, target: str) -> bool:
        """Whether a target is a command to the engine."""
        return target in COMMANDS and self.orquesta

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the graph means: without places, the path of the source and notes for people."""
        meaning = _data(self, places=False)
        del meaning["source"]
        return hashlib.sha256(_canonical(meaning).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The graph as JSON data, its hash included. Empty members are left out."""
        return {"hash": self.hash, **_data(self, places=True)}

    def to_text(self) -> str:
        """The graph as it is written to a file: the same graph gives the same bytes."""
        return json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n"


class GraphError(ValueError):
    """Data that is no graph, or one of another version; the message says what and where."""


def from_json(data: Any) -> Graph:
    """The graph that `to_json` has written. Raises `GraphError`."""
    if not isinstance(data, dict) or not isinstance(data.get("tasks"), list):
        raise GraphError("this is no compiled graph: `st2c compile FILE` makes one")
    if data.get("version") != VERSION:
        raise GraphError(
            f"version {data.get('version')!r} of the graph is unknown; this st2c reads {VERSION}"
        )
    try:
        graph = _graph(data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise GraphError(f"the graph is damaged: {type(error).__name__}: {error}") from error
    if data.get("hash", graph.hash) != graph.hash:
        raise GraphError("the graph does not match its hash: it was changed after it was compiled")
    return graph


def _graph(data: dict[str, Any]) -> Graph:
    return Graph(
        semantics=data["semantics"],
        name=data["name"],
        tasks={one["name"]: _task(one) for one in data["tasks"]},
        start=tuple(data["start"]),
        input=_assignments(data.get("input")),
        vars=_assignments(data.get("vars")),
        output=_assignments(data.get("output")),
        parameters=data.get("parameters") or {},
        source=data.get("source", ""),
    )


def _task(data: dict[str, Any]) -> Task:
    items, retry, action = data.get("items"), data.get("retry"), data.get("action")
    return Task(
        name=data["name"],
        action=action and Action(**{**action, "place": _place(action)}),
        input=data.get("input"),
        items=items
        and Items(
            tuple(items.get("names", ())), items["items"], items.get("concurrency"), _place(items)
        ),
        join=data.get("join"),
        delay=data.get("delay"),
        retry=retry and Retry(**{**retry, "place": _place(retry)}),
        publish=_assignments(data.get("publish")),
        transitions=tuple(
            Transition(
                one["index"],
                one.get("when"),
                one.get("on", "any"),
                _assignments(one.get("publish")),
                tuple(one.get("targets", ())),
                _place(one),
            )
            for one in data.get("transitions", ())
        ),
        split=data.get("split", False),
        cyclic=data.get("cyclic", False),
        notify=data.get("notify"),
        place=_place(data),
    )


def _assignments(data: list[dict[str, Any]] | None) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(one["name"], one.get("value"), "value" in one, _place(one)) for one in data or ()
    )


def _place(data: dict[str, Any]) -> Place | None:
    return Place(*data["place"]) if "place" in data else None


def _data(node: Any, places: bool) -> Any:
    """Records as dicts without their empty members; JSON data as it is."""
    match node:
        case Place():
            return [node.line, node.column, node.end_line, node.end_column]
        case Assignment(name, value, given, place):
            found: dict[str, Any] = {"name": name}
            if given:
                found["value"] = value
            if places and place is not None:
                found["place"] = _data(place, places)
            return found
        case Graph() | Task() | Action() | Items() | Retry() | Transition():
            fields = type(node).__record_fields__  # type: ignore[union-attr]
            return {
                name: _member(name, getattr(node, name), places)
                for name in fields
                if _written(name, getattr(node, name), places)
            }
        case _:
            return node


def _member(name: str, value: Any, places: bool) -> Any:
    if name == "tasks":
        return [_data(task, places) for task in value.values()]
    if isinstance(value, tuple):
        return [_data(part, places) for part in value]
    return _data(value, places)


_ALWAYS = frozenset(("tasks", "start", "version", "semantics", "source", "name", "index"))


def _written(name: str, value: Any, places: bool) -> bool:
    """Whether a member is told: what has its usual value is not."""
    if name == "place":
        return places and value is not None
    if name == "items":
        return value is not None
    if name in _ALWAYS:
        return True
    usual = value is None or value is False or value == () or (name == "parameters" and value == {})
    return not usual and not (name == "on" and value == "any")


def _canonical(data: Any) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))
