"""Asks everything at a place, and holds the answers to what any editor relies on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from st2lang.document import Document
from st2lang.query import (
    calls_hierarchy,
    cursor,
    definition,
    folding,
    highlight,
    implementation,
    linked,
    links,
    outline,
    references,
    rename,
    selection,
    symbol,
    tokens,
)
from st2lang.query.segments import lex, segments
from st2lang.query.workspace import Workspace
from st2lang.source import Span
from st2lang.yaml import Mapping, walk


def inside(span: Span, document: Document) -> None:
    assert 0 <= span.start <= span.end <= len(document.source.text)


def ask_of_file(document: Document, workspace: Workspace) -> None:
    """The questions about a whole file."""
    text = document.source.text
    outlined(outline.find(document), Span(0, len(text)))
    for fold in folding.find(document):
        inside(fold.span, document)
        position = document.source.position
        assert position(fold.span.start).line < position(fold.span.end).line
    last = 0
    for token in tokens.find(document):
        assert last <= token.span.start < token.span.end <= len(text)
        assert not {"\n", "\r"} & set(text[token.span.start : token.span.end])
        last = token.span.end
    for link in links.find(document, workspace):
        inside(link.span, document)
    for found in symbol.occurrences(document):
        inside(found.span, document)
        inside(found.extent, document)
        assert found.scalar.value[found.start : found.end]


def outlined(items: Iterable[outline.Item], around: Span) -> None:
    for item in items:
        assert around.start <= item.span.start <= item.name_span.start
        assert item.name_span.end <= item.span.end <= around.end
        outlined(item.children, item.span)


def ask_at(document: Document, offset: int, workspace: Workspace) -> None:
    """The questions about one place."""
    found = cursor.at(document, offset)
    assert found.offset == offset
    assert symbol.at(document, offset) == symbol.among(symbol.occurrences(document), offset)
    ranges = selection.ranges(document, offset)
    assert ranges[-1] == Span(0, len(document.source.text))
    assert all(offset in span for span in ranges)
    assert all(b.start <= a.start and a.end <= b.end and a != b for a, b in pairwise(ranges))
    spans = [h.span for h in highlight.find(document, offset)]
    assert not spans or any(offset in span for span in spans)
    for span in (*spans, *linked.find(document, offset)):
        inside(span, document)
    for target in (
        *definition.find(document, offset, workspace),
        *implementation.find(document, offset, workspace),
    ):
        assert target.span.start <= target.name.start <= target.name.end <= target.span.end
    for location in references.find(document, offset, workspace):
        assert 0 <= location.span.start < location.span.end
    ready = rename.prepare(document, offset, workspace)
    if isinstance(ready, rename.Ready):
        inside(ready.span, document)
        assert ready.placeholder
    else:
        assert ready.reason
    for item in calls_hierarchy.prepare(document, offset, workspace):
        for call in calls_hierarchy.incoming(item, workspace):
            assert call.spans
        for call in calls_hierarchy.outgoing(item, workspace):
            assert call.spans


def offsets(document: Document) -> Iterator[int]:
    """The beginnings, middles and ends of everything that a person may point at."""
    spans = [found.span for found in symbol.occurrences(document)]
    for place in document.places:
        for segment in segments(place.text.text, place.orquesta):
            spans.append(place.locate(segment.start, segment.end))
            for word in lex(segment.language, place.text.text[segment.base : segment.stop]):
                spans.append(place.locate(segment.base + word.start, segment.base + word.end))
    for root in document.yaml.documents:
        for _, node in walk(root):
            spans.append(node.span)
            if isinstance(node, Mapping):
                spans += [entry.key.span for entry in node.entries]
    yield from sorted({at for s in spans for at in (s.start, (s.start + s.end) // 2, s.end)})
