"""Values as JSON, and errors as people read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any

from st2lang.functions.failure import EvaluationError


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON text of a value. What JSON has no form for (dates, timespans, sets) is written as text, as it
    is when a value is put into a text.

    Raises `EvaluationError` for a value that contains itself or is nested too deeply.
    """
    try:
        return json.dumps(_plain(value), ensure_ascii=False, indent=indent)
    except (TypeError, ValueError, RecursionError) as error:
        raise EvaluationError(f"the value cannot be written as JSON: {error}", "json") from error


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Set):
        return _set(value)
    return value if isinstance(value, str | int | float | type(None)) else str(value)


def _set(members: Set[Any]) -> str:
    """A set as Python prints it, but in an order that is the same every time."""
    texts = [repr(member) for member in members]
    if any("'" in text or '"' in text for text in texts):
        texts.sort()
    return f"{{{', '.join(texts)}}}" if texts else "set()"


def _key(key: Any) -> Any:
    return key if isinstance(key, str | int | float | type(None)) else str(key)


def excerpt(error: EvaluationError) -> str:
    """The line of the expression that has failed with the failing part underlined, or nothing."""
    if error.span is None or not error.expression:
        return ""
    text, (start, end) = error.expression, error.span
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    line = text[begin : len(text) if stop < 0 else stop]
    width = max(1, min(end, begin + len(line)) - start)
    return f"  {line}\n  {' ' * (start - begin)}{'^' * width}"
