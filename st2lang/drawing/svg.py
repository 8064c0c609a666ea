"""SVG: one file without scripts, fonts or links to elsewhere, for light and dark pages alike.

Every node is a group with `data-kind`, `data-line` and the `data-task` that it is, or that it comes
`data-after`; every line and label is one with `data-from`, `data-to`, `data-transition` and `data-line`. So
an editor can answer a click. Shapes are drawn where
`layout.py` puts them; arrowheads are paths of their own, because markers have ids and ids clash when two
drawings stand in one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from st2lang.drawing import shapes
from st2lang.drawing.layout import Point
from st2lang.drawing.picture import Edge, Node, Picture
from st2lang.drawing.plan import Label, Line, Plan, plan
from st2lang.drawing.shapes import n
from st2lang.drawing.style import STYLE
from st2lang.drawing.words import wrapped

MARGIN = 24.0
HEADER = 50.0


def render(picture: Picture) -> str:
    """The picture as an SVG document. Raises `DrawingError` when there is no package for layouts."""
    found = plan(picture)
    titles = (shapes.title_width(picture.title), shapes.subtitle_width(picture.subtitle))
    width = max(found.size.width, *titles) + 2 * MARGIN
    height = found.size.height + HEADER + 2 * MARGIN
    left = (width - found.size.width) / 2
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="st2c-graph" role="img" '
        f'viewBox="0 0 {n(width)} {n(height)}" width="{n(width)}" height="{n(height)}"'
        f"{_attributes({'source': picture.source})}>",
        f"<title>{_text(picture.title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{n(width)}" height="{n(height)}"/>',
        f'<text class="title" x="{n(MARGIN)}" y="{n(MARGIN + 14)}">{_text(picture.title)}</text>',
        f'<text class="subtitle" x="{n(MARGIN)}" y="{n(MARGIN + 32)}">'
        f"{_text(picture.subtitle)}</text>",
        f'<g transform="translate({n(left)} {n(MARGIN + HEADER)})">',
        *(part for line in found.lines for part in _line(line)),
        *(part for label in found.labels for part in _label(label)),
        *(part for node in picture.nodes for part in _node(node, found)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _line(line: Line) -> Iterator[str]:
    edge = line.edges[0]
    back = " back" if all(edge.back for edge in line.edges) else ""
    yield f'<g class="edge {edge.tone}{back}"{_data(edge, line.edges)}>'
    yield from _detail(edge)
    yield f'<path class="line" d="{_path(line)}"/>'
    if line.ends:
        yield f'<path class="head" d="{_arrow(line.points)}"/>'
    yield "</g>"


def _label(label: Label) -> Iterator[str]:
    edge, at, size = label.edge, label.at, label.size
    yield f'<g class="label {edge.tone}"{_data(edge, ())}>'
    yield from _detail(edge)
    yield (
        f'<rect x="{n(at.x - size.width / 2)}" y="{n(at.y - size.height / 2)}" '
        f'width="{n(size.width)}" height="{n(size.height)}" rx="9"/>'
    )
    baseline = at.y - size.height / 2 + shapes.LABEL_LINE
    for number, text in enumerate(wrapped(edge.label)):
        y = baseline + number * shapes.LABEL_LINE
        yield f'<text x="{n(at.x)}" y="{n(y)}">{_text(text)}</text>'
    yield "</g>"


def _detail(edge: Edge) -> Iterator[str]:
    if edge.detail:
        yield f"<title>{_text(edge.detail)}</title>"


def _data(edge: Edge, edges: Iterable[Edge]) -> str:
    told = {"from": edge.source}
    targets = " ".join(dict.fromkeys(one.target for one in edges))
    if targets:
        told["to"] = targets
    if edge.index is not None:
        told["transition"] = str(edge.index)
    if edge.place is not None:
        told["line"] = str(edge.place.line)
    return _attributes(told)


def _node(node: Node, plan: Plan) -> Iterator[str]:
    at = plan.nodes[node.id]
    told = {"kind": node.kind, "id": node.id}
    if node.task:
        told["task" if node.kind == "task" else "after"] = node.task
    if node.place is not None:
        told["line"] = str(node.place.line)
    classes = ["node", node.kind, node.title if node.kind == "command" else ""]
    classes += ["" if node.reached else "unreached", "join" if node.join else ""]
    yield (
        f'<g class="{" ".join(name for name in classes if name)}"{_attributes(told)} '
        f'transform="translate({n(at.x)} {n(at.y)})">'
    )
    yield f"<title>{_text(_tooltip(node))}</title>"
    yield from shapes.drawn(node, plan.boxes[node.id])
    yield "</g>"


def _tooltip(node: Node) -> str:
    unreached = () if node.reached else ("no way leads here",)
    line = () if node.place is None else (f"line {node.place.line}",)
    return "\n".join(filter(None, (node.title, node.action, *node.notes, *unreached, *line)))


def _path(line: Line, radius: float = 9.0) -> str:
    """The line with its corners rounded; before an arrowhead it stops a little earlier."""
    points = list(line.points)
    if line.ends:
        points[-1] = _towards(points[-1], points[-2], 6.0)
    found = [f"M{_at(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        found.append(
            f"L{_at(_towards(corner, before, reach))}"
            f"Q{_at(corner)} {_at(_towards(corner, after, reach))}"
        )
    return "".join([*found, f"L{_at(points[-1])}"])


def _arrow(points: tuple[Point, ...], length: float = 9.0, half: float = 4.0) -> str:
    tip = points[-1]
    base = _towards(tip, points[-2], length)
    scale = half / length
    across = Point((tip.y - base.y) * scale, (base.x - tip.x) * scale)
    left = Point(base.x + across.x, base.y + across.y)
    right = Point(base.x - across.x, base.y - across.y)
    return f"M{_at(tip)}L{_at(left)}L{_at(right)}Z"


def _distance(a: Point, b: Point) -> float:
    return float(((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5)


def _towards(start: Point, end: Point, length: float) -> Point:
    """The point so far from `start` on the way to `end`, and no further than that."""
    whole = _distance(start, end)
    part = min(length, whole) / whole if whole else 0.0
    return Point(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)


def _at(point: Point) -> str:
    return f"{n(point.x)} {n(point.y)}"


def _attributes(told: dict[str, str]) -> str:
    return "".join(f' data-{name}="{_attribute(value)}"' for name, value in told.items())


def _attribute(text: str) -> str:
    return escape(shapes.drawable(text), quote=True)


def _text(text: str) -> str:
    return escape(shapes.drawable(text), quote=False)
