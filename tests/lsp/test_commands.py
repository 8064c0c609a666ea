"""Code lenses, and the commands behind them, carried out by the server."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_lsp
from lsp.conftest import SERVER, begin
from lsp.editor import opened
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient

FOLDER = tempfile.mkdtemp()
ENVIRONMENT = {
    **os.environ,
    "ST2C_STORE": os.path.join(FOLDER, "journal.db"),
    "ST2C_DATASTORE": os.path.join(FOLDER, "datastore.db"),
}
WORKFLOW = """version: 1.0
input: [name]
tasks:
  greet:
    action: core.echo message="hello <% ctx().na¦me %>"
    next:
      - do: again
  again:
    action: core.echo message="again"
output:
  - said: <% ctx().name %>
"""
TEST = """workflow: actions/workflows/hello.yaml
inputs: {name: Ada}
expected_task_sequence: [greet, again]
"""


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER, server_env=ENVIRONMENT))
async def client(
    lsp_client: LanguageClient, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[None]:
    """A client in a folder with a pack, whose server keeps runs in a journal of its own."""
    pack = tmp_path / "mine"
    (pack / "actions" / "workflows").mkdir(parents=True)
    (pack / "tests").mkdir()
    (pack / "pack.yaml").write_text("ref: mine\nname: mine\nversion: 1.0.0\n", encoding="utf-8")
    (pack / "tests" / "hello.yaml").write_text(TEST, encoding="utf-8")
    workflow = pack / "actions" / "workflows" / "hello.yaml"
    workflow.write_text(WORKFLOW.replace("¦", ""), encoding="utf-8")
    untrusted = "untrusted" in request.node.name
    await begin(lsp_client, tmp_path, options={"trusted": False} if untrusted else None)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The workflow."""
    return tmp_path / "mine" / "actions" / "workflows" / "hello.yaml"


async def order(client: LanguageClient, command: str, uri: str, **target: Any) -> Any:
    params = lsp.ExecuteCommandParams(f"st2lang.{command}", [{"uri": uri, **target}])
    return await client.workspace_execute_command_async(params)


def part(answer: Any, name: str) -> Any:
    return answer[name] if isinstance(answer, dict) else getattr(answer, name)


def said(client: LanguageClient) -> str:
    return client.messages[-1].message


async def test_lenses(client: LanguageClient, path: Path) -> None:
    uri, _ = opened(client, path, WORKFLOW)
    lenses: list[lsp.CodeLens] = []
    while len(lenses) < 6:  # until the pack and its tests are known
        document = lsp.TextDocumentIdentifier(uri)
        lenses = list(
            await client.text_document_code_lens_async(lsp.CodeLensParams(document)) or ()
        )
    assert {lens.command for lens in lenses} == {None}
    seen = [await client.code_lens_resolve_async(lens) for lens in lenses]
    shown = [(s.range.start.line, s.command.title, s.command.command) for s in seen if s.command]
    assert shown == [
        (0, "Run", "st2lang.run"),
        (0, "Test", "st2lang.test"),
        (3, "1 reference", "st2lang.showReferences"),
        (3, "Run to here", "st2lang.runToHere"),
        (7, "2 references", "st2lang.showReferences"),
        (7, "Run to here", "st2lang.runToHere"),
    ]
    assert seen[-1].command is not None
    target = {"uri": uri, "position": {"line": 7, "character": 2}, "task": "again"}
    assert list(seen[-1].command.arguments or ()) == [target]
    assert part(await order(client, "test", uri), "passed") == 1


async def test_run_with_progress_and_a_report(client: LanguageClient, path: Path) -> None:
    uri, _ = opened(client, path, WORKFLOW)
    answer = await order(client, "run", uri, parameters={"name": "Ada"})
    assert part(answer, "status") == "succeeded"
    assert part(part(part(answer, "result"), "output"), "said") == "Ada"
    assert said(client) == "hello succeeded"
    (kinds,) = [[type(one).__name__ for one in some] for some in client.progress_reports.values()
                if some and some[0].title == "Running hello"]  # fmt: skip
    assert kinds == ["WorkDoneProgressBegin", "WorkDoneProgressEnd"]
    shown = client.shown_documents[-1].uri
    assert shown == part(answer, "report")
    assert '"said": "Ada"' in Path(urlsplit(shown).path).read_text(encoding="utf-8")


async def test_what_cannot_run_is_told(client: LanguageClient, path: Path) -> None:
    uri, _ = opened(client, path, WORKFLOW)
    answer = await order(client, "run", uri)
    assert part(answer, "status") == "refused"
    assert "`name`" in said(client)
    assert "required" in said(client)
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(version=2, uri=uri),
            [lsp.TextDocumentContentChangeWholeDocument("version: 1.0\ntasks: {}\n")],
        )
    )
    assert part(await order(client, "run", uri), "status") == "refused"
    assert said(client) == "`hello.yaml` has changes: save it, then run it."


async def test_rehearsals(client: LanguageClient, path: Path) -> None:
    uri, _ = opened(client, path.parents[2] / "tests" / "hello.yaml", TEST)
    answer = await order(client, "test", uri)
    assert (part(answer, "passed"), part(answer, "failed")) == (1, 0)
    assert said(client) == "hello: 1 passed, 0 failed"


async def test_run_to_here(client: LanguageClient, path: Path) -> None:
    uri, _ = opened(client, path, WORKFLOW)
    answer = await order(client, "runToHere", uri, position={"line": 8, "character": 6})
    assert part(answer, "reached") is True
    assert part(part(answer, "result"), "task") == "again"
    assert said(client) == 'again would run core.echo with {"message": "again"}'


async def test_evaluate_in_the_last_recorded_run(client: LanguageClient, path: Path) -> None:
    uri, here = opened(client, path, WORKFLOW)
    position = {"line": here.line, "character": here.character}
    before = await order(client, "evaluate", uri, position=position)
    assert part(before, "status") == "refused"
    assert said(client) == (
        "No run of hello that has come to greet is recorded: `st2c run` records one."
    )
    await order(client, "run", uri, parameters={"name": "Grace"})
    answer = await order(client, "evaluate", uri, position=position)
    assert part(answer, "value") == "Grace"
    assert part(answer, "execution")
    assert said(client) == '<% ctx().name %> is "Grace"'
    output = await order(client, "evaluate", uri, position={"line": 10, "character": 14})
    assert part(output, "value") == "Grace"
    nothing = await order(client, "evaluate", uri, position={"line": 0, "character": 0})
    assert part(nothing, "message") == "There is no expression here."


async def test_graph_and_references(client: LanguageClient, path: Path) -> None:
    uri, _ = opened(client, path, WORKFLOW)
    drawn = await order(client, "showGraph", uri)
    assert client.shown_documents[-1].external
    assert "<svg" in Path(urlsplit(part(drawn, "report")).path).read_text(encoding="utf-8")
    found = await order(client, "showReferences", uri, task="again")
    lines = {part(one, "uri"): part(part(part(one, "range"), "start"), "line") for one in found}
    assert lines == {uri: 6, (path.parents[2] / "tests" / "hello.yaml").as_uri(): 2}
    assert said(client) == "2 references, in line 7"


async def test_nothing_runs_untrusted(client: LanguageClient, path: Path) -> None:
    uri, here = opened(client, path, WORKFLOW)
    position = {"line": here.line, "character": here.character}
    for command in ("run", "test", "runToHere", "evaluate"):
        answer = await order(client, command, uri, position=position)
        assert part(answer, "message") == "The workspace is not trusted: nothing in it is run."
    assert not client.shown_documents
    assert part(await order(client, "showGraph", uri), "report")


async def test_a_run_can_be_cancelled(client: LanguageClient, path: Path) -> None:
    text = WORKFLOW.replace("¦", "").replace(
        'core.echo message="again"', 'core.local cmd="sleep 60"'
    )
    path.write_text(text, encoding="utf-8")
    uri, _ = opened(client, path, text)

    running = asyncio.ensure_future(order(client, "run", uri, parameters={"name": "Ada"}))
    while not (tokens := [t for t, some in client.progress_reports.items()
                          if some and getattr(some[0], "title", "") == "Running hello"]):  # fmt: skip
        await asyncio.sleep(0.05)
    client.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(tokens[0]))
    assert part(await running, "status") == "canceled"


async def test_a_command_without_a_document_is_an_error(client: LanguageClient) -> None:
    params = lsp.ExecuteCommandParams("st2lang.run", [{"where": 1}])
    with pytest.raises(Exception, match="uri"):
        await client.workspace_execute_command_async(params)
