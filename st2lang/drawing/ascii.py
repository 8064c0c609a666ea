"""For a terminal: a line a task, a line a transition, and rails from each transition to its task.

A box drawing of fifty tasks is wider than any terminal. So tasks stand one below the other, every
transition says what it leads to, and to the left of them a rail for each task that is led to joins the
transitions with it: like the graph of `git log`, but with every name in words.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.drawing import Paint
from st2lang.drawing.measure import columns
from st2lang.drawing.picture import START, Edge, Node, Picture
from st2lang.drawing.rails import Rails
from st2lang.drawing.words import clean
from st2lang.record import record

NAMES = 40
"""Actions stand in one column unless a name is longer than this."""

_TEXT = 44
"""The columns that rails leave to the words."""

_STYLE = {"success": "added", "failure": "removed", "plain": ""}
_PLAIN = str.maketrans(
    {"→": ">", "·": "-", "…": "~", "×": "x", "●": "*", "○": "o", "▶": ">", "↑": "^"}
)


@record
class Row:
    """A line: the task that it is, or the edges of one transition of that task."""

    node: Node
    edges: tuple[Edge, ...] = ()


Segment = tuple[str, str]
"""A style and a text."""


def render(
    picture: Picture, width: int = 100, *, plain: bool = False, paint: Paint | None = None
) -> str:
    """The picture in lines of at most so many columns; `plain`: in 7-bit characters."""
    nodes = {node.id: node for node in picture.nodes}
    rows = list(_rows(picture, nodes))
    begin = {edge.target for edge in picture.edges if edge.source == START}
    most = max(0, (width - _TEXT) // 2)
    rails = Rails({name: numbers for name, numbers in _spans(rows) if len(numbers) > 1}, most)
    named = [columns(clean(node.title)) for node in picture.nodes if node.kind == "task"]
    column = min(max(named, default=0), NAMES)
    lines = [[("place", clean(picture.title)), ("", f" · {picture.subtitle}")], []]
    for number, row in enumerate(rows):
        targets = [edge.target for edge in row.edges] if row.edges else [row.node.id]
        drawn, joined = rails.line(number, targets)
        if row.edges:
            drawn += "───" if joined else "   "
            lines.append([("frame", drawn), *_way(row, nodes, width - len(drawn))])
            continue
        mark = "─▶" if joined else " ●" if row.node.id in begin else " ○"
        lines.append([("frame", drawn + mark), *_task(row.node, column)])
    return "".join(_shown(line, width, plain, paint) for line in lines)


def _rows(picture: Picture, nodes: dict[str, Node]) -> Iterator[Row]:
    ways: dict[str, dict[int | None, list[Edge]]] = {}
    for edge in picture.edges:
        ways.setdefault(edge.source, {}).setdefault(edge.index, []).append(edge)
    for node in picture.nodes:
        if node.kind == "task":
            yield Row(node)
            for edges in ways.get(node.id, {}).values():
                if edges[0].label or nodes[edges[0].target].kind != "end":
                    yield Row(node, tuple(edges))


def _spans(rows: list[Row]) -> Iterator[tuple[str, list[int]]]:
    """For every task the lines that a rail has to join: transitions that lead to it, and its own."""
    found: dict[str, list[int]] = {row.node.id: [] for row in rows}
    for number, row in enumerate(rows):
        for name in [edge.target for edge in row.edges] if row.edges else [row.node.id]:
            if name in found and number not in found[name]:
                found[name].append(number)
    yield from found.items()


def _task(node: Node, column: int) -> Iterator[Segment]:
    title = clean(node.title)
    yield "place", f" {title}"
    told = [node.action] if node.action else []
    if told or node.notes:
        yield "", " " * max(0, column - columns(title)) + f"  {clean(''.join(told))}"
    for note in node.notes:
        yield "check", f" · {note}"
    if not node.reached:
        yield "removed", " · no way leads here"


def _way(row: Row, nodes: dict[str, Node], room: int) -> Iterator[Segment]:
    """A transition in so many columns: its targets whole, its condition as far as there is room."""
    first = row.edges[0]
    targets = list(_targets(row, nodes))
    label = clean(first.label)
    left = room - sum(columns(text) for _, text in targets) - 4
    if columns(label) > left:
        label = _cut(label, max(left, 12))
    yield _STYLE[first.tone], f" {label} → " if label else " → "
    yield from targets


def _targets(row: Row, nodes: dict[str, Node]) -> Iterator[Segment]:
    for position, edge in enumerate(row.edges):
        node = nodes[edge.target]
        failing = node.kind == "missing" or (node.kind == "command" and node.title == "fail")
        told = " (no such task)" if node.kind == "missing" else " ↑" if edge.back else ""
        yield "", ", " if position else ""
        yield "removed" if failing else "", clean(node.title) + told


def _shown(segments: list[Segment], width: int, plain: bool, paint: Paint | None) -> str:
    """A line, cut where it is too long."""
    left, parts = width, []
    for style, text in segments:
        shown = text if columns(text) <= left else _cut(text, left)
        left -= columns(shown)
        if plain:
            shown = _seven_bit(shown)
        parts.append(paint(style, shown) if paint and style else shown)
        if len(shown) < len(text):
            break
    return "".join(parts).rstrip() + "\n"


def _cut(text: str, most: int) -> str:
    while text and columns(text) > most - 1:
        text = text[:-1]
    return f"{text}…" if most > 0 else ""


def _seven_bit(text: str) -> str:
    return Rails.plain(text).translate(_PLAIN).encode("ascii", "replace").decode("ascii")
