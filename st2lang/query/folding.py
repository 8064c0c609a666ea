"""What can be folded away: blocks below a key or a dash, texts over several lines, comments."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from st2lang.query import extent
from st2lang.query.tree import scalar_at
from st2lang.record import record
from st2lang.source import Source, Span
from st2lang.yaml import Mapping, Node, Scalar, Sequence, walk

if TYPE_CHECKING:
    from st2lang.document import Document


class Fold(Enum):
    """What is folded: a block of the file, or comments."""

    REGION = "region"
    COMMENT = "comment"


@record
class Folding:
    """A piece that can be folded, from the end of its first line to the end of its last.

    `span` begins somewhere on the line that stays visible and ends on the last one that is folded away;
    it always goes over at least two lines.
    """

    span: Span
    kind: Fold = Fold.REGION


def find(document: Document) -> tuple[Folding, ...]:
    """The foldings of a file in the order of the text, no two beginning on the same line with the same end."""
    source = document.source
    found: dict[tuple[int, int], Folding] = {}
    for root in document.yaml.documents:
        for span in _blocks(source.text, root):
            lines = source.position(span.start).line, source.position(span.end).line
            if lines[0] < lines[1]:
                found.setdefault(lines, Folding(span))
    for span in _comments(document):
        lines = source.position(span.start).line, source.position(span.end).line
        found.setdefault(lines, Folding(span, Fold.COMMENT))
    return tuple(sorted(found.values(), key=lambda f: (f.span.start, -f.span.end)))


def _blocks(text: str, root: Node) -> Iterator[Span]:
    for _, node in walk(root):
        if isinstance(node, Mapping):
            for key, value in node.entries:
                yield extent.trimmed(text, key.start, value.end)
        if isinstance(node, Sequence):
            for item in node.items:
                yield extent.of_node(text, item)
        if isinstance(node, Scalar):
            yield extent.of_node(text, node)


def _comments(document: Document) -> Iterator[Span]:
    """Several lines of nothing but comments."""
    source = document.source
    lines = [n for n in range(1, len(source.line_starts) + 1) if _is_comment(document, source, n)]
    starts = [n for i, n in enumerate(lines) if i == 0 or lines[i - 1] != n - 1]
    ends = [a for a, b in pairwise([*lines, 0]) if b != a + 1]
    for first, last in zip(starts, ends, strict=True):
        if first < last:
            yield Span(source.line_span(first).start, source.line_span(last).end)


def _is_comment(document: Document, source: Source, line: int) -> bool:
    text = source.line_text(line)
    content = text.lstrip()
    if not content.startswith("#"):
        return False
    start = source.line_span(line).start + len(text) - len(content)
    scalar = scalar_at(document, start)
    return scalar is None or not scalar.start < start < scalar.end
