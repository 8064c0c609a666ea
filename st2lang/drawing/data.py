"""The drawing as data, for programs that draw it themselves: all that SVG shows, with every place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from st2lang.drawing.layout import Point, Size
from st2lang.drawing.picture import Edge, Node, Picture
from st2lang.drawing.plan import Plan, plan
from st2lang.graph.writer import text


def render(picture: Picture) -> str:
    """JSON. Raises `DrawingError` when there is no package for layouts."""
    return text(as_data(plan(picture)))


def as_data(plan: Plan) -> dict[str, Any]:
    """`nodes` and `lines` with coordinates in pixels from the top left corner.

    `at` is the middle of a node or of a label; a line ends in an arrowhead where `arrow` is true.
    """
    picture = plan.picture
    return {
        "title": picture.title,
        "subtitle": picture.subtitle,
        "source": picture.source,
        **_size(plan.size),
        "nodes": [_node(node, plan) for node in picture.nodes],
        "labels": [
            {**_edges([label.edge]), "text": label.edge.label, **_at(label.at), **_size(label.size)}
            for label in plan.labels
        ],
        "lines": [
            {
                **_edges(line.edges),
                "to": list(dict.fromkeys(edge.target for edge in line.edges)),
                "arrow": line.ends,
                "points": [[_n(point.x), _n(point.y)] for point in line.points],
            }
            for line in plan.lines
        ],
    }


def _node(node: Node, plan: Plan) -> dict[str, Any]:
    told: dict[str, Any] = {"id": node.id, "kind": node.kind, "title": node.title}
    if node.action:
        told["action"] = node.action
    if node.notes:
        told["notes"] = list(node.notes)
    if node.task:
        told["task"] = node.task
    if node.place is not None:
        told["line"] = node.place.line
    if not node.reached:
        told["reached"] = False
    return {**told, **_at(plan.nodes[node.id]), **_size(plan.boxes[node.id].size)}


def _edges(edges: Iterable[Edge]) -> dict[str, Any]:
    first, *_ = edges
    told: dict[str, Any] = {"from": first.source, "tone": first.tone}
    if first.index is not None:
        told["transition"] = first.index
    if first.detail:
        told["detail"] = first.detail
    if first.back:
        told["back"] = True
    if first.place is not None:
        told["line"] = first.place.line
    return told


def _at(point: Point) -> dict[str, Any]:
    return {"at": [_n(point.x), _n(point.y)]}


def _size(size: Size) -> dict[str, Any]:
    return {"size": [_n(size.width), _n(size.height)]}


def _n(number: float) -> float:
    return round(number, 1) + 0.0
