"""A document made after an edit is judged as one that is read for the first time, and goes when it is done with."""

from __future__ import annotations

import gc
import random
import weakref
from pathlib import Path

from st2lang.analysis import judge
from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.query import hover
from st2lang.query.results import inference
from st2lang.query.symbol import occurrences
from st2lang.query.workspace import Workspace
from st2lang.source import Source

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TYPED = (
    "x",
    " ",
    "\n",
    ":",
    "'",
    "<% ",
    "ctx().",
    "    retry:\n",
    "  more:\n    action: core.noop\n",
    "😀",
)


def test_problems_after_edits(fuzz_factor: int) -> None:
    catalog = Catalog(installed=None)
    compared = 0
    for path in sorted(EXAMPLES.glob("*/actions/workflows/**/*.yaml")):
        rng, text = random.Random(path.name), path.read_text(encoding="utf-8")
        document = Document(Source(str(path), text), catalog=catalog)
        for _ in range(120 * fuzz_factor):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(TYPED) + text[at + rng.choice((0, 0, 1, 4)) :]
            document = Document(Source(str(path), text), catalog=catalog, before=document.yaml)
            fresh = Document(Source(str(path), text), catalog=catalog)
            assert judge(document).problems == judge(fresh).problems
            compared += 1
            if rng.random() < 0.2:
                text = path.read_text(encoding="utf-8")
    assert compared > 100


def test_nothing_keeps_a_document(tmp_path: Path) -> None:
    """There is one for every keystroke: it goes at once, not at the next garbage collection."""
    path = next(iter(sorted(EXAMPLES.glob("*/actions/workflows/**/*.yaml"))))
    text = path.read_text(encoding="utf-8")
    catalog = Catalog(installed=None)
    document = Document(Source(str(path), text), catalog=catalog)
    workspace = Workspace(catalog)
    judge(document)
    occurrences(document)
    assert document.workflow is not None
    for name in ("x", "y"):
        inference(document).variable(name)
    for at in range(0, len(text), 7):
        hover.find(document, at, workspace)
    gone = weakref.ref(document)
    gc.disable()
    try:
        del document
        assert gone() is None
    finally:
        gc.enable()
