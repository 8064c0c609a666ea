"""The shapes of nodes: how much room each needs, and what is drawn in it, around its middle."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import ceil

from st2lang.drawing.layout import Size
from st2lang.drawing.measure import width
from st2lang.drawing.picture import Edge, Node
from st2lang.drawing.words import short, wrapped
from st2lang.patterns import lazy
from st2lang.record import record

NAME, ACTION, NOTE, LABEL, TITLE, SUBTITLE = 13.0, 11.0, 10.5, 10.5, 17.0, 12.0
PADDING, LEAST, STACK, LABEL_LINE = 14.0, 96.0, 4.0, 13.0
_NOT_XML = lazy("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@record
class Line:
    """A line of text in a node: its class in the style sheet and its baseline from the node's top."""

    style: str
    text: str
    baseline: float


def whole(wide: float, high: float) -> Size:
    """A size in even pixels: then the middles are whole, and lines between them straight."""
    return Size(2.0 * ceil(wide / 2), 2.0 * ceil(high / 2))


@record
class Box:
    """The room of a node and the lines of text in it."""

    size: Size
    lines: tuple[Line, ...] = ()


def drawable(text: str) -> str:
    """A text that XML can hold: characters that it forbids are replaced."""
    return _NOT_XML.sub("\ufffd", text)


def label_size(edge: Edge) -> Size:
    """The room of an edge's label."""
    lines = wrapped(edge.label)
    return whole(max(width(line, LABEL) for line in lines) + 14, 5 + LABEL_LINE * len(lines))


def title_width(text: str) -> float:
    """The width of the heading."""
    return width(text, TITLE, bold=True)


def subtitle_width(text: str) -> float:
    """The width of the line below the heading."""
    return width(text, SUBTITLE)


def box(node: Node) -> Box:
    """How much room a node needs."""
    match node.kind:
        case "start":
            return Box(Size(16, 16))
        case "end":
            return Box(Size(18, 18))
        case "command":
            text = Line("name", node.title, 16.0)
            return Box(whole(width(node.title, ACTION, bold=True) + 24, 24), (text,))
        case _:
            return _task(node)


def _task(node: Node) -> Box:
    lines = [Line("name", short(node.title, 48), 22.0)]
    wide = [width(lines[0].text, NAME, bold=True)]
    baseline = 22.0
    if node.action:
        baseline += 16
        lines.append(Line("action", node.action, baseline))
        wide.append(width(node.action, ACTION, mono=True))
    for note in node.notes:
        baseline += 15
        lines.append(Line("note", note, baseline))
        wide.append(width(note, NOTE))
    behind = STACK if node.items else 0.0
    return Box(
        whole(max(LEAST, max(wide) + 2 * PADDING) + behind, baseline + 12 + behind), tuple(lines)
    )


def drawn(node: Node, box: Box) -> Iterator[str]:
    """The elements of a node around its middle at 0, 0."""
    wide, high = box.size.width, box.size.height
    left, top = -wide / 2, -high / 2
    match node.kind:
        case "start":
            yield '<circle r="7"/>'
        case "end":
            yield '<circle r="8"/><circle class="core" r="4"/>'
        case "command":
            yield _rect("shape", left, top, wide, high, high / 2)
        case _:
            if node.items:
                wide, high = wide - STACK, high - STACK
                yield _rect("behind", left + STACK, top, wide, high)
                top += STACK
            yield _rect("shape", left, top, wide, high)
            if node.join:
                yield f'<path class="bar" d="M{n(left + 8)} {n(top)}h{n(wide - 16)}"/>'
    for line in box.lines:
        text = escape(drawable(line.text), quote=False)
        yield f'<text class="{line.style}" x="{n(left + wide / 2)}" y="{n(top + line.baseline)}">{text}</text>'


def _rect(style: str, left: float, top: float, wide: float, high: float, radius: float = 8) -> str:
    return (
        f'<rect class="{style}" x="{n(left)}" y="{n(top)}" width="{n(wide)}" height="{n(high)}" '
        f'rx="{n(radius)}"/>'
    )


def n(number: float) -> str:
    """A number as SVG has it, with one decimal at the most."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
