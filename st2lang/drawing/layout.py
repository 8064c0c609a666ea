"""Where everything goes: a layered layout by the package graphlay, behind a face of our own.

graphlay places boxes in layers, reverses as few links as it must and leads lines around what stands in
their way, all without a random number or a clock: the same graph always gives the same drawing. Nothing
else in the house knows about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from st2lang.drawing import DrawingError
from st2lang.record import record

OPTIONS = {
    "spacing": {
        "layer_gap": 24.0,
        "node_gap": 26.0,
        "dummy_gap": 20.0,
        "isolated_gap": 30.0,
        "stub": 12.0,
    },
    "routing": {"bundle_parallel": False},
}

BRANCHES = ("straight_main", "symmetric")
"""Two ways to place what branches off; which one looks better depends on the graph, so both are tried."""


@record
class Size:
    """Width and height in pixels."""

    width: float
    height: float


@record
class Point:
    """A place in the drawing, in pixels from its top left corner."""

    x: float
    y: float


@record
class Link:
    """A line to draw from one box to another; the heavier, the shorter and straighter it becomes."""

    source: str
    target: str
    weight: float = 1.0


@record
class Layout:
    """The middle of every box by its id, for every link in order the corners of its line, and the size.

    A line begins on the border of its source and ends on that of its target.
    """

    boxes: Mapping[str, Point]
    lines: tuple[tuple[Point, ...], ...]
    size: Size


def arrange(boxes: Mapping[str, Size], links: Sequence[Link]) -> Layout:
    """Place boxes of these sizes and the links between them. Raises `DrawingError` without graphlay."""
    try:
        import graphlay
    except ImportError as error:
        raise DrawingError(
            "svg and json need the package graphlay, which is not there for this system: "
            "ascii, mermaid and dot do without it"
        ) from error

    numbers = {name: number for number, name in enumerate(boxes)}
    request = {
        "nodes": [
            {"size": {"width": size.width, "height": size.height}} for size in boxes.values()
        ],
        "edges": [
            {"source": numbers[link.source], "target": numbers[link.target], "weight": link.weight}
            for link in links
        ],
    }
    tried = [
        graphlay.layout(
            request, preset="process_map", options={**OPTIONS, "coords": {"branch_style": branch}}
        )
        for branch in BRANCHES
    ]
    raw = min(tried, key=_effort).raw
    low, high = raw["bounds"]["min"], raw["bounds"]["max"]

    def point(data: Mapping[str, float]) -> Point:
        return Point(data["x"] - low["x"], data["y"] - low["y"])

    return Layout(
        {name: point(raw["nodes"][number]["center"]) for name, number in numbers.items()},
        tuple(tuple(map(point, edge["points"])) for edge in raw["edges"]),
        Size(high["x"] - low["x"], high["y"] - low["y"]),
    )


def _effort(drawing: Any) -> tuple[float, ...]:
    """What it takes to read a drawing: crossings, then bends, then room."""
    found = drawing.metrics()
    return found["crossings"], found["bends"], found["area"]
