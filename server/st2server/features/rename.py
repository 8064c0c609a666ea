"""Renaming tasks, variables, inputs and items, in every expression and file that knows them."""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from st2lang.query import rename
from st2lang.query.rename import Ready, Refusal
from st2server.app import Server


def register(server: Server) -> None:
    """Offer renaming. A refusal is an error whose message says why."""

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        match rename.prepare(document.document, offset, server.around(document)):
            case Ready(span, placeholder):
                place = server.converter.range(document.source, span)
                return lsp.PrepareRenamePlaceholder(place, placeholder)
            case Refusal(reason):
                raise JsonRpcInvalidParams(reason)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def apply(params: lsp.RenameParams) -> lsp.WorkspaceEdit:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        around = server.around(document)
        outcome = rename.rename(document.document, offset, params.new_name, around)
        if isinstance(outcome, Refusal):
            raise JsonRpcInvalidParams(outcome.reason)
        changes: list[lsp.TextDocumentEdit] = []
        for path, edits in outcome.files:
            source = server.source(document, path)
            opened = server.documents.opened_at(path)
            version = opened.version if opened is not None else None
            identifier = lsp.OptionalVersionedTextDocumentIdentifier(
                server.documents.uri(path), version
            )
            changes.append(
                lsp.TextDocumentEdit(
                    identifier,
                    [
                        lsp.TextEdit(server.converter.range(source, edit.span), edit.text)
                        for edit in edits
                    ],
                )
            )
        return lsp.WorkspaceEdit(document_changes=list(changes))
