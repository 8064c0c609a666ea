"""Mermaid flowcharts, which GitHub, GitLab and many wikis draw from a code block."""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.drawing.picture import Node, Picture
from st2lang.drawing.words import clean, wrapped

_SHAPES = {
    "start": ("((", "))"),
    "end": ("(((", ")))"),
    "command": ("([", "])"),
    "task": ("(", ")"),
    "missing": ("(", ")"),
}
_COLOURS = {"success": "#1a7f37", "failure": "#cf222e"}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.,:=+-/?!·×…")


def render(picture: Picture) -> str:
    """The picture as a flowchart."""
    numbers = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    lines = ["---", f"title: {_title(picture.title)}", "---", "flowchart TD"]
    lines += [f"  {numbers[node.id]}{_node(node)}" for node in picture.nodes]
    coloured: dict[str, list[str]] = {}
    for number, edge in enumerate(picture.edges):
        arrow = "-.->" if edge.back else "-->"
        label = "<br/>".join(map(_text, wrapped(edge.label)))
        told = f'|"{label}"|' if label else ""
        lines.append(f"  {numbers[edge.source]} {arrow}{told} {numbers[edge.target]}")
        if edge.tone != "plain":
            coloured.setdefault(edge.tone, []).append(str(number))
    for tone, edges in sorted(coloured.items()):
        colour = _COLOURS[tone]
        lines.append(f"  linkStyle {','.join(edges)} stroke:{colour},color:{colour}")
    return "\n".join([*lines, *_classes(picture, numbers)]) + "\n"


def _node(node: Node) -> str:
    opening, closing = ("[[", "]]") if node.items else _SHAPES[node.kind]
    shown = (node.title, node.action, *node.notes) if node.kind in ("task", "missing") else ()
    text = "<br/>".join(map(_text, filter(None, shown))) or _text(node.title)
    return f'{opening}"{text}"{closing}'


def _classes(picture: Picture, numbers: dict[str, str]) -> Iterator[str]:
    """Dashed is what no way leads to, red what fails or does not exist."""
    unreached = [numbers[node.id] for node in picture.nodes if not node.reached]
    failing = [
        numbers[node.id]
        for node in picture.nodes
        if node.kind == "command" and node.title == "fail"
    ]
    missing = [numbers[node.id] for node in picture.nodes if node.kind == "missing"]
    for name, style, members in (
        ("unreached", "stroke-dasharray:5 3,opacity:0.6", unreached),
        ("failing", "stroke:#cf222e,color:#cf222e", failing),
        ("missing", "stroke:#cf222e,color:#cf222e,stroke-dasharray:5 3", missing),
    ):
        if members:
            yield f"  classDef {name} {style}"
            yield f"  class {','.join(members)} {name}"


def _text(text: str) -> str:
    """A text in quotes: whatever may have a meaning in Mermaid, Markdown or HTML as its entity code."""
    flat = clean(text)
    return "".join(char if char in _PLAIN or char.isalnum() else f"#{ord(char)};" for char in flat)


def _title(text: str) -> str:
    """The title is YAML."""
    flat = clean(text)
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'
