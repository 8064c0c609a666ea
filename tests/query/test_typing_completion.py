"""While a workflow is typed, completion still offers the task names and variables in scope.

`points` says what counts as a point at which a person would ask, and what must be offered there. A sample of
all points of the corpus is asked in each run; with ST2C_FUZZ=100 all of them are.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from query.points import VARIANTS, missing, points
from query.test_query_everywhere import EXAMPLES, workspace_of

from st2lang.document import Document
from st2lang.query.workspace import Workspace
from st2lang.source import Source

RATE = 0.95
KINDS = ("orquesta", "action-chain")

Counts = Counter[tuple[str, str]]


def ask(path: Path, workspace: Workspace, first: int, step: int) -> tuple[Counts, Counts, int]:
    """How many points of a file have something to offer, and how many offer all of it."""
    catalog = workspace.catalog
    assert catalog is not None
    source = Source(str(path), path.read_text(encoding="utf-8"))
    document = Document(source, catalog=catalog)
    asked: Counts = Counter()
    answered: Counts = Counter()
    found = list(points(document)) if document.kind in KINDS else []
    for point in found[first::step]:
        for variant in VARIANTS:
            lacking = missing(document, point, variant, catalog, workspace)
            if lacking is not None:
                asked[point.kind, variant] += 1
                answered[point.kind, variant] += not lacking
    return asked, answered, len(found)


def enough(asked: Counts, answered: Counts) -> None:
    rates = {key: answered[key] / count for key, count in asked.items()}
    assert all(rate >= RATE for rate in rates.values()), rates
    assert {kind for kind, _ in asked} >= {"task", "variable in code"}


def test_examples(fuzz_factor: int) -> None:
    workspace = workspace_of(EXAMPLES)
    asked: Counts = Counter()
    answered: Counts = Counter()
    for path in sorted(EXAMPLES.glob("*/actions/*/*.yaml")):
        some, good, _ = ask(path, workspace, 0, max(1, 3 // fuzz_factor))
        asked += some
        answered += good
    enough(asked, answered)


def test_corpus(corpus: Path, fuzz_factor: int) -> None:
    root = corpus / "packs"
    workspace = workspace_of(root)
    step = max(1, 100 // fuzz_factor)
    asked: Counts = Counter()
    answered: Counts = Counter()
    first = 0
    for path in sorted(root.glob("*/actions/**/*.yaml")):
        some, good, count = ask(path, workspace, first, step)
        asked += some
        answered += good
        first = (first - count) % step
    enough(asked, answered)
