"""Changes that somebody may want at a place, each offered only where it can be made: one a file.

A refactoring is a module of this package with a docstring that says when it is offered and a record
`REFACTORING`. To add one, add a file. Whatever is offered leaves the YAML sound; a `pure` one leaves the
workflow's meaning as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from st2lang.problem import Edit, Problem
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document

QUICKFIX, EXTRACT, REWRITE = "quickfix", "refactor.extract", "refactor.rewrite"
"""What a refactoring is to an editor: the protocol's kinds of code actions."""


@record
class Asked:
    """The place that is asked about: a selection, or a cursor where `span` is empty.

    `problems` are those that are shown at the place.
    """

    document: Document
    span: Span
    problems: tuple[Problem, ...] = ()

    def touches(self, span: Span) -> bool:
        """Whether the place lies in a span, its ends included, or overlaps with it."""
        return span.start <= self.span.end and self.span.start <= span.end


@record
class NewFile:
    """A file that is not there yet."""

    path: str
    text: str


@record
class Change:
    """Edits of the document, in the order of its text and without overlaps, and files to create."""

    edits: tuple[Edit, ...] = ()
    files: tuple[NewFile, ...] = ()


@record
class Offer:
    """One change that can be made. `make` works it out, which may cost more than to offer it.

    `answers` are the problems that it puts right, `preferred` marks what is meant to be chosen for them.
    """

    title: str
    make: Callable[[], Change]
    answers: tuple[Problem, ...] = ()
    preferred: bool = False


@record
class Refactoring:
    """One refactoring: `offers` gives the changes that can be made at a place.

    `pure`: the workflow lowers to the same graph afterwards, places apart. `creates`: its changes make files.
    """

    id: str
    kind: str
    summary: str
    offers: Callable[[Asked], Iterator[Offer]]
    pure: bool = False
    creates: bool = False


@cache
def all() -> tuple[Refactoring, ...]:  # noqa: A001 (reads as `refactoring.all()`)
    """Every refactoring, sorted by id. Raises `RuntimeError` when two have the same id."""
    import pkgutil
    from importlib import import_module

    found: dict[str, Refactoring] = {}
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        one: Refactoring = import_module(f"{__name__}.{info.name}").REFACTORING
        if one.id in found:
            raise RuntimeError(f"two refactorings have the id {one.id}")
        found[one.id] = one
    return tuple(sorted(found.values(), key=lambda one: one.id))


def offered(asked: Asked) -> Iterator[tuple[Refactoring, Offer]]:
    """Everything that can be done at a place."""
    for one in all():
        for offer in one.offers(asked):
            yield one, offer
