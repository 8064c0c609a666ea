"""Hover: what is known about the thing under the pointer."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2lang.query import hover
from st2server.app import Server
from st2server.markup import markup


def register(server: Server) -> None:
    """Answer what a thing is."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def describe(params: lsp.HoverParams) -> lsp.Hover | None:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        found = hover.find(document.document, offset, server.around(document))
        if found is None:
            return None
        texts = server.client_capabilities.text_document
        formats = texts.hover.content_format if texts and texts.hover else None
        return lsp.Hover(
            markup(found.text, formats), server.converter.range(document.source, found.span)
        )
