"""Diagnostics of files that no editor has open: asked for, and told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsp.conftest import SERVER, begin
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient

BROKEN = "version: 1.0\ntasks:\n  a: {action: core.noop, next: [{do: nowhere}]}\n"
SOUND = BROKEN.replace("nowhere", "noop")


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER))
async def client(
    lsp_client: LanguageClient, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[None]:
    """A client that asks for diagnostics, or one that waits for all of them, in a folder with a broken file."""
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "fine.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("a: [", encoding="utf-8")
    (tmp_path / "ignored").mkdir()
    (tmp_path / "ignored" / "b.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "st2c.toml").write_text('exclude = ["ignored"]\n', encoding="utf-8")
    asks = "told" not in request.node.name
    await begin(
        lsp_client, tmp_path, asks=asks, options={} if asks else {"diagnostics": "workspace"}
    )
    yield
    await lsp_client.shutdown_session()


async def ask(client: LanguageClient, previous: dict[str, str], **tokens: str) -> list[Any]:
    """The reports, with those that come in parts."""
    ids = [lsp.PreviousResultId(uri, value) for uri, value in previous.items()]
    found = await client.workspace_diagnostic_async(lsp.WorkspaceDiagnosticParams(ids, **tokens))
    return list(found.items)


def codes(reports: list[Any]) -> dict[str, list[Any] | None]:
    """The findings by the name of the file; None for a file that is as it was."""
    return {
        one.uri.rpartition("/")[2]: [d.code for d in one.items] if one.kind == "full" else None
        for one in reports
    }


def ids(reports: list[Any]) -> dict[str, str]:
    return {one.uri: one.result_id for one in reports}


async def test_asked_for(client: LanguageClient, tmp_path: Path) -> None:
    first = await ask(client, {})
    assert codes(first) == {"a.yaml": ["undefined-task"]}
    assert first[0].version is None
    again = await ask(client, ids(first))
    assert codes(again) == {"a.yaml": None}
    (tmp_path / "new.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(SOUND, encoding="utf-8")
    changed = await ask(client, ids(first))
    assert codes(changed) == {"a.yaml": [], "new.yaml": ["undefined-task"]}
    (tmp_path / "new.yaml").rename(tmp_path / "renamed.yaml")
    moved = await ask(client, ids(changed))
    assert codes(moved) == {"a.yaml": None, "new.yaml": [], "renamed.yaml": ["undefined-task"]}
    uri = (tmp_path / "renamed.yaml").as_uri()
    item = lsp.TextDocumentItem(uri, "yaml", 7, SOUND)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    opened = await ask(client, ids(moved))
    assert codes(opened)["renamed.yaml"] == []
    assert [one.version for one in opened if one.uri == uri] == [7]
    (tmp_path / "a.yaml").unlink()
    assert codes(await ask(client, ids(opened)))["a.yaml"] == []


async def test_asked_for_in_parts_with_progress(client: LanguageClient, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"more{number}.yaml").write_text(BROKEN, encoding="utf-8")
    parts: list[Any] = []
    kinds: list[str] = []

    client.protocol.fm.features.pop(lsp.PROGRESS)  # pytest-lsp's knows no partial results

    @client.feature(lsp.PROGRESS)
    def progress(params: lsp.ProgressParams) -> None:
        value = params.value if isinstance(params.value, dict) else vars(params.value)
        if params.token == "parts":
            parts.extend(value["items"])
        elif params.token == "work":
            kinds.append(value["kind"])

    found = await ask(client, {}, partial_result_token="parts", work_done_token="work")
    assert not found
    assert len(parts) == 41
    assert (kinds[0], kinds[-1]) == ("begin", "end")
    assert "report" in kinds


async def test_told(client: LanguageClient, tmp_path: Path) -> None:
    async def until(name: str, expected: list[str]) -> None:
        uri = (tmp_path / name).as_uri()
        while uri not in told or [d.code for d in told[uri]] != expected:
            await asyncio.wait_for(
                client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 60
            )

    told = client.diagnostics
    await until("a.yaml", ["undefined-task"])
    uri = (tmp_path / "a.yaml").as_uri()
    item = lsp.TextDocumentItem(uri, "yaml", 1, SOUND)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    await until("a.yaml", [])
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
    await until("a.yaml", ["undefined-task"])
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    events = [
        lsp.FileEvent(uri, lsp.FileChangeType.Deleted),
        lsp.FileEvent((tmp_path / "b.yaml").as_uri(), lsp.FileChangeType.Created),
    ]
    client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(events))
    await until("b.yaml", ["undefined-task"])
    await until("a.yaml", [])
    assert (tmp_path / "fine.yaml").as_uri() not in client.diagnostics
    assert (tmp_path / "ignored" / "b.yaml").as_uri() not in client.diagnostics
