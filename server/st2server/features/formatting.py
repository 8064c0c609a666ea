"""Formatting of a document, or of the lines that are selected in it."""

from __future__ import annotations

from difflib import SequenceMatcher

from lsprotocol import types as lsp

from st2lang.formatting import UnformattableError, format_text, same_meaning
from st2lang.source import Span
from st2server.app import Server
from st2server.documents import OpenDocument


def register(server: Server) -> None:
    """Offer formatting."""

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def document(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        return _edits(server, server.asked(params), None)

    @server.feature(lsp.TEXT_DOCUMENT_RANGE_FORMATTING)
    def lines(params: lsp.DocumentRangeFormattingParams) -> list[lsp.TextEdit]:
        document = server.asked(params)
        return _edits(server, document, server.converter.span(document.source, params.range))


def _edits(server: Server, document: OpenDocument, within: Span | None) -> list[lsp.TextEdit]:
    """Edits line by line, so that cursors and folds stay where they are; none for broken text."""
    text = document.source.text
    try:
        formatted = format_text(text)
    except UnformattableError:
        return []
    before, after = text.splitlines(keepends=True), formatted.splitlines(keepends=True)
    offsets = [0]
    for line in before:
        offsets.append(offsets[-1] + len(line))
    edits, partly = [], []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        span = Span(offsets[a], offsets[b])
        if kind == "equal" or not _touches(span, within):
            partly += before[a:b]
            continue
        partly += after[c:d]
        place = server.converter.range(document.source, span)
        edits.append(lsp.TextEdit(place, "".join(after[c:d])))
    if within is not None and not same_meaning(text, "".join(partly)):
        return []  # half a block cannot be indented anew
    return edits


def _touches(span: Span, within: Span | None) -> bool:
    return within is None or (span.start <= within.end and within.start <= span.end)
