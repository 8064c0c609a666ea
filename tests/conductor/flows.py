"""Random workflows: Orquesta graphs and ActionChains, as data that a YAML parser gives."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.graph import Graph
from st2lang.source import Source

COMMANDS = ("continue", "noop", "fail", "retry")
WHENS = (
    "<% succeeded() %>",
    "<% failed() %>",
    "<% completed() %>",
    "<% result() = 1 %>",
    "<% ctx().a > 1 %>",
    "{{ ctx('b') }}",
)
BROKEN = "<% ctx().no_such_variable %>"
VALUES = (
    1,
    True,
    "text",
    "<% result() %>",
    "<% ctx().a + 1 %>",
    "<% dict(k => ctx().a) %>",
    "{{ ctx('a') }}",
    "<% task_status(t0) %>",
    "<% task(t1).result %>",
)
ITEMS = (
    "<% ctx().xs %>",
    "<% range(ctx().a).toList() %>",
    "x in <% ctx().xs %>",
    "x, y in <% zip(ctx().xs, ctx().xs) %>",
    "<% list() %>",
)


def compiled(spec: dict[str, Any], kind: str) -> Graph:
    """The graph of a workflow given as data."""
    from st2runtime.rehearsal.data import to_yaml

    return compile_document(Document(Source("flow.yaml", to_yaml(spec)), kind=kind))


def rarely(draw: Any, value: Any, otherwise: Any, one_in: int = 24) -> Any:
    """A value once in a while, else the other one."""
    return value if draw(st.integers(1, one_in)) == one_in else otherwise


@st.composite
def orquesta(draw: Any, sound: bool = False) -> dict[str, Any]:
    """An Orquesta workflow. `sound`: no expression fails and every target is defined."""
    count = draw(st.integers(1, 6))
    names = [f"t{index}" for index in range(count)]
    tasks = {name: _task(draw, index, names, sound) for index, name in enumerate(names)}
    spec: dict[str, Any] = {
        "version": 1.0,
        "input": [{"a": 1}, {"xs": [1, 2, 3]}],
        "vars": [{"b": False}, {"d": {"k": 0}}],
        "tasks": tasks,
    }
    if draw(st.booleans()):
        spec["output"] = [{"a": "<% ctx().a %>"}, {"d": "<% ctx().d %>"}]
    return spec


def _task(draw: Any, index: int, names: list[str], sound: bool) -> dict[str, Any]:
    task: dict[str, Any] = {}
    kind = draw(st.sampled_from(("plain", "plain", "plain", "items", "nothing")))
    if kind != "nothing":
        task["action"] = "core.echo"
    if kind == "plain" and draw(st.booleans()):
        given = draw(st.sampled_from(("text", "<% ctx().a %>", "<% ctx().d %>")))
        task["input"] = {"message": given if sound else rarely(draw, BROKEN, given)}
    if kind == "items":
        task["with"] = {"items": draw(st.sampled_from(ITEMS))}
        if draw(st.booleans()):
            task["with"]["concurrency"] = draw(st.integers(1 if sound else 0, 3))
        task["input"] = {"message": "<% item() %>"}
    if index and draw(st.integers(0, 2)) == 0:
        task["join"] = draw(st.sampled_from(("all", "all", 1, 2, 3)))
    if draw(st.integers(0, 3)) == 0:
        task["retry"] = _retry(draw)
    if draw(st.integers(0, 5)) == 0:
        task["delay"] = draw(st.sampled_from((0, 1, 2, "<% ctx().a %>" if not sound else 1)))
    ways = [_transition(draw, index, names, sound) for _ in range(draw(st.integers(0, 3)))]
    if ways:
        task["next"] = ways
    return task


def _retry(draw: Any) -> dict[str, Any]:
    retry: dict[str, Any] = {"count": draw(st.integers(0, 2))}
    if draw(st.booleans()):
        retry["delay"] = draw(st.integers(0, 2))
    when = draw(st.sampled_from((None, "<% failed() %>", "<% result() = 1 %>")))
    return retry if when is None else {"when": when, **retry}


def _transition(draw: Any, index: int, names: list[str], sound: bool) -> dict[str, Any]:
    way: dict[str, Any] = {}
    when = draw(st.none() | st.sampled_from(WHENS))
    if when is not None:
        way["when"] = when if sound else rarely(draw, BROKEN, when)
    if draw(st.integers(0, 2)) == 0:
        published = draw(st.lists(st.tuples(st.sampled_from("abd"), st.sampled_from(VALUES[:6]))))
        way["publish"] = [{name: value} for name, value in published]
    later = [name for name in names[index + 1 :] for _ in range(4)]
    targets = draw(st.lists(st.sampled_from([*later, *names, *COMMANDS]), max_size=3, unique=True))
    if targets:
        way["do"] = targets if sound else rarely(draw, [*targets, "nowhere"], targets, 60)
    return way or {"do": "continue"}


@st.composite
def chain(draw: Any) -> dict[str, Any]:
    """An ActionChain."""
    names = [f"n{index}" for index in range(draw(st.integers(1, 5)))]
    return {
        "vars": {"v": draw(st.sampled_from((1, "text", "{{ a }}", [1, "{{ a }}"])))},
        "chain": [_node(draw, name, names) for name in names],
    }


def _node(draw: Any, name: str, names: list[str]) -> dict[str, Any]:
    node: dict[str, Any] = {"name": name, "ref": "core.echo"}
    given = draw(st.sampled_from((None, "{{ a }}", "{{ v }} and {{ a }}", 3)))
    if given is not None:
        node["parameters"] = {"message": rarely(draw, "{{ nothing }}", given)}
    for way in ("on-success", "on-failure"):
        if draw(st.integers(0, 3)):
            target = draw(st.sampled_from(names))
            node[way] = rarely(draw, "nowhere", target, 60)
    if draw(st.integers(0, 2)) == 0:
        node["publish"] = {"v": rarely(draw, "{{ nothing }}", "{{ " + name + " }}")}
    if draw(st.integers(0, 3)) == 0:
        node["retry"] = {"count": draw(st.integers(0, 2)), "delay": draw(st.integers(0, 1))}
    return node
