"""The texts of documents, as the editor opens, changes, saves and closes them."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2server.app import Server


def register(server: Server) -> None:
    """Follow every text."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.documents.open(params.text_document)
        server.publisher.changed(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.survey.edited()
        uri, version = params.text_document.uri, params.text_document.version
        if server.documents.change(uri, version, params.content_changes) is not None:
            server.publisher.changed(uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        document = server.documents.opened(params.text_document.uri)
        if document is not None and document.document.kind in ("action", "pack"):
            server.index.changed([document.source.path])

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.documents.close(params.text_document.uri)
        server.publisher.closed(params.text_document.uri)
        server.survey.closed(params.text_document.uri)
