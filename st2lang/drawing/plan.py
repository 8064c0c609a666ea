"""A picture with a place for everything: what SVG draws, and what other programs get as data.

A transition with a condition becomes a box of its own, between its task and its targets. So the layout
keeps room for the words like for anything else, no label can lie on a line or on another label, and a
transition that leads to several tasks says its condition once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from st2lang.drawing import shapes
from st2lang.drawing.layout import Link, Point, Size, arrange
from st2lang.drawing.picture import Edge, Picture
from st2lang.record import record

HEAVY = 4.0
"""What follows a success stays in line; the way after a failure makes room."""


@record
class Line:
    """A line to draw for one or more edges. `ends`: it has an arrowhead."""

    edges: tuple[Edge, ...]
    points: tuple[Point, ...]
    ends: bool


@record
class Label:
    """The condition of a transition, with the middle of its room."""

    edge: Edge
    at: Point
    size: Size


@record
class Plan:
    """Everything with its place: the middle of every node by id, lines, labels, the size of it all."""

    picture: Picture
    boxes: Mapping[str, shapes.Box]
    nodes: Mapping[str, Point]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    size: Size


def plan(picture: Picture) -> Plan:
    """Place everything. Raises `DrawingError` when there is no package for layouts."""
    boxes = {node.id: shapes.box(node) for node in picture.nodes}
    sizes = {name: box.size for name, box in boxes.items()}
    labels: dict[str, Edge] = {}
    strokes: list[_Stroke] = []
    for (source, index), group in _transitions(picture):
        first = group[0]
        if not first.label:
            strokes += [_Stroke((edge,), source, edge.target, True, edge.back) for edge in group]
            continue
        name = f"{source}:{index}"
        labels[name] = first
        sizes[name] = shapes.label_size(first)
        above = all(edge.back and edge.target != source for edge in group)
        strokes.append(_Stroke(tuple(group), source, name, False, above))
        strokes += [_Stroke((edge,), name, edge.target, True, edge.back) for edge in group]
    layout = arrange(sizes, [stroke.link() for stroke in strokes])
    return Plan(
        picture,
        boxes,
        {name: layout.boxes[name] for name in boxes},
        tuple(
            Line(stroke.edges, points[::-1] if stroke.upwards else points, stroke.ends)
            for stroke, points in zip(strokes, layout.lines, strict=True)
        ),
        tuple(Label(edge, layout.boxes[name], sizes[name]) for name, edge in labels.items()),
        layout.size,
    )


@record
class _Stroke:
    """A line between two boxes that is yet to be placed. `upwards`: what it leads to lies above."""

    edges: tuple[Edge, ...]
    source: str
    target: str
    ends: bool
    upwards: bool

    def link(self) -> Link:
        """The line for the layout, which is asked to lead all lines down."""
        light = self.upwards or all(edge.tone == "failure" for edge in self.edges)
        low, high = (self.target, self.source) if self.upwards else (self.source, self.target)
        return Link(low, high, 1.0 if light else HEAVY)


def _transitions(picture: Picture) -> Iterator[tuple[tuple[str, int | None], list[Edge]]]:
    """The edges of each transition, by its task and its number."""
    found: dict[tuple[str, int | None], list[Edge]] = {}
    for edge in picture.edges:
        found.setdefault((edge.source, edge.index), []).append(edge)
    yield from found.items()
