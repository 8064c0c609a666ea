"""Whatever is offered can be accepted: the YAML reads no worse than before, and the rest of it the same."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from query.test_query_everywhere import EXAMPLES, workspace_of

from st2lang import yaml
from st2lang.document import Document
from st2lang.problem import Edit
from st2lang.query import completion
from st2lang.query.completion import Completion
from st2lang.query.workspace import Workspace
from st2lang.source import Source

PER_PLACE = 12
"""How many of the offers at one place are accepted, one after the other."""


def accepted(text: str, offer: Completion) -> str:
    edits = sorted((*offer.edits, Edit(offer.span, offer.plain)), key=lambda edit: edit.span)
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def check(document: Document, offset: int, workspace: Workspace, rng: random.Random) -> int:
    """Accept offers at a place; how many there were."""
    text = document.source.text
    before = len(yaml.parse(text).problems)
    found = completion.complete(document, offset, None, workspace)
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    for offer in rng.sample(found, min(len(found), PER_PLACE)):
        assert offer.span.start <= offset <= offer.span.end
        assert "\n" not in text[offer.span.start : offer.span.end]
        after = accepted(text, offer)
        problems = yaml.parse(after).problems
        assert len(problems) <= before, (document.source.path, line, offer, problems)
    return len(found)


def places(text: str, rng: random.Random, count: int) -> Iterable[int]:
    return sorted(rng.randint(0, len(text)) for _ in range(count))


def ask(path: Path, text: str, workspace: Workspace, rng: random.Random, count: int) -> int:
    """At places of a finished text, and at the ends of what has been typed of it."""
    source = Source(str(path), text)
    document = Document(source, catalog=workspace.catalog)
    offers = sum(check(document, at, workspace, rng) for at in places(text, rng, count))
    for at in places(text, rng, count):
        cut = Document(Source(str(path), text[:at]), kind=document.kind, catalog=workspace.catalog)
        offers += check(cut, at, workspace, rng)
        line = text.find("\n", at)
        gone = text[:at] + text[line:] if line >= 0 else text[:at]
        cut = Document(Source(str(path), gone), kind=document.kind, catalog=workspace.catalog)
        offers += check(cut, at, workspace, rng)
    return offers


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("**/*.yaml")), ids=lambda p: p.name)
def test_examples(path: Path, fuzz_factor: int) -> None:
    workspace = workspace_of(EXAMPLES)
    text = path.read_text(encoding="utf-8")
    assert ask(path, text, workspace, random.Random(text), 40 * fuzz_factor)


def test_corpus(corpus: Path, fuzz_factor: int) -> None:
    root = corpus / "packs"
    workspace = workspace_of(root)
    files = sorted(root.glob("*/actions/**/*.yaml"))
    rng = random.Random(4)
    chosen = rng.sample(files, min(len(files), 30 * fuzz_factor))
    offers = 0
    for path in chosen:
        offers += ask(path, path.read_text(encoding="utf-8"), workspace, rng, 3 * fuzz_factor)
    assert offers
