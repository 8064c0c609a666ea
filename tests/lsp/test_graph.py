"""The graph of a workflow, as the editor's graph view asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

WORKFLOW = """version: 1.0
tasks:
  first:
    action: core.noop
    next:
      - do: secnd
  second:
    action: core.noop
"""


def member(data: Any, name: str) -> Any:
    return data[name] if isinstance(data, dict) else getattr(data, name)


async def test_drawn_with_lines_and_problems(client: LanguageClient, tmp_path: Path) -> None:
    uri = (tmp_path / "a.yaml").as_uri()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, WORKFLOW))
    )
    found = await client.protocol.send_request_async(
        "st2lang/graph", {"textDocument": {"uri": uri}}
    )
    assert 'data-task="first"' in member(found, "svg")
    tasks = [
        (member(task, "name"), member(task, "line"), member(task, "endLine"))
        for task in member(found, "tasks")
    ]
    assert tasks == [("first", 2, 5), ("second", 6, 7)]
    problems = [(member(p, "task"), member(p, "severity")) for p in member(found, "problems")]
    assert problems == [("first", "error")]


async def test_no_workflow_has_no_graph(client: LanguageClient, tmp_path: Path) -> None:
    uri = (tmp_path / "a.yaml").as_uri()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, "a: 1\n"))
    )
    found = await client.protocol.send_request_async(
        "st2lang/graph", {"textDocument": {"uri": uri}}
    )
    assert found is None
