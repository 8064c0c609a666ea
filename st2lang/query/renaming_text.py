"""The edits of a rename, written so that the YAML around them stays what it is, and held to that."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang.patterns import lazy
from st2lang.problem import Edit
from st2lang.query import symbol as symbols
from st2lang.query.symbol import Kind, Occurrence, Symbol
from st2lang.source import Source
from st2lang.yaml import Scalar, Style
from st2lang.yaml.resolve import construct_scalar

if TYPE_CHECKING:
    from st2lang.document import Document

_WORD = lazy(r"\w+")
_PLAIN = lazy(r"[\w/](?:[\w ./-]*[\w./-])?")
"""Text that needs no quotes anywhere in YAML, unless it means something else than text."""

Range = tuple[int, int]


def apply(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits made that do not overlap, in any order."""
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def edits(occurrences: Iterable[Occurrence], old: str, new: str) -> tuple[Edit, ...]:
    """The edits that write `new` for `old` at some occurrences, in the order of the text."""
    scalars: dict[int, tuple[Scalar, list[Range]]] = {}
    for occurrence in occurrences:
        _, ranges = scalars.setdefault(id(occurrence.scalar), (occurrence.scalar, []))
        ranges.append(name_range(occurrence, old))
    found = [
        edit for scalar, ranges in scalars.values() for edit in _rewritten(scalar, ranges, new)
    ]
    return tuple(sorted(found, key=lambda e: e.span))


def name_range(occurrence: Occurrence, old: str) -> Range:
    """The decoded characters that are the name: of an action's reference only what follows the pack, of
    a string that is written in several parts all that stands between its quotes."""
    value, start, end = occurrence.scalar.value, occurrence.start, occurrence.end
    if value[end - len(old) : end] == old:
        return end - len(old), end
    return start + 1, end - 1


def _rewritten(scalar: Scalar, ranges: list[Range], new: str) -> Iterator[Edit]:
    value = scalar.value
    for start, end in sorted(ranges, reverse=True):
        value = value[:start] + new + value[end:]
    if scalar.style is Style.PLAIN and not _stays_plain(scalar, value, new):
        yield Edit(scalar.span, "'" + value.replace("'", "''") + "'")
        return
    for start, end in ranges:
        yield Edit(scalar.locate(start, end), _escaped(new, scalar.style))


def _stays_plain(scalar: Scalar, value: str, new: str) -> bool:
    """True when a plain scalar with a changed value can be written without quotes, and is still text."""
    if not isinstance(construct_scalar(value, True, scalar.tag), str):
        return False
    return _WORD.fullmatch(new) is not None or _PLAIN.fullmatch(value) is not None


def _escaped(text: str, style: Style) -> str:
    if style is Style.SINGLE:
        return text.replace("'", "''")
    if style is Style.DOUBLE:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


Meaning = tuple[Kind, str, str, str]


def changed_meaning(
    document: Document, symbols_renamed: dict[Symbol, Symbol], changes: tuple[Edit, ...]
) -> str:
    """Reads the changed text again: "" when every name means what it meant, else what is wrong."""
    from st2lang.document import Document

    text = apply(document.source.text, changes)
    source = Source(document.source.path, text, document.source.bom)
    changed = Document(
        source, kind=document.kind, catalog=document.catalog, settings=document.settings
    )
    if len(changed.yaml.problems) > len(document.yaml.problems):
        return f"the file would not be valid YAML: {changed.yaml.problems[0].message}"
    expected = [_meaning(o, symbols_renamed) for o in symbols.occurrences(document)]
    found = symbols.occurrences(changed)
    for wanted, got in zip(expected, found, strict=False):
        if wanted != _meaning(got, {}):
            line = source.position(got.span.start).line
            name = os.path.basename(source.path) or "this file"
            return f"`{got.symbol.name}` would mean something else in line {line} of {name}"
    return (
        "" if len(expected) == len(found) else "a use of the name would not be recognised any more"
    )


def _meaning(occurrence: Occurrence, renamed: dict[Symbol, Symbol]) -> Meaning:
    symbol = renamed.get(occurrence.symbol, occurrence.symbol)
    owner = renamed_owner(symbol, renamed)
    return symbol.kind, symbol.name, owner, occurrence.access.value


def renamed_owner(symbol: Symbol, renamed: dict[Symbol, Symbol]) -> str:
    """The owner of a thing after tasks or actions have got other names."""
    kind = {Kind.ITEM: Kind.TASK, Kind.PARAMETER: Kind.ACTION}.get(symbol.kind)
    owner = Symbol(kind, symbol.owner) if kind is not None else None
    return renamed[owner].name if owner in renamed else symbol.owner
