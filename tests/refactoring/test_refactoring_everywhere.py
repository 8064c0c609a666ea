"""Every change that is offered anywhere in real workflows: sound YAML, and the meaning that it promises.

Of the corpus a part is asked in each run (ST2C_FUZZ asks for more).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from refactoring.applying import asked_at, changed, meaning, problems_of

from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.refactoring import Offer, Refactoring, offered
from st2lang.source import Source, Span

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
EXPECTED = {
    "create-task": frozenset({"unreachable-task", "join-unsatisfiable", "endless-loop"}),
    "missing-parameters": frozenset({"parameter-type"}),
}
"""Checks that may find more afterwards: a new task is where it is, an empty value is no address."""

WORDS = re.compile(r"[\w.$-]+|<%|%>|\{\{|\}\}")


def places(text: str, problems: tuple[Problem, ...], step: int) -> Iterator[Span]:
    """Cursors in words, selections of words and of expressions, and problems."""
    for number, match in enumerate(WORDS.finditer(text)):
        if number % step == 0:
            middle = (match.start() + match.end()) // 2
            yield Span(middle, middle)
            yield Span(*match.span())
    for number, match in enumerate(re.finditer(r"(?<=<% )[^%]*(?= %>)", text)):
        if number % step == 0:
            yield Span(*match.span())
    yield from (p.span for p in problems)


def check(document: Document, shown: tuple[Problem, ...], one: Refactoring, offer: Offer) -> None:
    change = offer.make()
    assert change.edits or change.files
    after = changed(document, change)
    assert len(after.yaml.problems) <= len(document.yaml.problems), after.source.text
    for file in change.files:
        written = Document(Source(file.path, file.text), kind="action", catalog=document.catalog)
        assert not [p for p in problems_of(written) if p.severity is Severity.ERROR], file.text
    if document.workflow is None or not change.edits:
        return
    assert after.workflow is not None
    if one.pure:
        assert meaning(after) == meaning(document)
    found = problems_of(after)
    before, now = (Counter(p.check for p in some) for some in (shown, found))
    added = {name for name in now if now[name] > before[name]}
    assert not added - EXPECTED.get(one.id, frozenset()), (offer.title, added, after.source.text)
    for problem in offer.answers:
        assert now[problem.check] < before[problem.check], (offer.title, after.source.text)


def ask(path: Path, catalog: Catalog, step: int) -> Counter[str]:
    text = path.read_bytes().decode()
    document = Document(Source(str(path), text), catalog=catalog)
    problems = problems_of(document)
    seen: set[tuple[str, str, object]] = set()
    for span in places(text, problems, step):
        for one, offer in offered(asked_at(document, span, problems)):
            key = one.id, offer.title, offer.make()
            if key not in seen:
                seen.add(key)
                check(document, problems, one, offer)
    return Counter(name for name, _, _ in seen)


def test_examples() -> None:
    catalog = Catalog(roots=[str(EXAMPLES)], installed=None)
    found: Counter[str] = Counter()
    for path in sorted(EXAMPLES.glob("*/**/*.yaml")):
        found += ask(path, catalog, 1)
    assert found["convert-language"] > 10


def test_corpus(corpus: Path, fuzz_factor: int) -> None:
    files = sorted(corpus.glob("packs/*/actions/**/*.yaml"))
    workflows = [p for p in files if re.search(r"^(tasks|chain):", p.read_text("utf-8"), re.M)]
    found: Counter[str] = Counter()
    catalog = Catalog(roots=[str(corpus / "packs")], installed=None)
    for path in workflows[:: max(1, 24 // fuzz_factor)]:
        found += ask(path, catalog, max(1, 8 // fuzz_factor))
    print(found)
    assert set(found) >= {"convert-language", "extract-variable", "silence"}
