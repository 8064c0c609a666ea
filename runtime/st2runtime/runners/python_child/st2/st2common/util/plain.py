"""An action's result as JSON data, or the finding that it is none.

What is taken and what it becomes is as with orjson, which StackStorm's wrapper writes results with.
"""

from __future__ import annotations

import datetime
import enum
import uuid

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any

_LARGEST = 2**64


def plain(value: Any, depth: int = 0) -> Any:
    """The value in terms of JSON. Raises TypeError or ValueError for what JSON cannot hold."""
    if depth > 254:
        raise ValueError("too deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return plain(value.value, depth + 1)
    if isinstance(value, str):
        text = str(value)
        text.encode("utf-8")  # raises for a lone surrogate
        return text
    if isinstance(value, int):
        if not -_LARGEST // 2 <= value < _LARGEST:
            raise TypeError("more than 64 bits")
        return int(value)
    if isinstance(value, float):
        return float(value) if value - value == 0 else None
    if isinstance(value, list) or type(value) is tuple:
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    return _other(value, depth)


def _key(key: Any) -> Any:
    if not isinstance(key, str):
        raise TypeError("the keys of a mapping must be text")
    return plain(key)


def _other(value: Any, depth: int) -> Any:
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is not None:
        names = [name for name in fields if not name.startswith("_")]
        return {name: plain(getattr(value, name), depth + 1) for name in names}
    raise TypeError(f"{type(value).__name__} is no JSON")
