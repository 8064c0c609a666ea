"""A stand-in for `st2common.util.jsonify`."""

from __future__ import annotations

import contextlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any

__all__ = ["json_decode", "json_encode", "json_loads", "try_loads"]


def json_encode(obj: Any, indent: int | None = None, sort_keys: bool = False) -> str:
    """A value as JSON; an object may say by `__json__` what it is."""
    separators = None if indent else (",", ":")
    return json.dumps(
        obj,
        default=_default,
        indent=indent,
        sort_keys=sort_keys,
        separators=separators,
        ensure_ascii=False,
    )


def json_decode(data: str) -> Any:
    """The value of a JSON text."""
    return json.loads(data)


def json_loads(obj: Any, keys: list[str] | None = None) -> Any:
    """The mapping itself, with those of its values decoded that are JSON."""
    if not obj:
        return None
    for key in list(keys or obj):
        with contextlib.suppress(KeyError, TypeError, ValueError):
            obj[key] = json.loads(obj[key])
    return obj


def try_loads(text: Any) -> Any:
    """The value of a JSON text; anything else as it is."""
    try:
        return json.loads(text) if text and isinstance(text, str) else text
    except ValueError:
        return text


def _default(value: Any) -> Any:
    if hasattr(value, "__json__") and callable(value.__json__):
        return value.__json__()
    if isinstance(value, bytes):
        return value.decode("utf-8")
    raise TypeError(f"{type(value).__name__} is no JSON")
