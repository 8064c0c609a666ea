"""Inlay hints: types of what is published, how many tasks a join waits for. Settings turn them off."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2lang.query import hints
from st2lang.query.hints import Sort
from st2server.app import Server
from st2server.markup import markup

KINDS = {Sort.TYPE: lsp.InlayHintKind.Type, Sort.JOIN: None}


def register(server: Server) -> None:
    """Answer what to write between the lines."""

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT, lsp.InlayHintOptions(resolve_provider=True))
    def between(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        document = server.asked(params)
        wanted = server.hints
        if not wanted:
            return []
        within = server.converter.span(document.source, params.range)
        return [
            lsp.InlayHint(
                position=server.converter.position(document.source, hint.offset),
                label=hint.text,
                kind=KINDS[hint.sort],
                padding_left=True,
                data={"uri": document.uri, "topic": list(hint.topic)},
            )
            for hint in hints.find(document.document, within)
            if hint.sort in wanted
        ]

    @server.feature(lsp.INLAY_HINT_RESOLVE)
    def resolve(hint: lsp.InlayHint) -> lsp.InlayHint:
        data = hint.data
        if isinstance(data, dict) and "uri" in data:
            document = server.documents.get(str(data["uri"]))
            text = hints.tooltip(document.document, tuple(data.get("topic", ())))
            if text:
                hint.tooltip = markup(text, [lsp.MarkupKind.Markdown])
        return hint
