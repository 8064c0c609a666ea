"""Values as YAML: new ones, and scalars that stand already with some of their characters changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from st2lang.problem import Edit
from st2lang.query.complete.writing import is_plain
from st2lang.record import record
from st2lang.refactoring._layout import in_flow
from st2lang.source import Span
from st2lang.yaml import Scalar, Style

if TYPE_CHECKING:
    from st2lang.document import Document


@record
class Part:
    """The decoded characters `start:end` of a scalar, and what is to stand in their place."""

    start: int
    end: int
    text: str


def value(data: Any, flow: bool = False) -> str:
    """Data on one line: plain where that is read back the same, else quoted; JSON for lists and dicts."""
    if isinstance(data, str):
        return text(data, flow)
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def text(data: str, flow: bool = False) -> str:
    """A string on one line."""
    return data if is_plain(data, flow) else quoted(data)


def quoted(data: str) -> str:
    """A string in quotes: in double ones unless they would have to be escaped."""
    if ('"' in data or "\\" in data) and data.isprintable():
        return "'" + data.replace("'", "''") + "'"
    return json.dumps(data, ensure_ascii=False)


def changed(document: Document, scalar: Scalar, parts: Iterable[Part]) -> tuple[Edit, ...] | None:
    """`with_parts` for a scalar where it stands."""
    return with_parts(scalar, tuple(parts), in_flow(document, scalar.start))


def with_parts(scalar: Scalar, parts: tuple[Part, ...], flow: bool) -> tuple[Edit, ...] | None:
    """The edits that change parts of a scalar so that it decodes to the changed text.

    Nothing else of it is written anew unless it needs quotes now. None where it cannot be written: a
    plain scalar over several lines that would need quotes.
    """
    whole = scalar.value
    for part in sorted(parts, key=lambda p: p.start, reverse=True):
        whole = whole[: part.start] + part.text + whole[part.end :]
    if scalar.style is Style.PLAIN and not is_plain(whole, flow):
        if "\n" in scalar.text[scalar.start : scalar.end]:
            return None
        return (Edit(scalar.span, quoted(whole)),)
    escape = _ESCAPES.get(scalar.style, _as_it_is)
    return tuple(
        Edit(_located(scalar, part), escape(part.text))
        for part in sorted(parts, key=lambda p: p.start)
    )


def _located(scalar: Scalar, part: Part) -> Span:
    """The place of a part; the map leaves open where an empty part at the end of a scalar lies."""
    if part.start < part.end:
        return scalar.locate(part.start, part.end)
    if part.start and part.start == len(scalar.value):
        end = scalar.locate(part.start - 1, part.start).end
        return Span(end, end)
    return scalar.locate(part.start, part.start)


def _as_it_is(data: str) -> str:
    return data


def _single(data: str) -> str:
    return data.replace("'", "''")


def _double(data: str) -> str:
    return json.dumps(data, ensure_ascii=False)[1:-1]


_ESCAPES = {Style.SINGLE: _single, Style.DOUBLE: _double}
