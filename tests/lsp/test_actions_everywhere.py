"""Code actions and lenses at many places of real workflows: each resolved, its edits exact, nothing in the log.

What the edits do to the text is held in `tests/refactoring`. Of the corpus a part is asked in each run (ST2C_FUZZ
asks for more).
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_lsp
from lsp.conftest import SERVER, begin
from lsp.editor import actions_at, after
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient
from st2server.convert import Converter

from st2lang.source import Source
from st2lang.yaml import parse

LOG = str(Path(tempfile.mkdtemp()) / "server.log")
ASTRAL = "# 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀\n"
PLACES = re.compile(r"[\w.$-]+|<%|\{\{")


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[*SERVER, "--log-file", LOG]))
async def client(lsp_client: LanguageClient, examples: Path) -> AsyncIterator[None]:
    """A client in the folder of the examples."""
    await begin(lsp_client, examples)
    yield
    await lsp_client.shutdown_session()


async def ask(client: LanguageClient, path: Path, text: str, step: int) -> Counter[str]:
    """Ask at every so-many-th word, with the cursor in it and with the word selected."""
    source, uri, converter = Source(str(path), text), path.as_uri(), Converter("utf-16")
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, text))
    )
    broken = len(parse(text).problems)
    found: Counter[str] = Counter()
    for number, match in enumerate(PLACES.finditer(text)):
        if number % step:
            continue
        start, end = (converter.position(source, at) for at in match.span())
        middle = converter.position(source, (match.start() + match.end()) // 2)
        actions = [
            *await actions_at(client, uri, middle),
            *await actions_at(client, uri, start, end),
        ]
        for action in actions:
            if action.edit is None:
                action = await client.code_action_resolve_async(action)
            assert action.edit is not None
            made = after(text, uri, action.edit)
            if action.kind in ("refactor.rewrite", "refactor.extract"):
                assert made != text
                assert len(parse(made).problems) <= broken
            found[str(getattr(action.kind, "value", action.kind))] += 1
    document = lsp.TextDocumentIdentifier(uri)
    for lens in await client.text_document_code_lens_async(lsp.CodeLensParams(document)) or ():
        resolved = await client.code_lens_resolve_async(lens)
        assert resolved.command is not None
        found["lens"] += 1
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    return found


def quiet() -> None:
    log = Path(LOG)
    assert log.read_text(encoding="utf-8") == ""
    log.unlink()


async def test_examples(client: LanguageClient, examples: Path) -> None:
    found: Counter[str] = Counter()
    for path in sorted(examples.glob("*/**/*.yaml")):
        found += await ask(client, path, ASTRAL + path.read_text(encoding="utf-8"), step=4)
    assert {"lens", "refactor.rewrite"} <= set(found)
    quiet()


async def test_corpus(client: LanguageClient, corpus: Path, fuzz_factor: int) -> None:
    files = sorted(corpus.glob("packs/*/actions/**/*.yaml"))
    files = [p for p in files if re.search(r"^(tasks|chain):", p.read_text("utf-8"), re.M)]
    found: Counter[str] = Counter()
    for path in files[:: max(1, 50 // fuzz_factor)]:
        found += await ask(
            client, path, path.read_text(encoding="utf-8"), max(1, 15 // fuzz_factor)
        )
    assert {"lens", "refactor.rewrite"} <= set(found)
    quiet()
