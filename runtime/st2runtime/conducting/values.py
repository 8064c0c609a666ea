"""Values as the state keeps them and as requests carry them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime, timedelta
from typing import Any

from st2lang.functions.failure import EvaluationError

_ATOMS = frozenset((str, int, float, bool, type(None)))
_MOMENTS = (date, timedelta)


def plain(value: Any, moments: set[type] | None = None) -> Any:
    """The value as JSON data: lists for tuples and sets, text for keys; the same object if it is that.

    Dates and timespans become text; with `moments` they stay what they are, so that expressions can go on
    calculating with them, and their types are put there. Raises `EvaluationError` for data that contains
    itself.
    """
    if value.__class__ in _ATOMS:
        return value
    try:
        return _plain(value, moments)
    except RecursionError:
        raise EvaluationError(
            "the value is nested too deeply, or contains itself", "limit"
        ) from None


def _plain(value: Any, moments: set[type] | None) -> Any:
    kind = value.__class__
    if kind in _ATOMS:
        return value
    if kind is dict:
        for key, part in value.items():
            if key.__class__ is not str or (
                part.__class__ not in _ATOMS and _plain(part, moments) is not part
            ):
                return {_key(key): _plain(part, moments) for key, part in value.items()}
        return value
    if kind is list:
        for part in value:
            if part.__class__ not in _ATOMS and _plain(part, moments) is not part:
                return [_plain(part, moments) for part in value]
        return value
    if isinstance(value, Mapping):
        return {_key(key): _plain(part, moments) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, moments) for part in value]
    if isinstance(value, Set):
        return [_plain(part, moments) for part in sorted(value, key=repr)]
    if isinstance(value, str):
        return str(value)
    if moments is None or not isinstance(value, _MOMENTS):
        return str(value)
    moments.add(kind)
    return value


def _key(key: Any) -> str:
    match key:
        case str():
            return str(key)
        case True:
            return "true"
        case False:
            return "false"
        case None:
            return "null"
        case _:
            return str(key)


def written(value: Any) -> Any:
    """A kept value as JSON data in which dates and timespans can be told from text."""
    match value:
        case dict():
            found = {key: written(part) for key, part in value.items()}
            return {"$value": found} if len(found) == 1 and next(iter(found)) in _MARKS else found
        case list():
            return [written(part) for part in value]
        case date():
            return {"$date" if type(value) is date else "$time": value.isoformat()}
        case timedelta():
            return {"$span": [value.days, value.seconds, value.microseconds]}
        case _:
            return value


def read(data: Any) -> Any:
    """The value that `written` has written."""
    match data:
        case {"$value": dict(inner), **others} if not others:
            return {key: read(part) for key, part in inner.items()}
        case {"$date": str(text), **others} if not others:
            return date.fromisoformat(text)
        case {"$time": str(text), **others} if not others:
            return datetime.fromisoformat(text)
        case {"$span": [int(days), int(seconds), int(micros)], **others} if not others:
            return timedelta(days, seconds, micros)
        case dict():
            return {key: read(part) for key, part in data.items()}
        case list():
            return [read(part) for part in data]
        case _:
            return data


_MARKS = frozenset(("$value", "$date", "$time", "$span"))


def message_of(error: EvaluationError) -> str:
    """What the log of errors says of an expression that has no value."""
    if error.expression:
        return f"{error.message} (in `{error.expression}`)"
    return error.message
