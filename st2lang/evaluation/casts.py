"""Turns rendered text into the type that a parameter's metadata declares.

Specified by `st2common.util.casts` and the casts in `st2common.util.param`.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from typing import Any

from st2lang.functions._stackstorm import NONE
from st2lang.functions.failure import EvaluationError


def cast(value: Any, schema: Mapping[str, Any] | None) -> Any:
    """The value as the schema's `type` wants it; unchanged when there is no type to cast to.

    Raises `EvaluationError` of kind `cast` when the value cannot be read as that type.
    """
    wanted = (schema or {}).get("type")
    convert = _CASTS.get(wanted) if isinstance(wanted, str) else None
    if value is None or convert is None:
        return value
    try:
        return convert(None if value == NONE else value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        text = repr(value)
        shown = text if len(text) < 80 else f"{text[:77]}…"
        raise EvaluationError(f"{shown} is no {wanted}", "cast") from error


def _structure(value: Any) -> Any:
    """JSON text or what Python prints for a list or dict."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return ast.literal_eval(value)


def _boolean(value: Any) -> Any:
    return ast.literal_eval(value.capitalize()) if isinstance(value, str) else value


def _string(value: Any) -> Any:
    if value is not None and not isinstance(value, str):
        raise TypeError("only text and null are cast to string")
    return value


_CASTS: dict[str, Callable[[Any], Any]] = {
    "array": _structure,
    "boolean": _boolean,
    "integer": int,
    "number": float,
    "object": _structure,
    "string": _string,
}
