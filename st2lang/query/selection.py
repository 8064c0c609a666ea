"""Ever larger pieces around a place: from the word in an expression to the whole file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.query import cursor as cursors
from st2lang.query import extent, nodes
from st2lang.query.cursor import Cursor, Fragment
from st2lang.query.segments import Form, lex
from st2lang.source import Span
from st2lang.yaml import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from st2lang.document import Document


def ranges(document: Document, offset: int) -> tuple[Span, ...]:
    """The spans around an offset, the innermost first, each larger than the one before; the last is the file.

    Words and nodes of an expression, its code, the expression with its delimiters, the text of the scalar,
    the scalar, its entry (`key: value`, or a list item with its dash), the block, and so on up.
    """
    cursor = cursors.at(document, offset)
    whole = Span(0, len(document.source.text))
    found: list[Span] = []
    for span in (*_in_code(cursor), *_in_yaml(cursor), whole):
        last = found[-1] if found else None
        if cursor.offset not in span or span.end > whole.end:
            continue
        if last is None or (span != last and span.start <= last.start and last.end <= span.end):
            found.append(span)
    return tuple(found)


def _in_code(cursor: Cursor) -> Iterator[Span]:
    if cursor.occurrence is not None:
        yield cursor.occurrence.span
    fragment = cursor.fragment
    if fragment is None:
        return
    piece, segment = fragment.piece, fragment.segment
    for start, end in _words(fragment):
        yield piece.locate(start, end)
    base = fragment.base
    for node in fragment.stack:
        name = nodes.name_span(node)
        if name is not None and fragment.offset - base in name:
            yield piece.locate(base + name.start, base + name.end)
        yield piece.locate(base + node.span.start, base + node.span.end)
    code = fragment.code
    inner = len(code) - len(code.lstrip())
    yield piece.locate(segment.base + inner, segment.base + max(inner, len(code.rstrip())))
    yield piece.locate(segment.base, segment.stop)
    yield piece.locate(segment.start, segment.end)
    yield _trimmed_if_block(piece.scalar, piece.locate(0, len(piece.text)))


def _words(fragment: Fragment) -> Iterator[tuple[int, int]]:
    """The word of the code that the cursor is in."""
    at = fragment.offset - fragment.segment.base
    for word in lex(fragment.language, fragment.code):
        if word.start <= at <= word.end and (word.text[0].isalnum() or word.text[0] in "_$'\"`"):
            start, end = fragment.segment.base + word.start, fragment.segment.base + word.end
            if word.form is Form.STRING:
                yield start + 1, end - 1
            yield start, end


def _in_yaml(cursor: Cursor) -> Iterator[Span]:
    around = cursor.nodes
    text = cursor.document.source.text
    for at in range(len(around) - 1, -1, -1):
        node = around[at]
        parent = around[at - 1] if at else None
        if isinstance(node, Scalar):
            yield _text_of(node)
        yield extent.of_node(text, node)
        if isinstance(parent, Mapping):
            yield _entry(parent, node, text)
        elif isinstance(parent, Sequence) and not parent.flow:
            yield Span(_dash(parent, node, text), extent.of_node(text, node).end)


def _text_of(scalar: Scalar) -> Span:
    """The content of a scalar, without its quotes."""
    return _trimmed_if_block(scalar, scalar.locate(0, len(scalar.value)))


def _trimmed_if_block(scalar: Scalar, span: Span) -> Span:
    return extent.trimmed(scalar.text, *span) if scalar.style.block else span


def _entry(mapping: Mapping, node: Node, text: str) -> Span:
    """The `key: value` that a node is part of."""
    entry = next(e for e in reversed(mapping.entries) if node is e.key or node is e.value)
    return extent.of_entry(text, entry)


def _dash(sequence: Sequence, node: Node, text: str) -> int:
    """Where the `-` of an item stands."""
    at = text.rfind("-", sequence.start, node.start)
    between = text[at + 1 : node.start] if at >= 0 else "x"
    return at if not between.strip() else node.start
