"""`textDocument/diagnostic`: diagnostics for editors that ask for them."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2server.app import Server
from st2server.diagnostics import diagnostics_of, result_id
from st2server.protocol import ServerCancelled


def register(server: Server) -> None:
    """Answer the editor's questions for diagnostics."""

    @server.feature(
        lsp.TEXT_DOCUMENT_DIAGNOSTIC,
        lsp.DiagnosticOptions(
            identifier="st2c", inter_file_dependencies=True, workspace_diagnostics=True
        ),
    )
    async def pull(params: lsp.DocumentDiagnosticParams) -> lsp.DocumentDiagnosticReport:
        document = server.asked(params)
        if not await server.publisher.analysed(document):
            raise ServerCancelled
        found = diagnostics_of(server, document)
        server.publisher.look_ahead(document)
        result = result_id(found)
        if params.previous_result_id == result:
            return lsp.RelatedUnchangedDocumentDiagnosticReport(result)
        return lsp.RelatedFullDocumentDiagnosticReport(items=found, result_id=result)
