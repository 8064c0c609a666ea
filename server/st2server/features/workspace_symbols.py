"""Tasks and actions of the whole workspace, by name."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2lang.query import workspace_symbols
from st2lang.query.symbol import Kind
from st2lang.query.workspace import Workspace
from st2lang.source import Source
from st2server.app import Server


def register(server: Server) -> None:
    """Answer where a task or an action is."""

    @server.feature(lsp.WORKSPACE_SYMBOL)
    def symbols(params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
        found = []
        around = _workspace(server)
        for one in workspace_symbols.find(params.query, around):
            opened = server.documents.opened_at(one.path)
            if opened is not None:
                source = opened.source
            else:
                source = Source(one.path, around.text(one.path))
            place = server.converter.range(source, one.span)
            kind = lsp.SymbolKind.Class if one.kind is Kind.TASK else lsp.SymbolKind.Function
            found.append(
                lsp.WorkspaceSymbol(
                    location=lsp.Location(server.documents.uri(one.path), place),
                    name=one.name,
                    kind=kind,
                    container_name=one.container,
                )
            )
        return found


def _workspace(server: Server) -> Workspace:
    folder = next(iter(server.projects.folders), "")
    return server.around(server.documents.at(folder))
