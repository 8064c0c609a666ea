"""Values as JSON, and errors as people read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any

from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import ordered


def to_json(value: Any, indent: int | None = None, ascii_only: bool = False) -> str:
    """JSON text of a value. Sets become lists, in an order that is always the same; what else JSON has
    no form for (dates, timespans, patterns) is written as text, as it is when a value is put into a text.

    Raises `EvaluationError` for a value that contains itself or is nested too deeply.
    """
    try:
        return json.dumps(_plain(value), ensure_ascii=ascii_only, indent=indent)
    except RecursionError as error:
        message = "the value cannot be written as JSON: it contains itself or is nested too deeply"
        raise EvaluationError(message, "json") from error
    except Exception as error:
        raise EvaluationError(f"the value cannot be written as JSON: {error}", "json") from error


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | type(None)):
        return value
    if isinstance(value, Mapping):
        return {_key(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Set):
        return [_plain(part) for part in ordered(value)]
    return str(value)


def _key(key: Any) -> Any:
    return key if isinstance(key, str | int | float | type(None)) else str(key)


_WIDEST = 100
"""How many characters of a long line are shown."""


def excerpt(error: EvaluationError) -> str:
    """The line of the expression that has failed with the failing part underlined, or nothing."""
    if error.span is None or not error.expression:
        return ""
    text, (start, end) = error.expression, error.span
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    line, start, end = text[begin : len(text) if stop < 0 else stop], start - begin, end - begin
    line, cut = _window(line, start)
    width = max(1, min(end - cut, len(line)) - (start - cut))
    return f"  {line}\n  {' ' * (start - cut)}{'^' * width}"


def _window(line: str, start: int) -> tuple[str, int]:
    """The part of a long line that is shown, and how many characters before it are not."""
    if len(line) <= _WIDEST:
        return line, 0
    cut = max(0, min(start - _WIDEST // 3, len(line) - _WIDEST))
    shown = line[cut : cut + _WIDEST]
    if cut:
        shown = f"…{shown[1:]}"
    return (f"{shown[:-1]}…" if cut + _WIDEST < len(line) else shown), cut
