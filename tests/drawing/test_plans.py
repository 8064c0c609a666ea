"""Nothing lies on anything else in a drawing, and no line runs through what it does not belong to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawing.drawings import workflows
from hypothesis import given, settings
from lowering.graphs import ALL, compiled

from st2lang import graph as ir
from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.drawing import DrawingError, draw
from st2lang.drawing.layout import Point, Size
from st2lang.drawing.picture import Edge, picture
from st2lang.drawing.plan import Plan, plan
from st2lang.source import Source

Rect = tuple[float, float, float, float]
SLACK = 0.5


def rect(at: Point, size: Size) -> Rect:
    half, tall = size.width / 2, size.height / 2
    return at.x - half, at.y - tall, at.x + half, at.y + tall


def boxes(drawn: Plan) -> dict[str, Rect]:
    """Every node and every label."""
    found = {name: rect(drawn.nodes[name], box.size) for name, box in drawn.boxes.items()}
    labels = {f"{one.edge.source}:{one.edge.index}": one for one in drawn.labels}
    return {**found, **{name: rect(one.at, one.size) for name, one in labels.items()}}


def overlap(a: Rect, b: Rect) -> bool:
    return (
        a[0] + SLACK < b[2] and b[0] + SLACK < a[2] and a[1] + SLACK < b[3] and b[1] + SLACK < a[3]
    )


def clashes(drawn: Plan) -> Iterator[str]:
    found = boxes(drawn)
    names = sorted(found)
    for i, one in enumerate(names):
        if not overlap(found[one], (0, 0, drawn.size.width, drawn.size.height)):
            yield f"{one} lies outside"
        yield from (f"{one} on {b}" for b in names[i + 1 :] if overlap(found[one], found[b]))
    for line in drawn.lines:
        for start, end in zip(line.points, line.points[1:], strict=False):
            segment = (
                min(start.x, end.x) - SLACK,
                min(start.y, end.y) - SLACK,
                max(start.x, end.x) + SLACK,
                max(start.y, end.y) + SLACK,
            )
            own = {name for edge in line.edges for name in ends(edge)}
            inside = (name for name, box in found.items() if overlap(segment, shrunk(box)))
            yield from (
                f"a line of {line.edges[0].source} runs through {name}"
                for name in inside
                if name not in own
            )


def ends(edge: Edge) -> tuple[str, ...]:
    """What a line belongs to, and is drawn below."""
    return edge.source, edge.target, f"{edge.source}:{edge.index}"


def shrunk(box: Rect) -> Rect:
    """A line ends on the border of its boxes."""
    return box[0] + 1.5, box[1] + 1.5, box[2] - 1.5, box[3] - 1.5


@given(workflows(most=9))
@settings(max_examples=40)
def test_random_graphs_are_drawn_without_clashes(graph: ir.Graph) -> None:
    drawn = plan(picture(graph))
    assert list(clashes(drawn)) == []
    assert plan(picture(graph)) == drawn


def test_the_corpus_is_drawn_without_clashes(corpus: Path) -> None:
    count = 0
    for path in sorted((corpus / "packs").rglob("*.yaml")):
        document = Document(Source(str(path), path.read_text(encoding="utf-8")))
        if document.workflow is not None:
            count += 1
            drawn = plan(picture(compile_document(document)))
            assert list(clashes(drawn)) == [], path
    assert count > 100


@given(workflows())
@settings(max_examples=30)
def test_every_line_leads_from_its_source_to_its_target(graph: ir.Graph) -> None:
    drawn = plan(picture(graph))
    found = boxes(drawn)
    arrows = [line for line in drawn.lines if line.ends]
    assert len(arrows) == len(drawn.picture.edges)
    for line in arrows:
        (edge,) = line.edges
        source = f"{edge.source}:{edge.index}" if edge.label else edge.source
        assert on_border(line.points[0], found[source])
        assert on_border(line.points[-1], found[edge.target])


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_arrowheads_stand_apart(case: Path) -> None:
    arrows = [line for line in plan(picture(compiled(case))).lines if line.ends]
    for number, one in enumerate(arrows):
        for other in arrows[number + 1 :]:
            if one.edges[0].target == other.edges[0].target:
                tip, second = one.points[-1], other.points[-1]
                assert abs(tip.x - second.x) + abs(tip.y - second.y) > 8


def on_border(point: Point, box: Rect) -> bool:
    """Circles are round, so a line may end up to their radius inside of their box."""
    left, top, right, bottom = box
    reach = 9.5 if right - left < 20 else 1.0
    inside = left - 1 <= point.x <= right + 1 and top - 1 <= point.y <= bottom + 1
    edge = min(abs(point.x - left), abs(point.x - right), abs(point.y - top), abs(point.y - bottom))
    return inside and edge <= reach


def test_svg_is_xml_with_data_for_every_node_and_edge() -> None:
    case = next(c for c in ALL if c.stem == "commands")
    graph = compiled(case)
    root = ElementTree.fromstring(draw(graph, "svg"))
    groups = root.iter("{http://www.w3.org/2000/svg}g")
    told = [group.attrib for group in groups if "class" in group.attrib]
    tasks = [one for one in told if "data-task" in one]
    assert [(one["data-task"], one["data-line"]) for one in tasks] == [
        ("deploy", "3"),
        ("roll_back", "15"),
    ]
    nodes = [one for one in told if "data-kind" in one]
    assert {one["data-kind"] for one in nodes} == {"start", "task", "command", "end"}
    commands = [one for one in nodes if one["data-kind"] == "command"]
    assert {one["data-after"] for one in commands} == {"deploy"}
    ways = [one for one in told if one.get("data-from") == "task:deploy" and "data-to" in one]
    assert {one["data-transition"] for one in ways} == {"0", "1", "2", "3", "4"}
    assert all(one["data-line"] in "67891011121314" for one in ways)


@given(workflows(most=5))
@settings(max_examples=30)
def test_svg_escapes_what_it_is_given(graph: ir.Graph) -> None:
    nasty = '<script>&amp;"\x00\x1b[31m\ud800 ]]>'
    tasks = dict(graph.tasks)
    tasks[nasty] = ir.Task(
        nasty,
        ir.Action(nasty),
        transitions=(ir.Transition(0, f"<% {nasty} %>", targets=(nasty, f"{nasty}2")),),
    )
    drawn = draw(ir.Graph(ir.ORQUESTA, nasty, tasks, source=nasty), "svg")
    root = ElementTree.fromstring(drawn.encode("utf-8"))
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert "\x1b" not in drawn


def test_without_the_package_for_layouts_svg_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "graphlay", None)
    graph = compiled(ALL[0])
    for form in ("svg", "json"):
        with pytest.raises(DrawingError, match="need the package graphlay"):
            draw(graph, form)
    for form in ("ascii", "mermaid", "dot"):
        assert draw(graph, form)
