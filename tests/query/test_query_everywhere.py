"""Every question at every place has an answer that an editor can use, whatever the text looks like."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query.asking import ask_at, ask_of_file, offsets

from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.query.workspace import Workspace
from st2lang.source import Source

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
FILES = sorted(EXAMPLES.glob("**/*.yaml"))
KINDS = ("orquesta", "action-chain", "action", "pack", "unknown")


def workspace_of(root: Path) -> Workspace:
    return Workspace(Catalog(roots=[str(root)], installed=None), [str(root)])


def kind_of(path: Path) -> str:
    if path.name == "pack.yaml":
        return "pack"
    folder = path.parent.name
    kinds = {"workflows": "orquesta", "chains": "action-chain", "tests": "unknown"}
    return kinds.get(folder, "action")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_place_of_the_examples(path: Path) -> None:
    workspace = workspace_of(EXAMPLES)
    document = workspace.document(str(path))
    assert document is not None
    ask_of_file(document, workspace)
    for offset in range(0, len(document.source.text) + 1, 2):
        ask_at(document, offset, workspace)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_prefixes_of_the_examples(path: Path, fuzz_factor: int) -> None:
    """As it is typed: each prefix is asked where it ends, and somewhere before."""
    text = path.read_text(encoding="utf-8")
    workspace = workspace_of(EXAMPLES)
    rng = random.Random(text)
    for end in range(0, len(text) + 1, max(1, 13 // fuzz_factor)):
        source = Source(str(path), text[:end])
        document = Document(source, kind=kind_of(path), catalog=workspace.catalog)
        ask_of_file(document, workspace)
        for offset in {end, max(0, end - 3), rng.randint(0, end)}:
            ask_at(document, offset, workspace)


def test_places_of_the_corpus(corpus: Path, fuzz_factor: int) -> None:
    root = corpus / "packs"
    workspace = workspace_of(root)
    rng = random.Random(4)
    files = sorted(str(p) for p in root.glob("*/actions/**/*.yaml"))
    for path in rng.sample(files, min(len(files), 35 * fuzz_factor)):
        document = workspace.document(path)
        assert document is not None
        ask_of_file(document, workspace)
        places = list(offsets(document))
        for offset in rng.sample(places, min(len(places), 10 * fuzz_factor)):
            ask_at(document, offset, workspace)


SCRAPS = [
    "tasks:\n", "  a:\n", "    action: core.echo", "    next:\n", "      - do: a", "chain:\n", "- name: b",
    "parameters: {x: 1}", "<% ctx().x %>", "<% item(", "{{ ctx('x') }}", "{{ __results.b", "{% for x in y %}",
    "{# ", "&a ", "*a", "<<: *a", "|", ">-\n", "'", '"', "[", "]", "{", "}", ": ", "- ", "\n", "  ", "# c",
    "ref: a.b", "on-success: b", "with: x in <% [1] %>", "\t", "\r\n", "é", "\U0001f600", "version: 1.0\n",
]  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(SCRAPS), max_size=25), st.sampled_from(KINDS), st.randoms())
def test_any_text(scraps: list[str], kind: str, rng: random.Random) -> None:
    text = "".join(scraps)
    document = Document(Source("", text), kind=kind)
    workspace = Workspace(None)
    ask_of_file(document, workspace)
    for offset in {0, len(text), rng.randint(0, len(text)), rng.randint(0, len(text))}:
        ask_at(document, offset, workspace)
