"""Answers to what Python actions ask of the datastore.

The process of an action may run with an interpreter that has none of this project's packages: it asks by
name, and the datastore is opened here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

Arguments = Mapping[str, Any]


async def answer(path: str, user: str, name: str, arguments: Arguments) -> dict[str, Any]:
    """The answer to a call: `value`, or `error` and its `kind`; `log` has errors for the action's log.

    `path` is the datastore's file or the URL of its database ("" when there is none), `user` whose keys the scope `user` means.
    """
    if not path:
        return {"error": "this run has no datastore"}
    # SQLite may wait for another writer: not in the event loop.
    return await asyncio.to_thread(_answer, path, user, name, dict(arguments))


def _answer(path: str, user: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    from st2runtime.datastore import DatastoreError
    from st2runtime.datastore.opening import opened

    heard: list[str] = []
    try:
        with opened(path, user) as store:
            room, _, method = name.partition(".")
            value = _ROOMS[room](store, method, arguments, heard)
    except DatastoreError as error:
        return {"error": str(error)}
    except ValueError as error:
        return {"error": str(error), "kind": "ValueError"}
    return {"value": value, "log": heard}


def _service(store: Any, method: str, arguments: dict[str, Any], heard: list[str]) -> Any:
    """`self.action_service`: keys that belong to a class of a pack."""
    from st2runtime.datastore import DatastoreService

    pack, class_name = arguments.pop("pack"), arguments.pop("class_name")
    service = DatastoreService(store, pack, class_name, _Hearing(heard))
    value = getattr(service, _SERVICE[method])(**arguments)
    return [_pair(item) for item in value] if method == "list_values" else value


def _keys(store: Any, method: str, arguments: dict[str, Any], heard: list[str]) -> Any:
    """`Client().keys`: keys by their full names."""
    match method:
        case "get":
            item = store.get(**arguments)
            return None if item is None else _pair(item)
        case "set":
            store.set(arguments.pop("name"), arguments.pop("value"), **arguments)
            return True
        case "delete":
            return store.delete(arguments["name"], scope=arguments["scope"])
    found = store.list(
        arguments["prefix"] or "",
        arguments["scope"],
        limit=arguments["limit"] or None,
        offset=arguments["offset"] or 0,
    )
    return [_pair(item) for item in found]


_SERVICE = {name: name for name in ("get_value", "set_value", "delete_value", "list_values")}
_ROOMS: dict[str, Callable[[Any, str, dict[str, Any], list[str]], Any]] = {
    "service": _service,
    "keys": _keys,
}


def _pair(item: Any) -> dict[str, Any]:
    """The attributes of st2client's KeyValuePair. A secret that was not decrypted stays ciphertext."""
    return {
        "name": item.name,
        "value": item.value,
        "scope": item.scope,
        "user": item.user or None,
        "secret": item.secret,
        "encrypted": item.encrypted,
        "expire_timestamp": item.expire_timestamp,
    }


class _Hearing(logging.Logger):
    """A logger whose messages go into a list."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__("datastore")
        self._heard = heard

    def handle(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())
