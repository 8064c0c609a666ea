"""Where things are: definition, implementation, references, highlights, links."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types as lsp

from st2lang.query import definition, highlight, implementation, links, references
from st2lang.query.target import Target
from st2server.app import Server
from st2server.documents import OpenDocument


def register(server: Server) -> None:
    """Answer where things are."""

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def define(params: lsp.DefinitionParams) -> list[lsp.Location] | list[lsp.LocationLink]:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        return _targets(
            server, document, definition.find(document.document, offset, server.around(document))
        )

    @server.feature(lsp.TEXT_DOCUMENT_IMPLEMENTATION)
    def implement(params: lsp.ImplementationParams) -> list[lsp.Location] | list[lsp.LocationLink]:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        return _targets(
            server,
            document,
            implementation.find(document.document, offset, server.around(document)),
        )

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def refer(params: lsp.ReferenceParams) -> list[lsp.Location]:
        document = server.asked(params)
        found = references.find(
            document.document,
            server.offset(document, params.position),
            server.around(document),
            params.context.include_declaration,
        )
        return [server.location(document, one.path, one.span) for one in found]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def mark(params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight]:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        return [
            lsp.DocumentHighlight(
                server.converter.range(document.source, one.span),
                lsp.DocumentHighlightKind.Write if one.writes else lsp.DocumentHighlightKind.Read,
            )
            for one in highlight.find(document.document, offset)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK)
    def link(params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink]:
        document = server.asked(params)
        return [
            lsp.DocumentLink(
                server.converter.range(document.source, one.span),
                target=server.documents.uri(one.path),
                tooltip=one.tooltip,
            )
            for one in links.find(document.document, server.around(document))
        ]


def _targets(
    server: Server, document: OpenDocument, targets: Iterable[Target]
) -> list[lsp.Location] | list[lsp.LocationLink]:
    """Links, which show how far a definition goes, to editors that know them."""
    found = tuple(targets)
    client = server.client_capabilities.text_document
    if not (client and client.definition and client.definition.link_support):
        return [server.location(document, one.path, one.name) for one in found]
    made = []
    for one in found:
        place = server.location(document, one.path, one.span.cover(one.name))
        name = server.location(document, one.path, one.name)
        made.append(
            lsp.LocationLink(
                target_uri=place.uri, target_range=place.range, target_selection_range=name.range
            )
        )
    return made
