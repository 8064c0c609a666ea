"""Reading refuses what is no graph, says where, and agrees with the published schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering.graphs import ALL, compiled, errors_of

from st2lang import graph as ir

WIRE = {f"{case.parent.name}/{case.stem}": compiled(case).to_json() for case in ALL}


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def paths(data: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if here:
        yield here
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from paths(data[key], (*here, key))


values = st.sampled_from([None, True, -1, 0, 3, "all", "x", [], ["a"], "5:1-5:2", {}, {"a": 1}])


@given(st.data())
@settings(max_examples=150)
def test_the_reader_is_as_strict_as_the_schema(data: st.DataObject) -> None:
    wire = json.loads(json.dumps(WIRE[data.draw(st.sampled_from(sorted(WIRE)))]))
    del wire["hash"]
    path = data.draw(st.sampled_from(list(paths(wire))))
    holder, key = at(wire, path[:-1]), path[-1]
    match data.draw(st.sampled_from(("replace", "remove", "add"))):
        case "replace":
            holder[key] = data.draw(values)
        case "remove":
            holder.pop(key)
        case "add":
            target = holder if isinstance(holder, dict) else at(wire, path)
            if not isinstance(target, dict):
                return
            name = data.draw(
                st.sampled_from(("extra", "when", "place", "names", "publish", "join"))
            )
            target[name] = data.draw(values)
    problems = list(errors_of(wire))
    refusal = refused(wire)
    if refusal is None:
        assert problems == []
    else:
        assert problems or "is no task" in refusal or "two tasks" in refusal, refusal
        assert "\n" not in refusal
        assert refusal != "the graph is damaged"


def refused(wire: Any) -> str | None:
    """Why data is refused; None when it is a graph, and then it comes back as it was."""
    try:
        graph = ir.from_json(wire)
    except ir.GraphError as error:
        return str(error)
    assert ir.from_json(graph.to_json()) == graph
    return None


def changed(path: tuple[Any, ...], value: Any) -> Any:
    wire = json.loads(json.dumps(WIRE["orquesta/loop"]))
    at(wire, path[:-1])[path[-1]] = value
    return wire


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "this is no compiled graph: `st2c compile FILE` makes one"),
        ({"tasks": {}}, "this is no compiled graph: `st2c compile FILE` makes one"),
        (
            changed(("version",), 2),
            "version 2 of the graph is unknown; this st2c reads version 1: compile the workflow again",
        ),
        (changed(("name",), "x"), None),
        (
            changed(("tasks", 1, "transitions", 0, "index"), "first"),
            "the graph is damaged: tasks[1].transitions[0].index (task `step`): must be a whole number, "
            'not "first"',
        ),
        (
            changed(("tasks", 0, "acton"), {}),
            "the graph is damaged: tasks[0] (task `begin`): `acton` is unknown; did you mean `action`?",
        ),
        (
            changed(("tasks", 0, "place"), "5:0-5:2"),
            "the graph is damaged: tasks[0].place (task `begin`): must be a place such as `5:13-5:22`, "
            'not "5:0-5:2"',
        ),
        (changed(("tasks", 0), {}), "the graph is damaged: tasks[0]: `name` is missing"),
        (
            changed(("semantics",), "mistral"),
            'the graph is damaged: semantics: must be "orquesta" or "action-chain", not "mistral"',
        ),
        (
            changed(("start",), ["nobody"]),
            "the graph is damaged: it starts with `nobody`, which is no task",
        ),
        (
            changed(("tasks", 0, "name"), "step"),
            "the graph is damaged: there are two tasks `step`",
        ),
        (
            changed(("tasks", 0, "action", "text"), "core.other"),
            "the graph does not match its hash: it was changed after compiling",
        ),
    ],
)
def test_damage_is_explained(data: Any, message: str | None) -> None:
    if message is None:
        assert ir.from_json(data).name == "x"
        return
    assert refused(data) == message


def test_text_that_is_no_json_is_explained() -> None:
    with pytest.raises(ir.GraphError, match="this is no JSON: Expecting value"):
        ir.from_text("version: 1.0")
    deep = '{"version": 1, "tasks": [' + "[" * 200_000
    with pytest.raises(ir.GraphError, match="nested too deeply"):
        ir.from_text(deep)
