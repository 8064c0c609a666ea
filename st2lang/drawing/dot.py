"""The language of Graphviz, for `dot -Tpdf` and whatever else reads it."""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.drawing.picture import Edge, Node, Picture
from st2lang.drawing.words import clean, wrapped

_COLOURS = {"success": "#1a7f37", "failure": "#cf222e", "plain": "#57606a"}
_SHAPES = {
    "start": 'shape=circle, width=0.18, style=filled, fillcolor="#57606a", label=""',
    "end": 'shape=doublecircle, width=0.12, style=filled, fillcolor="#57606a", label=""',
    "command": "shape=box, style=rounded, height=0.3",
    "task": 'shape=box, style="rounded,filled", fillcolor="#f6f8fa"',
    "missing": 'shape=box, style="rounded,dashed", color="#cf222e", fontcolor="#cf222e"',
}


def render(picture: Picture) -> str:
    """The picture as a digraph."""
    numbers = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    lines = [
        f"digraph {_quoted(picture.title)} {{",
        f"  label={_quoted(f'{picture.title}: {picture.subtitle}')}; labelloc=t;",
        '  node [fontname="Helvetica,Arial,sans-serif", fontsize=11, color="#8c959f"];',
        '  edge [fontname="Helvetica,Arial,sans-serif", fontsize=9, arrowsize=0.7];',
    ]
    lines += [f"  {numbers[node.id]} [{', '.join(_node(node))}];" for node in picture.nodes]
    for edge in picture.edges:
        ends = f"{numbers[edge.source]} -> {numbers[edge.target]}"
        lines.append(f"  {ends} [{', '.join(_edge(edge))}];")
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: Node) -> Iterator[str]:
    yield _SHAPES[node.kind]
    if node.kind in ("task", "missing", "command"):
        yield f"label={_quoted(*filter(None, (node.title, node.action, *node.notes)))}"
    if node.items:
        yield "peripheries=2"
    if node.title == "fail" and node.kind == "command":
        yield 'color="#cf222e", fontcolor="#cf222e"'
    if not node.reached:
        yield 'style="rounded,dashed", fontcolor="#8c959f"'
    if node.place is not None:
        yield f"tooltip={_quoted(f'line {node.place.line}')}"


def _edge(edge: Edge) -> Iterator[str]:
    yield f'color="{_COLOURS[edge.tone]}"'
    if edge.label:
        yield f'label={_quoted(*wrapped(edge.label))}, fontcolor="{_COLOURS[edge.tone]}"'
    if edge.detail:
        yield f"edgetooltip={_quoted(edge.detail)}"
    if edge.back:
        yield "style=dashed"


def _quoted(*lines: str) -> str:
    """Lines of text as one string: quotes and backslashes mean themselves."""
    escaped = (clean(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
