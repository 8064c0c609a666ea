from __future__ import annotations

import asyncio
from pathlib import Path

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
    print(found)
    assert [d.code for d in found] == ["undefined-task"]
