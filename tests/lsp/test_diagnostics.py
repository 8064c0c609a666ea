from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

BROKEN = """version: 1.0
tasks:
  𝔣irst: {action: core.noop, next: [{do: secnd}]}
  second: {action: core.noop}
"""


@pytest.mark.asyncio
async def test_published(client: LanguageClient, tmp_path: Path) -> None:
    uri = (tmp_path / "a.yaml").as_uri()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, BROKEN))
    )
    await asyncio.wait_for(client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 10)
    found = client.diagnostics[uri]
    assert [d.code for d in found] == ["undefined-task"]


EXPLAINED = """vars: {unused: 1}
chain:
  - name: one
    ref: core.echo
    params: {message: a}
  - name: one
    ref: core.echo
    parameters: {message: b}
"""


async def test_related_places_tags_and_pages(client: LanguageClient, tmp_path: Path) -> None:
    uri = (tmp_path / "a.yaml").as_uri()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, EXPLAINED))
    )
    await asyncio.wait_for(client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 60)
    found = {d.code: d for d in client.diagnostics[uri]}
    assert list(found["deprecated-params"].tags or ()) == [lsp.DiagnosticTag.Deprecated]
    assert list(found["unused-variable"].tags or ()) == [lsp.DiagnosticTag.Unnecessary]
    (related,) = found["duplicate-node"].related_information or ()
    assert (related.location.uri, related.location.range.start.line) == (uri, 2)
    for code, diagnostic in found.items():
        assert diagnostic.code_description is not None
        page = Path(urlsplit(diagnostic.code_description.href).path)
        assert page.read_text(encoding="utf-8").startswith(f"# {code}\n")
