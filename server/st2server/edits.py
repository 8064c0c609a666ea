"""Changes as the protocol's edits: versioned for documents, with files that are created."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

from st2lang.problem import Edit
from st2lang.refactoring import NewFile
from st2server.documents import OpenDocument

if TYPE_CHECKING:
    from st2server.app import Server

Changes = list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile]


def workspace_edit(
    server: Server,
    document: OpenDocument,
    edits: Iterable[Edit],
    files: Iterable[NewFile] = (),
) -> lsp.WorkspaceEdit:
    """Edits of one document, for the version that they were made for, and new files."""
    changes: Changes = []
    for file in files:
        uri = from_fs_path(file.path) or ""
        changes.append(lsp.CreateFile(uri=uri, options=lsp.CreateFileOptions(overwrite=False)))
        start = lsp.Position(0, 0)
        written = lsp.TextEdit(lsp.Range(start, start), file.text)
        new = lsp.OptionalVersionedTextDocumentIdentifier(uri, None)
        changes.append(lsp.TextDocumentEdit(new, [written]))
    made = [
        lsp.TextEdit(server.converter.range(document.source, edit.span), edit.text)
        for edit in edits
    ]
    if made:
        known = lsp.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        changes.append(lsp.TextDocumentEdit(known, list(made)))
    return lsp.WorkspaceEdit(document_changes=changes)


def can_create(server: Server) -> bool:
    """Whether the editor creates files when an edit says so."""
    workspace = server.client_capabilities.workspace
    editing = workspace.workspace_edit if workspace else None
    return bool(editing and "create" in (editing.resource_operations or ()))
