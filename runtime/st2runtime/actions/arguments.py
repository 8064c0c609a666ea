"""`name=value` on the command line, read by the types that the action declares.

Specified by `st2client/commands/action.py`: lists as JSON or `a,b`, mappings as JSON or `k=v,k2=v2`,
`@name=FILE` for the content of a file, and words without `=` as the command of an action that has a `cmd`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from st2lang.catalog.models import types_of
from st2lang.catalog.values import words_for
from st2lang.patterns import lazy
from st2lang.record import record
from st2runtime.actions.runnable import Runnable

_NAME = lazy(r"@?[\w.-]+")


@record
class Reading:
    """The values by name, and what is wrong with those that could not be read, by name as well."""

    values: Mapping[str, Any]
    wrong: Mapping[str, str]


def read(words: Iterable[str], runnable: Runnable) -> Reading:
    """What words of a command line say. Never raises."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, equals, text = rest[0].partition("=")
        if not equals or not _NAME.fullmatch(name):
            if "cmd" in runnable.parameters and "cmd" not in values:
                values["cmd"] = " ".join(rest)
            else:
                wrong[rest[0]] = f"`{rest[0]}` is no parameter: they are written `name=value`"
            break
        rest.pop(0)
        try:
            values[name.removeprefix("@")] = _value(name, text, runnable)
        except ValueError as error:
            wrong[name.removeprefix("@")] = str(error)
    return Reading(values, wrong)


def _value(name: str, text: str, runnable: Runnable) -> Any:
    if name.startswith("@"):
        return _content(text)
    parameter = runnable.parameters.get(name)
    if parameter is None or not parameter.types:
        return _guessed(text) if runnable.loose else text
    try:
        return typed(text, parameter.schema)
    except ValueError as error:
        words = words_for(parameter.types)
        raise ValueError(f"parameter `{name}` expects {words}: {error}") from error


def typed(text: str, schema: Mapping[str, Any]) -> Any:
    """A text as a value of the type that a schema declares, the most precise where it allows several.

    Raises ValueError, which says what the text is not.
    """
    types = types_of(schema)
    wrong: ValueError | None = None
    for kind in sorted(types, key=_PRECISE.index if set(types) <= set(_PRECISE) else None):
        try:
            return _READERS[kind](text, schema) if kind in _READERS else text
        except (ValueError, RecursionError) as error:
            wrong = wrong or ValueError(str(error))
    if wrong is not None:
        raise wrong
    return text


def _content(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"the file `{path}` cannot be read: {reason}") from error


def _guessed(text: str) -> Any:
    """A value of which nothing says the type: JSON where it is some, else text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _array(text: str, schema: Mapping[str, Any]) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        if text.lstrip().startswith("["):
            raise ValueError(f"`{text}` is no JSON") from None
        found = [part.strip() for part in text.split(",")] if text.strip() else []
    if found is None:
        return None
    parts = found if isinstance(found, list) else [part.strip() for part in text.split(",")]
    items = schema.get("items")
    return [_part(part, items) for part in parts]


def _object(text: str, schema: Mapping[str, Any]) -> Any:
    if text.lstrip().startswith("{") or text == "null":
        try:
            return json.loads(text)
        except ValueError:
            raise ValueError(f"`{text}` is no JSON") from None
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    for key, equals, _ in pairs:
        if not equals:
            raise ValueError(f"`{key}` is neither JSON nor `key=value`")
    properties = schema.get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    return {key.strip(): _part(value, known.get(key.strip())) for key, _, value in pairs}


def _part(value: Any, schema: Any) -> Any:
    """A member of a list or mapping, by the type of its own."""
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    if isinstance(value, str) and kind in ("integer", "number", "boolean"):
        return _READERS[kind](value, {})
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _boolean(text: str, schema: Mapping[str, Any]) -> bool:
    words = {"true": True, "false": False}
    if text.strip().lower() not in words:
        raise ValueError(f"`{text}` is neither true nor false")
    return words[text.strip().lower()]


def _integer(text: str, schema: Mapping[str, Any]) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"`{text}` is none") from None


def _number(text: str, schema: Mapping[str, Any]) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"`{text}` is none") from None


def _null(text: str, schema: Mapping[str, Any]) -> None:
    if text not in ("null", "None", ""):
        raise ValueError(f"`{text}` is not null")


_READERS: Mapping[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "array": _array,
    "boolean": _boolean,
    "integer": _integer,
    "null": _null,
    "number": _number,
    "object": _object,
    "string": lambda text, schema: text,
}
_PRECISE = ("null", "boolean", "integer", "number", "object", "array", "string")
"""Where several types are allowed, the first that a text can be is taken."""
