"""Gives an expression a name: it becomes a variable under `vars`, and the place uses that.

`vars` are worked out when the workflow starts. So only what reads inputs and other `vars` can be moved there, as
long as nothing publishes them anew and all functions in it always give the same. In a chain, whose `vars` are
text, only a whole `{{ … }}` over the action's parameters can.

Offered for the expression around a cursor and for a selected part of one; where the same expression stands in
several places, for all of them too. The variable is worked out even where the place is never reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from st2lang.problem import Edit
from st2lang.query.complete.writing import key
from st2lang.query.tree import root_of
from st2lang.refactoring import EXTRACT, Asked, Change, Offer, Refactoring, _layout
from st2lang.refactoring._expressions import Part as Expression
from st2lang.refactoring._expressions import at_place, name_for, same
from st2lang.refactoring._steady import is_steady
from st2lang.refactoring._writing import Part, changed, text
from st2lang.source import Span
from st2lang.symbols import Role
from st2lang.yaml import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.yaml import Entry


def offers(asked: Asked) -> Iterator[Offer]:
    """The expression alone, and all that are equal to it."""
    document = asked.document
    if document.workflow is None:
        return
    chosen = at_place(document, asked.span)
    if chosen is None or not _can_move(document, chosen):
        return
    name = name_for(document, chosen)
    one = _edits(document, chosen, (chosen,), name)
    if one is None:
        return
    yield Offer(f"Extract to the variable `{name}`", partial(Change, one))
    equal = tuple(e for e in same(document, chosen) if _can_move(document, e))
    if len(equal) > 1:
        every = _edits(document, chosen, equal, name)
        if every is not None:
            title = f"Extract all {len(equal)} to the variable `{name}`"
            yield Offer(title, partial(Change, every))


def _can_move(document: Document, found: Expression) -> bool:
    place = found.place
    if place.role in (Role.INPUT, Role.NOTIFY) or place.piece.scalar.anchor is not None:
        return False
    if place.role is Role.VARS and found.whole and place.text.whole:
        return False  # it has a name
    return is_steady(document, found)


def _edits(
    document: Document, chosen: Expression, places: tuple[Expression, ...], name: str
) -> tuple[Edit, ...] | None:
    """The definition, and the places that use it."""
    assert document.workflow is not None
    among = [p.place.index for p in places if p.place.role is Role.VARS]
    defined = _definition(document, name, chosen, min(among, default=None))
    if defined is None:
        return None
    edits = [defined]
    used = f"ctx().{name}" if document.workflow.orquesta else name
    scalars: dict[int, tuple[Scalar, list[Part]]] = {}
    for found in places:
        piece = found.place.piece
        parts = scalars.setdefault(id(piece.scalar), (piece.scalar, []))[1]
        parts.append(Part(piece.start + found.start, piece.start + found.end, used))
    for scalar, parts in scalars.values():
        written = changed(document, scalar, parts)
        if written is None:
            return None
        edits += written
    return tuple(sorted(edits, key=lambda e: e.span))


def _definition(
    document: Document, name: str, found: Expression, before: int | None
) -> Edit | None:
    """The edit that defines the variable: behind the other `vars`, or in front of one that uses it."""
    assert document.workflow is not None
    opening, closing = ("<% ", " %>") if found.language == "yaql" else ("{{ ", " }}")
    expression = opening + found.code + closing
    root = root_of(document)
    entry = _layout.own(root, "vars") if root is not None else None
    if root is None or root.flow or ("vars" in root and entry is None):
        return None
    orquesta = document.workflow.orquesta
    dash = "- " if orquesta else ""
    if entry is None:
        unit = _layout.indent(document)
        line = f"{unit}{dash}{key(name)}: {text(expression)}"
        return _new_block(document, root, ["vars:", line])
    block = entry.value
    if orquesta and isinstance(block, Sequence) and block.items and not block.flow:
        if before is not None:
            return _in_front(document, block, before, f"- {key(name)}: {text(expression)}")
        column = _layout.column_of(document, block.start)
        return _layout.below(document, block.end, [f"- {key(name)}: {text(expression)}"], column)
    if not orquesta and isinstance(block, Mapping) and block.entries and before is None:
        if block.flow:
            return _layout.into_flow(
                document, block, f"{key(name, True)}: {text(expression, True)}"
            )
        column = _layout.column_of(document, block.entries[0].key.start)
        return _layout.below(document, block.end, [f"{key(name)}: {text(expression)}"], column)
    return None


def _in_front(document: Document, block: Sequence, index: int, line: str) -> Edit | None:
    """A list item in front of the one that sets the variable of that turn."""
    assert document.workflow is not None
    start = document.workflow.vars[index].name.span.start
    item = next((i for i in block.items if i.start <= start <= i.end), None)
    if item is None:
        return None
    at = item.start
    dash = document.source.text.rfind("-", 0, at)
    column = _layout.column_of(document, block.start)
    if _layout.column_of(document, dash) != column:
        return None
    return Edit(Span(dash, dash), line + _layout.newline(document) + " " * column)


def _new_block(document: Document, root: Mapping, lines: list[str]) -> Edit | None:
    """A section of its own, in front of what the workflow does."""
    behind: Entry | None = next(
        (e for e in root.entries if getattr(e.key, "value", "") in ("output", "tasks", "chain")),
        None,
    )
    column = _layout.column_of(document, root.start)
    if behind is None or _layout.column_of(document, behind.key.start) != column:
        return None
    at = behind.key.start
    nl = _layout.newline(document)
    blank = nl if document.source.text[: at - column].endswith((nl + nl, nl + "\n")) else ""
    joined = (nl + " " * column).join(lines)
    return Edit(Span(at, at), joined + nl + blank + " " * column)


REFACTORING = Refactoring(
    "extract-variable",
    EXTRACT,
    "Extract an expression to `vars`.",
    offers,
)
