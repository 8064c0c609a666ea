"""Completion, hover, signature help and inlay hints, as clients of different abilities get them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_lsp
from lsp.conftest import SERVER
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient

WORKFLOW = """\
version: 1.0
input:
  - greeting
vars:
  - count: 0
tasks:
  😀first:
    action: core.local
    input:
      cmd: "😀 <% ctx().gre %> <% range(1, 2) %>"
    next:
      - when: <% succeeded() %>
        publish:
          - out: <% result().return_code %>
        do: second
      - do: second
  second:
    join: all
    action: core.loc
    ret
"""


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER))
async def modest(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    """A client that can do nothing but the plainest."""
    await lsp_client.initialize_session(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(),
            workspace_folders=[lsp.WorkspaceFolder(uri=tmp_path.as_uri(), name="workspace")],
            initialization_options={"st2lang": {"inlayHints": {"joins": False}}},
        )
    )
    yield
    await lsp_client.shutdown_session()


def opened(client: LanguageClient, tmp_path: Path, text: str = WORKFLOW) -> str:
    uri = (tmp_path / "flow.yaml").as_uri()
    item = lsp.TextDocumentItem(uri, "yaml", 1, text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    return uri


def behind(what: str, text: str = WORKFLOW, more: int = 0) -> lsp.Position:
    """The position behind the first place of a text, in UTF-16 units."""
    before = text[: text.index(what) + len(what) + more]
    line = before[before.rfind("\n") + 1 :]
    return lsp.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)


async def offers(
    client: LanguageClient, uri: str, at: lsp.Position, trigger: str = ""
) -> dict[str, lsp.CompletionItem]:
    context = lsp.CompletionContext(lsp.CompletionTriggerKind.Invoked)
    if trigger:
        kind = lsp.CompletionTriggerKind.TriggerCharacter
        context = lsp.CompletionContext(kind, trigger)
    found = await client.text_document_completion_async(
        lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), at, context)
    )
    assert isinstance(found, lsp.CompletionList)
    return {item.label: item for item in found.items}


async def test_an_able_client_gets_snippets(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path)
    retry = (await offers(client, uri, behind("    ret")))["retry"]
    assert retry.insert_text_format is lsp.InsertTextFormat.Snippet
    assert retry.insert_text_mode is lsp.InsertTextMode.AsIs
    assert retry.text_edit is not None
    assert retry.text_edit.new_text == "retry:\n      count: ${1:3}\n      delay: ${2:10}"


async def test_a_word_is_replaced_or_inserted_before(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path)
    variable = (await offers(client, uri, behind("ctx().gr")))["greeting"]
    edit = variable.text_edit
    assert isinstance(edit, lsp.InsertReplaceEdit)
    assert edit.new_text == "greeting"
    start, end = behind("ctx()."), behind("ctx().gre")
    assert edit.replace == lsp.Range(start, end)
    assert edit.insert == lsp.Range(start, behind("ctx().gr"))
    assert list(variable.commit_characters or ()) == ["."]


async def test_a_modest_client_gets_text(modest: LanguageClient, tmp_path: Path) -> None:
    uri = opened(modest, tmp_path)
    retry = (await offers(modest, uri, behind("    ret")))["retry"]
    assert retry.insert_text_format is None
    assert isinstance(retry.text_edit, lsp.TextEdit)
    assert retry.text_edit.new_text == "retry:\n      count: 3\n      delay: 10"
    function = (await offers(modest, uri, behind("ctx().gre %> <% ")))["range"]
    assert function.label_details is None
    resolved = await modest.completion_item_resolve_async(function)
    assert isinstance(resolved.documentation, lsp.MarkupContent)
    assert resolved.documentation.kind is lsp.MarkupKind.PlainText
    assert "`" not in resolved.documentation.value


async def test_documentation_comes_when_asked_for(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path)
    action = (await offers(client, uri, behind("core.loc")))["core.local"]
    assert action.documentation is None
    resolved = await client.completion_item_resolve_async(action)
    assert isinstance(resolved.documentation, lsp.MarkupContent)
    assert "`cmd`" in resolved.documentation.value


async def test_a_character_that_means_nothing_here_offers_nothing(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path)
    assert await offers(client, uri, behind("    ret"), "(") == {}
    assert "greeting" in await offers(client, uri, behind("ctx()."), ".")


async def hover(client: LanguageClient, uri: str, at: lsp.Position) -> lsp.Hover:
    found = await client.text_document_hover_async(
        lsp.HoverParams(lsp.TextDocumentIdentifier(uri), at)
    )
    assert found is not None
    return found


async def test_hover(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path)
    found = await hover(client, uri, behind("range"))
    assert isinstance(found.contents, lsp.MarkupContent)
    assert found.contents.kind is lsp.MarkupKind.Markdown
    assert "range(stop: integer)" in found.contents.value
    assert found.range == lsp.Range(behind("<% ", more=len("ctx().gre %> <% ")), behind("range"))
    assert await hover(client, uri, behind("do: sec")) != found


async def test_hover_in_plain_text(modest: LanguageClient, tmp_path: Path) -> None:
    uri = opened(modest, tmp_path)
    found = await hover(modest, uri, behind("do: sec"))
    assert isinstance(found.contents, lsp.MarkupContent)
    assert found.contents.kind is lsp.MarkupKind.PlainText
    assert found.contents.value.startswith("second (task)")


async def test_signature_help(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path)
    found = await client.text_document_signature_help_async(
        lsp.SignatureHelpParams(lsp.TextDocumentIdentifier(uri), behind("range(1, "))
    )
    assert found is not None
    assert found.active_signature == 1
    assert found.active_parameter == 1
    form = found.signatures[1]
    assert form.parameters is not None
    start, end = form.parameters[1].label
    assert form.label[int(start) : int(end)] == "stop: integer"
    nothing = await client.text_document_signature_help_async(
        lsp.SignatureHelpParams(lsp.TextDocumentIdentifier(uri), behind("do: sec"))
    )
    assert nothing is None


async def test_signature_help_in_plain_text(modest: LanguageClient, tmp_path: Path) -> None:
    uri = opened(modest, tmp_path)
    found = await modest.text_document_signature_help_async(
        lsp.SignatureHelpParams(lsp.TextDocumentIdentifier(uri), behind("range("))
    )
    assert found is not None
    parameters = found.signatures[0].parameters
    assert parameters is not None
    assert parameters[0].label == "stop: integer"


async def labels(client: LanguageClient, uri: str) -> list[object]:
    whole = lsp.Range(lsp.Position(0, 0), lsp.Position(1000, 0))
    found = await client.text_document_inlay_hint_async(
        lsp.InlayHintParams(lsp.TextDocumentIdentifier(uri), whole)
    )
    return [hint.label for hint in found or ()]


async def test_inlay_hints(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path)
    assert await labels(client, uri) == ["integer", "1 of 1"]
    client.workspace_did_change_configuration(
        lsp.DidChangeConfigurationParams({"st2lang": {"inlayHints": False}})
    )
    assert await labels(client, uri) == []


async def test_inlay_hints_of_one_kind(modest: LanguageClient, tmp_path: Path) -> None:
    uri = opened(modest, tmp_path)
    assert await labels(modest, uri) == ["integer"]


async def test_a_rehearsal_knows_its_workflow(client: LanguageClient, examples: Path) -> None:
    path = examples / "breakfast" / "tests" / "new.yaml"
    text = "workflow: actions/workflows/make_breakfast.yaml\nexpected_task_sequence:\n  - \n"
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(path.as_uri(), "yaml", 1, text))
    )
    found = await offers(client, path.as_uri(), behind("  - ", text))
    assert {"brew_coffee", "serve", "fail"} <= set(found)
