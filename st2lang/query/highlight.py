"""The places of a file that name the same thing as the one under the cursor, and what they do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.query import symbol as symbols
from st2lang.query.symbol import Access
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document


@record
class Highlight:
    """A place to mark; `writes` tells a definition or assignment from a use."""

    span: Span
    writes: bool


def find(document: Document, offset: int) -> tuple[Highlight, ...]:
    """The occurrences in this file of what is at an offset, in the order of the text."""
    occurrence = symbols.at(document, offset)
    if occurrence is None:
        return ()
    return tuple(
        Highlight(found.span, found.access is not Access.READ)
        for found in symbols.of(document, occurrence.symbol)
    )
