"""Documentation in the form that a client shows: Markdown, or plain text."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types as lsp

from st2lang.query.unmarked import unmarked


def markup(text: str, formats: Sequence[lsp.MarkupKind] | None) -> lsp.MarkupContent:
    """Some Markdown for a client that has named its formats; one that has not gets plain text."""
    if lsp.MarkupKind.Markdown in (formats or ()):
        return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
    return lsp.MarkupContent(lsp.MarkupKind.PlainText, unmarked(text))
