"""Text and catalog in, problems out: the pipeline on one screen.

    text ──▶ yaml ──▶ dialect ──▶ places ──▶ flow ──▶ checks ──▶ problems

`Document` computes each stage when it is first asked for; the checks ask, and so does the editor.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from st2lang import checks
from st2lang.document import Document
from st2lang.problem import Problem
from st2lang.record import record
from st2lang.settings import DEFAULT, Settings
from st2lang.source import Source

if TYPE_CHECKING:
    from st2lang.catalog import Catalog


@record
class Analysis:
    """A document with everything that is wrong with it, in the order of the text."""

    document: Document
    problems: tuple[Problem, ...]

    @property
    def source(self) -> Source:
        """The text that was analysed."""
        return self.document.source

    @property
    def kind(self) -> str:
        """What the file is: orquesta, action-chain, action, pack or unknown."""
        return self.document.kind


def analyse(
    source: Source,
    *,
    kind: str = "auto",
    catalog: Catalog | None = None,
    settings: Settings = DEFAULT,
) -> Analysis:
    """Analyse one file.

    `kind` forces what the file is; "auto" finds out. Without a `catalog` nothing is said about packs
    and actions. Never raises on bad input.
    """
    return judge(Document(source, kind=kind, catalog=catalog, settings=settings))


def judge(document: Document) -> Analysis:
    """Everything that is wrong with a document that somebody has already begun to look at."""
    work = steps(document)
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: Analysis = done.value
            return found


def steps(document: Document) -> Generator[None, None, Analysis]:
    """`judge` a little at a time, for those who have other things to do in between."""
    _ = document.workflow
    yield
    _ = document.references
    found: list[Problem] = []
    for check in checks.of_kind(document.kind):
        yield
        found += check.run(document)
    found.sort(key=lambda p: (p.span.start, p.severity.rank, p.check, p.message))
    return Analysis(document, tuple(dict.fromkeys(found)))
