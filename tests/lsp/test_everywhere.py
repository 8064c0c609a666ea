"""Every feature, asked at every key, name and expression of real workflows: an answer, never an error.

The places of answers are turned back into positions of the text they speak of, so that none lies outside.
Of the corpus a part is asked in each run (ST2C_FUZZ asks for more).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest_lsp
from lsp.conftest import SERVER, begin
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient
from st2server.convert import Converter

from st2lang.source import Source

PLACES = re.compile(r"[\w.$-]+|<%|%>|\{\{|\}\}|\|")
LOG = str(Path(tempfile.mkdtemp()) / "server.log")
ASTRAL = "# 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀\n"


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[*SERVER, "--log-file", LOG]))
async def client(lsp_client: LanguageClient, examples: Path) -> AsyncIterator[None]:
    """A client in the folder of the examples."""
    await begin(lsp_client, examples)
    yield
    await lsp_client.shutdown_session()


def positions(source: Source, step: int) -> Iterator[lsp.Position]:
    converter = Converter("utf-16")
    for number, match in enumerate(PLACES.finditer(source.text)):
        if number % step == 0:
            yield converter.position(source, match.start() + len(match[0]) // 2)


async def ask_everything(client: LanguageClient, uri: str, at: lsp.Position) -> list[Any]:
    """Every request about a position."""
    document, here = lsp.TextDocumentIdentifier(uri), lsp.Range(at, at)
    found: list[Any] = [
        await client.text_document_definition_async(lsp.DefinitionParams(document, at)),
        await client.text_document_implementation_async(lsp.ImplementationParams(document, at)),
        await client.text_document_references_async(
            lsp.ReferenceParams(lsp.ReferenceContext(True), document, at)
        ),
        await client.text_document_document_highlight_async(
            lsp.DocumentHighlightParams(document, at)
        ),
        await client.text_document_selection_range_async(lsp.SelectionRangeParams(document, [at])),
        await client.text_document_linked_editing_range_async(
            lsp.LinkedEditingRangeParams(document, at)
        ),
        await client.text_document_hover_async(lsp.HoverParams(document, at)),
        await client.text_document_signature_help_async(lsp.SignatureHelpParams(document, at)),
        await client.text_document_completion_async(lsp.CompletionParams(document, at)),
        await client.text_document_code_action_async(
            lsp.CodeActionParams(document, here, lsp.CodeActionContext([]))
        ),
    ]
    found += await resolved(client, found)
    items = await client.text_document_prepare_call_hierarchy_async(
        lsp.CallHierarchyPrepareParams(document, at)
    )
    for item in items or ():
        found.append(
            await client.call_hierarchy_incoming_calls_async(
                lsp.CallHierarchyIncomingCallsParams(item)
            )
        )
        found.append(
            await client.call_hierarchy_outgoing_calls_async(
                lsp.CallHierarchyOutgoingCallsParams(item)
            )
        )
    return found


async def resolved(client: LanguageClient, answers: list[Any]) -> list[Any]:
    """The first of the offers that have more to say, with it."""
    offers = [
        item
        for answer in answers
        if isinstance(answer, lsp.CompletionList)
        for item in answer.items
    ]
    more = [item for item in offers if item.data is not None][:1]
    return [await client.completion_item_resolve_async(item) for item in more]


async def ask_document(client: LanguageClient, uri: str) -> list[Any]:
    """Every request about a document as a whole."""
    document = lsp.TextDocumentIdentifier(uri)
    tokens = await client.text_document_semantic_tokens_full_async(
        lsp.SemanticTokensParams(document)
    )
    assert tokens is not None
    assert tokens.result_id is not None
    delta = await client.text_document_semantic_tokens_full_delta_async(
        lsp.SemanticTokensDeltaParams(document, tokens.result_id)
    )
    assert isinstance(delta, lsp.SemanticTokensDelta)
    assert not delta.edits
    end = lsp.Position(10**6, 0)
    hints = await client.text_document_inlay_hint_async(
        lsp.InlayHintParams(document, lsp.Range(lsp.Position(0, 0), end))
    )
    for hint in (hints or ())[:3]:
        assert (await client.inlay_hint_resolve_async(hint)).tooltip
    return [
        hints,
        await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document)),
        await client.text_document_folding_range_async(lsp.FoldingRangeParams(document)),
        await client.text_document_document_link_async(lsp.DocumentLinkParams(document)),
        await client.text_document_formatting_async(
            lsp.DocumentFormattingParams(document, lsp.FormattingOptions(2, True))
        ),
        await client.workspace_symbol_async(lsp.WorkspaceSymbolParams("e")),
    ]


def ranges(answer: Any) -> Iterator[tuple[str | None, lsp.Range]]:
    """Every range in an answer, with the document that it says it is in."""
    match answer:
        case list() | tuple():
            for part in answer:
                yield from ranges(part)
        case lsp.Location(uri=uri, range=place):
            yield uri, place
        case lsp.LocationLink(target_uri=uri, target_range=place, target_selection_range=name):
            yield uri, place
            yield uri, name
        case lsp.DocumentSymbol(range=place, selection_range=name, children=children):
            yield None, place
            yield None, name
            yield from ranges(children or [])
        case lsp.Hover(range=place) if place is not None:
            yield None, place
        case lsp.InlayHint(position=position):
            yield None, lsp.Range(position, position)
        case lsp.CompletionList(items=items):
            yield from ranges(items)
        case lsp.CompletionItem(text_edit=edit, additional_text_edits=edits):
            yield from ranges([edit, *(edits or ())])
        case lsp.InsertReplaceEdit(insert=insert, replace=place):
            yield None, insert
            yield None, place
        case lsp.SelectionRange(range=place, parent=parent):
            yield None, place
            yield from ranges(parent)
        case (
            lsp.DocumentHighlight(range=place)
            | lsp.DocumentLink(range=place)
            | lsp.TextEdit(range=place)
        ):
            yield None, place


def within(source: Source, place: lsp.Range) -> bool:
    """Whether a range is exact: positions that lead to offsets and back."""
    converter = Converter("utf-16")
    return all(
        converter.position(source, converter.offset(source, end)) == end
        for end in (place.start, place.end)
    )


async def ask(client: LanguageClient, path: Path, text: str, step: int) -> int:
    source, uri = Source(str(path), text), path.as_uri()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, text))
    )
    answers = await ask_document(client, uri)
    asked = 0
    for position in positions(source, step):
        asked += 1
        answers += await ask_everything(client, uri, position)
    for where, place in ranges(answers):
        if where is None or where == uri:
            assert within(source, place), (path, place)
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
    return asked


def quiet() -> None:
    log = Path(LOG)
    assert log.read_text(encoding="utf-8") == ""
    log.unlink()


async def test_examples(client: LanguageClient, examples: Path) -> None:
    asked = 0
    for path in sorted(examples.glob("*/**/*.yaml")):
        text = ASTRAL + path.read_text(encoding="utf-8")
        asked += await ask(client, path, text, step=3)
    assert asked > 100
    quiet()


async def test_corpus(client: LanguageClient, corpus: Path, fuzz_factor: int) -> None:
    files = sorted(corpus.glob("packs/*/actions/**/*.yaml"))
    files = [path for path in files if "\ntasks:" in path.read_text(encoding="utf-8")]
    chosen = files[:: max(1, 40 // fuzz_factor)]
    for path in chosen:
        await ask(client, path, path.read_text(encoding="utf-8"), max(1, 40 // fuzz_factor))
    assert chosen
    quiet()
