"""The written form: inverse to reading, canonical, and as the schema says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lowering.graphs import ALL, compiled, errors_of, graphs

from st2lang import graph as ir
from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.record import replace
from st2lang.source import Source

TOP = Path(__file__).parents[2]


@given(graphs())
@settings(max_examples=60)
def test_reading_is_inverse_to_writing(graph: ir.Graph) -> None:
    text = graph.to_text()
    again = ir.from_text(text)
    assert again == graph
    assert again.to_text() == text
    assert again.hash == graph.hash
    assert text.encode("utf-8").decode("utf-8") == text
    assert [task.place for task in again.tasks.values()] == [t.place for t in graph.tasks.values()]
    assert list(errors_of(json.loads(text))) == []


def without_places(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: without_places(v) for k, v in data.items() if k not in ("place", "places")}
    return [without_places(one) for one in data] if isinstance(data, list) else data


@given(graphs(), st.data())
@settings(max_examples=60)
def test_every_member_but_name_source_and_places_is_part_of_the_hash(
    graph: ir.Graph, data: st.DataObject
) -> None:
    wire = graph.to_json()
    del wire["hash"]
    step: list[tuple[Any, Any]] = []

    def leaves(node: Any, path: tuple[Any, ...]) -> None:
        pairs = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in list(pairs):
            here = (*path, key)
            if isinstance(value, dict | list) and value:
                leaves(value, here)
            elif here[0] not in ("version", "semantics"):
                step.append((node, here))

    leaves(wire, ())
    node, path = data.draw(st.sampled_from(step))
    before = node[path[-1]]
    node[path[-1]] = data.draw(
        st.sampled_from([True, "other", 7, {"x": 1}, ["y"]]).filter(
            lambda value: json.dumps(value) != json.dumps(before)
        )
    )
    try:
        changed = ir.from_json(wire)
    except ir.GraphError:
        return  # no value for this member
    same = without_places(changed.to_json()) == without_places(graph.to_json())
    told = path[0] in ("name", "source")
    assert (changed.hash == graph.hash) is (same or told)


SAME = {
    "comments": lambda text: "# hello\n\n" + text.replace("\n", "  # why\n", 1) + "\n# the end\n",
    "blank lines": lambda text: text.replace("\n", "\n\n", 1),
    "line ends": lambda text: text.replace("\n", "\r\n"),
    "indentation": lambda text: "\n".join(
        " " * (len(line) - len(line.lstrip())) + line for line in text.split("\n")
    ),
}


@pytest.mark.parametrize("change", SAME)
@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_layout_is_no_part_of_the_hash(case: Path, change: str) -> None:
    text = case.read_text(encoding="utf-8")
    graph = compiled(case)
    other = compiled(case, SAME[change](text), "elsewhere/other.yaml")
    assert other.hash == graph.hash
    assert other.source == "elsewhere/other.yaml"


CHANGES = [
    ("core.noop", "core.echo"),
    ("do: shared", "do: after"),
    ("  after: ", "  other: "),
    ("left:", "leftmost:"),
    ("[{do: shared}]", "[{when: <% failed() %>, do: shared}]"),
    ("{action: core.noop}", "{action: core.noop, join: 1}"),
    ("{action: core.noop}", "{action: core.noop, input: {a: 1}}"),
    ("{action: core.noop}", "{action: core.noop, delay: 1}"),
    ("{action: core.noop}", "{action: core.noop, retry: {count: 1}}"),
    ("{action: core.noop}", "{action: core.noop, with: <% [1] %>}"),
    ("version: 1.0", "version: 1.0\nvars:\n  - a: 1"),
    ("version: 1.0", "version: 1.0\ninput: [a]"),
    ("version: 1.0", "version: 1.0\noutput:\n  - a: 1"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_a_change_of_meaning_changes_the_hash(old: str, new: str) -> None:
    case = next(case for case in ALL if case.stem == "routes")
    text = case.read_text(encoding="utf-8")
    assert old in text
    assert compiled(case, text.replace(old, new, 1)).hash != compiled(case).hash


def test_the_order_of_tasks_and_of_publishing_is_part_of_the_hash() -> None:
    graph = compiled(next(case for case in ALL if case.stem == "data"))
    first, *rest = graph.vars
    assert replace(graph, vars=(*rest, first)).hash != graph.hash
    assert replace(graph, name="other", source="x").hash == graph.hash


def test_another_process_writes_the_same_bytes() -> None:
    script = (
        "import sys; from pathlib import Path; from lowering.graphs import ALL, compiled;"
        "sys.stdout.buffer.write(''.join(compiled(c).to_text() for c in ALL).encode())"
    )
    path = os.pathsep.join((str(TOP / "tests"), str(TOP)))
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert seen.pop().startswith(b'{\n "hash": "')


def test_every_node_has_a_place() -> None:
    for case in ALL:
        graph = compiled(case)
        lines = case.read_text(encoding="utf-8").split("\n")
        for task in graph.tasks.values():
            transitions = task.transitions
            nodes = [task, task.action, task.items, task.retry, *transitions, *task.publish]
            nodes += [one for transition in transitions for one in transition.publish]
            for node in (node for node in nodes if node is not None):
                assert node.place is not None
                assert 1 <= node.place.line <= len(lines)
            assert task.place is not None
            written = lines[task.place.line - 1][task.place.column - 1 :]
            assert written.startswith(task.name)
            for name, place in task.places.items():
                if name.startswith("input."):
                    written = lines[place.line - 1][place.column - 1 :].strip('"')
                    assert written.startswith(name.removeprefix("input."))
        for one in (*graph.input, *graph.vars, *graph.output):
            assert one.place is not None
            assert lines[one.place.line - 1][one.place.column - 1 :].startswith(one.name)


def workflows(folder: Path) -> list[Path]:
    return [*folder.rglob("*.yaml"), *folder.rglob("*.yml")]


def test_the_corpus_compiles_to_valid_graphs(corpus: Path) -> None:
    count = 0
    for path in (
        workflows(corpus / "packs") + sorted(workflows(corpus / "recorded" / "mutants"))[::4]
    ):
        text = path.read_text(encoding="utf-8", errors="replace")
        document = Document(Source(str(path), text))
        if document.workflow is None:
            continue
        count += 1
        graph = compile_document(document)
        text = graph.to_text()
        assert ir.from_text(text) == graph
        assert list(errors_of(json.loads(text))) == [], path
    assert count > 200
