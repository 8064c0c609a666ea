"""What is asked about a document after an edit is answered as for a text that is read for the first time.

A document that was made after an edit takes over what the edit has not touched, and reads no more of the rest than
a question needs. Its model, and its answers at any place, are those of a document that knows nothing of that.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.query import completion, definition, hover, symbol
from st2lang.query.workspace import Workspace
from st2lang.source import Source

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TYPED = (
    *("x", " ", "\n", ":", "'", '"', "<% ", " %>", "{{ ", "ctx().", "&a ", "*a", "- ", "😀"),
    *("    retry:\n", "  more:\n    action: core.noop\n", "    join: all\n"),
    *("    next:\n      - publish: one=1 two=<% ctx().one %>\n        do: more\n",),
)


def workflows(corpus: Path | None, fuzz_factor: int) -> list[Path]:
    """The examples; with a factor some of the corpus too."""
    found = sorted(EXAMPLES.glob("*/actions/**/*.yaml"))
    if corpus is not None and fuzz_factor > 1:
        real = sorted(corpus.glob("packs/*/actions/workflows/**/*.yaml"))
        found += random.Random(fuzz_factor).sample(real, min(len(real), 3 * fuzz_factor))
    return found


def sessions(paths: list[Path], edits: int) -> Iterator[tuple[Document, Document, random.Random]]:
    """Edits one after the other, each with the document that comes of it and one that is read anew."""
    catalog = Catalog(installed=None)
    for path in paths:
        rng, original = random.Random(path.name), path.read_text(encoding="utf-8")
        text, before = original, None
        for _ in range(edits):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(TYPED) + text[at + rng.choice((0, 0, 1, 4)) :]
            source = Source(str(path), text)
            edited = Document(source, catalog=catalog, before=before)
            yield edited, Document(source, catalog=catalog), rng
            before = edited.last_tree if rng.random() < 0.8 else edited.yaml
            if rng.random() < 0.2:
                text = original


def model(document: Document) -> Any:
    """Everything that is concluded from a tree: tasks, strings with expressions, uses, the flow."""
    workflow = document.workflow
    if workflow is None:
        return document.kind
    tasks = {
        name: (task.name.span, task.path, task.node.span, [t.span for t in task.transitions])
        for name, task in workflow.tasks.items()
    }
    places = [(p.path, p.role, p.piece.span, p.text.text) for p in document.places]
    uses = [(r.use, r.name, r.span, r.guarded) for r in document.references]
    flow = document.flow
    ways = [(e.source, e.to, e.target.span) for edges in flow.out.values() for e in edges]
    seen = {name: tuple(map(flow.names, masks)) for name, masks in flow.entry.items()}
    publishers = dict(workflow.tasks.publishers)
    return tasks, places, uses, dict(flow.outlines), ways, seen, flow.cycles, publishers


def answers(document: Document, offset: int, workspace: Workspace) -> Any:
    """What an editor is told about a place."""
    offered = completion.answer(document, offset, None, workspace)
    return (
        symbol.at(document, offset),
        hover.find(document, offset, workspace),
        definition.find(document, offset, workspace),
        [(one.label, one.detail, one.sort_text, one.span, one.plain) for one in offered.items],
    )


def test_answers_after_edits(fuzz_factor: int) -> None:
    workspace, asked = Workspace(Catalog(installed=None)), 0
    for edited, fresh, rng in sessions(workflows(None, 1), 40 * fuzz_factor):
        for _ in range(3):
            offset = rng.randrange(len(edited.source.text) + 1)
            assert answers(edited, offset, workspace) == answers(fresh, offset, workspace)
            asked += 1
    assert asked > 300


def test_models_after_edits(fuzz_factor: int) -> None:
    compared = 0
    for edited, fresh, _ in sessions(workflows(None, 1), 60 * fuzz_factor):
        assert model(edited) == model(fresh)
        compared += 1
    assert compared > 200


def test_corpus(corpus: Path, fuzz_factor: int) -> None:
    """With a factor: real workflows, whole packs around them."""
    workspace = Workspace(Catalog(installed=None))
    for edited, fresh, rng in sessions(workflows(corpus, fuzz_factor)[-3 * fuzz_factor :], 8):
        offset = rng.randrange(len(edited.source.text) + 1)
        assert answers(edited, offset, workspace) == answers(fresh, offset, workspace)
        assert model(edited) == model(fresh)


def test_names_are_the_same_whoever_looks_first() -> None:
    """A question about one place or thing finds what somebody finds who goes through the whole file."""
    catalog, asked = Catalog(installed=None), 0
    for path in workflows(None, 1):
        source = Source(str(path), path.read_text(encoding="utf-8"))
        every = Document(source, catalog=catalog)
        known = symbol.occurrences(every)
        alone = Document(source, catalog=catalog)
        for offset in range(0, len(source.text), 3):
            assert symbol.at(alone, offset) == symbol.among(known, offset)
        for thing, named in symbol.by_symbol(every).items():
            setting = tuple(one for one in named if one.access is not symbol.Access.READ)
            assert symbol.definitions(alone, thing) == setting
            asked += 1
    assert asked > 30
