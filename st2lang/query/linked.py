"""Names that may be typed in several places at once: those that live in one task or one expression, and
tasks. What another file may know as well is left to a rename."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.query import symbol as symbols
from st2lang.query.symbol import Access, Kind
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document

_KINDS = frozenset({Kind.TASK, Kind.ITEM, Kind.LOCAL})


def find(document: Document, offset: int) -> tuple[Span, ...]:
    """The spans that hold the same name as the one at an offset, in the order of the text.

    Empty for a name that is written nowhere else, is not defined, or is written differently (with escapes)
    in one of the places.
    """
    occurrence = symbols.at(document, offset)
    if occurrence is None or occurrence.symbol.kind not in _KINDS:
        return ()
    found = symbols.of(document, occurrence.symbol)
    text = document.source.text
    written = {text[o.span.start : o.span.end] for o in found}
    defined = any(o.access is Access.DEFINE for o in found)
    if len(found) < 2 or len(written) > 1 or not defined:
        return ()
    return tuple(o.span for o in found)
