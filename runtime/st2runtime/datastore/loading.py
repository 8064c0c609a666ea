"""Files of keys: what `st2c key load` takes, checked as a whole before anything is written.

The format is that of `st2 key load` (StackStorm/st2, st2client/commands/keyvalue.py): a list of items, or
a single one, in JSON or YAML. What `st2 key list --json` and `st2c key list --format json` print is one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from st2lang.suggest import did_you_mean, listing
from st2runtime.datastore.errors import DatastoreError, LoadError
from st2runtime.datastore.items import (
    DEFAULT_USER,
    MASK,
    MAX_VALUE,
    Entry,
    checked_expiry,
    checked_name,
    checked_owner,
    checked_scope,
    checked_value,
    expiry,
)

_FIELDS = ("name", "value", "scope", "user", "secret", "ttl", "encrypted", "expire_timestamp")
_IGNORED = ("id", "uid", "description")  # StackStorm prints them; nothing here keeps them


class _MistakeError(Exception):
    """What is wrong with one item."""


def entries_from(
    text: str, now: Callable[[], float], user: str = DEFAULT_USER, convert: bool = False
) -> tuple[Entry, ...]:
    """The keys that a file of JSON or YAML lists; those that have expired meanwhile are left out.

    `user` owns the items of the scope `user` that name nobody. `convert` turns values that are no text
    into JSON. Raises `LoadError` with everything that is wrong in the file.
    """
    found = parsed(text)
    items = found if isinstance(found, list) else [] if found is None else [found]
    time = now()
    entries: dict[tuple[str, str, str], int] = {}
    kept: list[Entry] = []
    mistakes: list[str] = []
    for number, item in enumerate(items, 1):
        try:
            entry = _entry(item, time, user, convert)
            place = (entry.scope, entry.user, entry.name)
            if place in entries:
                raise _MistakeError(f"item {entries[place]} sets the same key")
        except (_MistakeError, DatastoreError) as mistake:
            mistakes.append(f"item {number}{_called(item)}: {mistake}")
            continue
        entries[place] = number
        if entry.expires is None or entry.expires > time:
            kept.append(entry)
    if mistakes:
        raise LoadError(mistakes)
    return tuple(kept)


def text_of(value: Any) -> str:
    """A value as the datastore keeps it: a text as it is, anything else as JSON.

    Raises `DatastoreError` for what JSON does not have: dates, infinities, bytes, circles.
    """
    if isinstance(value, str):
        return value
    parts, size = [], 0
    try:
        for part in json.JSONEncoder(allow_nan=False).iterencode(value):
            parts.append(part)
            size += len(part)
            if size > MAX_VALUE:  # aliases in YAML make a lot out of little
                raise DatastoreError("the value is too long: at most 16 MiB can be kept")
    except (TypeError, ValueError, RecursionError):
        raise DatastoreError(
            "the value is not made of what JSON has: put quotes around dates and the like"
        ) from None
    return "".join(parts)


def parsed(text: str) -> Any:
    """What a text says as JSON, else as YAML, which reads JSON's pairs of surrogates otherwise.

    Raises `LoadError` with the place, and without a word of the text.
    """
    import yaml

    try:
        return json.loads(text)
    except RecursionError:
        raise LoadError(["it is nested too deeply"]) from None
    except ValueError:
        pass
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        # No words of the parser's: they may quote a secret.
        raise LoadError([f"{where}neither JSON nor YAML"]) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise LoadError(["neither JSON nor YAML"]) from None


def _called(item: Any) -> str:
    name = item.get("name") if isinstance(item, dict) else None
    return f" (`{name}`)" if isinstance(name, str) and name else ""


def _entry(item: Any, now: float, user: str, convert: bool) -> Entry:
    if not isinstance(item, dict):
        raise _MistakeError("expected a mapping with `name` and `value`")
    _check_fields(item)
    name = checked_name(_text(item, "name"))
    scope = checked_scope(_text(item, "scope", "system"))
    secret = _flag(item, "secret")
    encrypted = _flag(item, "encrypted")
    value = _value(item["value"], convert)
    if value == MASK and (secret or encrypted):
        raise _MistakeError("the value is masked: list it with `--decrypt`")
    if encrypted:
        raise _MistakeError("the value is encrypted with another key: list it with `--decrypt`")
    owner = _text(item, "user", "")
    if owner and scope == "system":
        raise _MistakeError("it has a `user` but is in the scope `system`: add `scope: user`")
    return Entry(
        name,
        checked_value(name, value),
        scope,
        checked_owner(scope, owner or user),
        secret,
        _expires(item, now),
    )


def _check_fields(item: Mapping[Any, Any]) -> None:
    for field in ("name", "value"):
        if field not in item:
            raise _MistakeError(f"`{field}` is missing")
    for field in item:
        if field not in _FIELDS and field not in _IGNORED:
            near = did_you_mean(str(field), _FIELDS)
            raise _MistakeError(
                f"there is no field `{field}`; there are {listing(_FIELDS, 'and')}{near}"
            )


def _text(item: Mapping[str, Any], field: str, default: str | None = None) -> str:
    found = item.get(field)
    if found is None and default is not None:
        return default
    if not isinstance(found, str):
        raise _MistakeError(f"`{field}` must be a text: put it in quotes")
    return found


def _flag(item: Mapping[str, Any], field: str) -> bool:
    found = item.get(field)
    if not isinstance(found, bool | None):
        raise _MistakeError(f"`{field}` must be true or false")
    return bool(found)


def _value(value: Any, convert: bool) -> str:
    if not isinstance(value, str) and not convert:
        raise _MistakeError(
            "the value is not a text: put it in quotes, or let `--convert` make it JSON"
        )
    return text_of(value)


def _expires(item: Mapping[str, Any], now: float) -> float | None:
    """By `ttl`, in seconds from now, else by `expire_timestamp` as it was exported."""
    ttl = item.get("ttl")
    if isinstance(ttl, bool) or not isinstance(ttl, int | None) or (ttl or 0) < 0:
        raise _MistakeError("`ttl` must be a whole number of seconds")
    if ttl:
        return expiry(ttl, now)
    stamp = item.get("expire_timestamp")
    if isinstance(stamp, str):
        try:
            stamp = datetime.fromisoformat(stamp)
        except ValueError:
            stamp = False
    if stamp is None:
        return None
    if not isinstance(stamp, datetime):
        raise _MistakeError("`expire_timestamp` must be a time such as `2030-01-01T00:00:00Z`")
    moment = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    return checked_expiry(max(moment.timestamp(), 0.0))
