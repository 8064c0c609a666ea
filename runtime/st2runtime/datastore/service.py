"""The datastore as a pack's Python action sees it: `self.action_service.get_value(…)` and its kin.

Specified by `st2common.services.datastore.BaseDatastoreService`: names are local to the action's class
unless `local` is false, only the scope `system` is to be had, reading what cannot be read gives None.
"""

from __future__ import annotations

import logging
from typing import Any

from st2runtime.datastore.errors import DatastoreError
from st2runtime.datastore.items import Item
from st2runtime.datastore.store import Datastore

SEPARATOR = ":"


class DatastoreService:
    """Keys for the action class `class_name` of the pack `pack`; `logger` hears what goes wrong."""

    def __init__(
        self,
        store: Datastore,
        pack: str,
        class_name: str,
        logger: logging.Logger | None = None,
    ) -> None:
        self._store = store
        self._prefix = f"{pack}.{class_name}{SEPARATOR}"
        self._logger = logger or logging.getLogger(__name__)

    def list_values(
        self,
        local: bool = True,
        prefix: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Item]:
        """The system's keys that begin with a prefix, secrets encrypted; all unless `limit` says less.

        Raises `DatastoreError` when the datastore cannot be read.
        """
        start = self._prefix if local else ""
        found = self._store.list(
            start + (prefix or ""), "system", limit=limit or None, offset=offset
        )
        return list(found)

    def get_value(
        self, name: str, local: bool = True, scope: str = "system", decrypt: bool = False
    ) -> str | None:
        """The value of a key, None when there is none or it cannot be read.

        A secret is ciphertext unless decrypted. Raises ValueError for another scope than the system's.
        """
        try:
            item = self._store.get(self._full(name, local, scope), decrypt=decrypt)
        except DatastoreError as error:
            self._logger.error("cannot read `%s` from the datastore: %s", name, error)
            return None
        return None if item is None else item.value

    def set_value(
        self,
        name: str,
        value: Any,
        ttl: float | None = None,
        local: bool = True,
        scope: str = "system",
        encrypt: bool = False,
    ) -> bool:
        """Write a key, a value that is no text as `str` makes it one; always true.

        Raises ValueError for another scope than the system's, `DatastoreError` when it cannot be written.
        """
        full = self._full(name, local, scope)
        self._store.set(full, str(value), secret=encrypt, ttl=ttl)
        return True

    def delete_value(self, name: str, local: bool = True, scope: str = "system") -> bool:
        """Remove a key; False when there is none or it cannot be removed."""
        full = self._full(name, local, scope)
        try:
            return self._store.delete(full)
        except DatastoreError as error:
            self._logger.error("cannot delete `%s` from the datastore: %s", name, error)
            return False

    def _full(self, name: str, local: bool, scope: str) -> str:
        if scope != "system":
            raise ValueError(f"Scope {scope} is unsupported.")
        return self._prefix + name if local else name
