"""`textDocument/diagnostic`: diagnostics for editors that ask for them."""

from __future__ import annotations

import hashlib

from lsprotocol import types as lsp

from st2server.app import Server
from st2server.diagnostics import diagnostics_of
from st2server.protocol import ServerCancelled


def register(server: Server) -> None:
    """Answer the editor's questions for diagnostics."""

    @server.feature(
        lsp.TEXT_DOCUMENT_DIAGNOSTIC,
        lsp.DiagnosticOptions(
            identifier="st2c", inter_file_dependencies=True, workspace_diagnostics=False
        ),
    )
    async def pull(params: lsp.DocumentDiagnosticParams) -> lsp.DocumentDiagnosticReport:
        document = server.asked(params)
        if not await server.publisher.analysed(document):
            raise ServerCancelled
        found = diagnostics_of(server, document)
        result_id = hashlib.sha256(repr(found).encode()).hexdigest()[:16]
        if params.previous_result_id == result_id:
            return lsp.RelatedUnchangedDocumentDiagnosticReport(result_id)
        return lsp.RelatedFullDocumentDiagnosticReport(items=found, result_id=result_id)
