"""What an editor does with what it is told: opens texts, makes edits, creates files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pytest_lsp import LanguageClient
from st2server.convert import Converter

from st2lang.source import Source

MARK = "¦"


def opened(
    client: LanguageClient, path: Path, text: str, version: int = 1
) -> tuple[str, lsp.Position]:
    """Open a text with a mark in it; gives its address and the place of the mark (0:0 without one)."""
    before, _, behind = text.partition(MARK)
    uri = path.as_uri()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", version, before + behind))
    )
    source = Source("", before + behind)
    at = len(before) if MARK in text else 0
    return uri, Converter("utf-16").position(source, at)


async def actions_at(
    client: LanguageClient,
    uri: str,
    start: lsp.Position,
    end: lsp.Position | None = None,
    **context: Any,
) -> list[lsp.CodeAction]:
    """The code actions at a place."""
    found = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(uri),
            lsp.Range(start, end or start),
            lsp.CodeActionContext([], **context),
        )
    )
    return [one for one in found or () if isinstance(one, lsp.CodeAction)]


def after(text: str, uri: str, edit: lsp.WorkspaceEdit, version: int | None = 1) -> str:
    """The text with the edits that are meant for it, made for the version that the editor has."""
    source, converter = Source("", text.replace(MARK, "")), Converter("utf-16")
    changes = []
    for one in edit.document_changes or ():
        if isinstance(one, lsp.TextDocumentEdit) and one.text_document.uri == uri:
            assert one.text_document.version == version
            changes += [e for e in one.edits if isinstance(e, lsp.TextEdit)]
    made = source.text
    for change in sorted(
        changes, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True
    ):
        span = converter.span(source, change.range)
        made = made[: span.start] + change.new_text + made[span.end :]
    return made


def created(edit: lsp.WorkspaceEdit) -> dict[str, str]:
    """The files that an edit makes, with what it writes into them."""
    changes = edit.document_changes or ()
    made = {one.uri: "" for one in changes if isinstance(one, lsp.CreateFile)}
    for one in changes:
        if isinstance(one, lsp.TextDocumentEdit) and one.text_document.uri in made:
            made[one.text_document.uri] += "".join(
                e.new_text for e in one.edits if isinstance(e, lsp.TextEdit)
            )
    return made
