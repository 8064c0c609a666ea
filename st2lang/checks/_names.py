"""What the checks of calls share: replacing a misspelt name where that is certain to change nothing else."""

from __future__ import annotations

from st2lang.calls import Found
from st2lang.problem import Edit, Fix
from st2lang.source import Span
from st2lang.symbols import Place


def replacement(found: Found, name: str | None) -> Fix | None:
    """A fix that writes another name for what is called; never a safe one: it is a guess."""
    if not name:
        return None
    edit = Edit(found.span(found.site.name_span), name)
    return Fix(f"Change to `{name}`", (edit,), safe=False)


def written_as_read(place: Place, start: int, end: int) -> Span | None:
    """The span in the file of a string's characters `start:end` when the file has exactly those
    characters there, so that they can be edited; None where YAML writes them differently."""
    span = place.locate(start, end)
    same = place.piece.scalar.text[span.start : span.end] == place.text.text[start:end]
    return span if same else None
