"""`Datastore`: keys by scope, user and name, with times to live and secrets."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from st2runtime.datastore.errors import DatastoreError
from st2runtime.datastore.items import (
    DEFAULT_USER,
    LATEST,
    Entry,
    Item,
    checked_expiry,
    checked_name,
    checked_owner,
    checked_scope,
    checked_text,
    checked_value,
    expiry,
)
from st2runtime.datastore.places import default_key_file
from st2runtime.datastore.schema import DATASTORE
from st2runtime.datastore.vault import ID_LENGTH, PREFIX, Vault, key_id_of
from st2runtime.sqlite.database import Database, Row
from st2runtime.sqlite.tables import Tables

_COLUMNS = 'scope, "user", name, value, secret, expires'
_OVER = (
    'ON CONFLICT (scope, "user", name) DO UPDATE SET value = excluded.value, '
    "secret = excluded.secret, expires = excluded.expires"
)
_ALL = 2**62
_ALIVE = "(expires IS NULL OR expires > ?)"
_PREFIXES = (
    f"SELECT DISTINCT substr(value, 1, {len(PREFIX) + ID_LENGTH + 1}) FROM pairs WHERE secret = 1"
)


class Datastore:
    """The keys in one file; reading does not make the file, writing does.

    `path` is the SQLite file, `key_file` what secrets are encrypted with (by default the one that
    ST2C_KEY_FILE names, else the one beside the file), `user` whose keys the scope `user` means, `now`
    the time in seconds since 1970, `timeout` how many seconds to wait for another writer.

    Every method raises `DatastoreError` when the file or the key file cannot be used. The file stays
    open until `close`, or the end of a `with`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        key_file: str | os.PathLike[str] | None = None,
        user: str = DEFAULT_USER,
        now: Callable[[], float] = time.time,
        timeout: float = 5.0,
    ) -> None:
        self.path = Path(path)
        self.user = user
        self._now = now
        self._vault = Vault(Path(key_file) if key_file else default_key_file(self.path))
        self._database: Tables = Database(self.path, DATASTORE, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. The datastore can still be used: that opens it again."""
        self._database.close()

    def __del__(self) -> None:
        database = getattr(self, "_database", None)
        if database is not None:
            database.close()

    @property
    def key_file(self) -> Path:
        """Where the key that encrypts secrets lies."""
        return self._vault.key_file

    def get(
        self, name: str, scope: str = "system", decrypt: bool = False, user: str | None = None
    ) -> Item | None:
        """A key that has not expired, or None. A secret's value is ciphertext unless decrypted."""
        scope = checked_scope(scope)
        owner = checked_owner(scope, self.user if user is None else user)
        rows = self._database.read(
            f'SELECT {_COLUMNS} FROM pairs WHERE scope = ? AND "user" = ? AND name = ? AND {_ALIVE}',
            (scope, owner, checked_text(name, "the name of the key"), self._now()),
        )
        return self._item(rows[0], decrypt) if rows else None

    def set(
        self,
        name: str,
        value: str,
        *,
        scope: str = "system",
        secret: bool = False,
        ttl: float | None = None,
        user: str | None = None,
    ) -> Item:
        """Write a key over what there was, its time to live included; gives it, a secret encrypted.

        `ttl` is in seconds, None for ever. The first secret makes the key file.
        """
        owner = self.user if user is None else user
        (item,) = self.put([Entry(name, value, scope, owner, secret, expiry(ttl, self._now()))])
        return item

    def put(self, entries: Sequence[Entry]) -> tuple[Item, ...]:
        """Write several keys, all of them or, when it raises, none."""
        checked = [_checked(entry) for entry in entries]
        if not checked:
            return ()
        with self._database.write() as connection:
            connection.execute("DELETE FROM pairs WHERE expires <= ?", (self._now(),))
            if any(entry.secret for entry in checked):
                prefixes = [text for (text,) in connection.execute(_PREFIXES)]
                self._vault.prepare(frozenset(map(key_id_of, prefixes)))
            items = [self._sealed(entry) for entry in checked]
            connection.executemany(
                f"INSERT INTO pairs ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) {_OVER}",
                [(i.scope, i.user, i.name, i.value, int(i.secret), i.expires) for i in items],
            )
        return tuple(items)

    def delete(self, name: str, scope: str = "system", user: str | None = None) -> bool:
        """Remove a key; False when there is none."""
        scope = checked_scope(scope)
        owner = checked_owner(scope, self.user if user is None else user)
        checked_text(name, "the name of the key")
        if not self._database.exists():
            return False
        with self._database.write() as connection:
            connection.execute("DELETE FROM pairs WHERE expires <= ?", (self._now(),))
            done = connection.execute(
                'DELETE FROM pairs WHERE scope = ? AND "user" = ? AND name = ?',
                (scope, owner, name),
            )
            return done.rowcount > 0

    def list(
        self,
        prefix: str = "",
        scope: str = "all",
        decrypt: bool = False,
        user: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[Item, ...]:
        """The keys whose names begin with `prefix`, in the order of their names.

        The scope `user` means the keys of one user; `all` means those of every user beside the system's
        unless a user is named.
        """
        conditions: list[str] = [_ALIVE]
        parameters: list[Any] = [self._now()]
        if scope != "all":
            scope = checked_scope(scope)
            conditions.append("scope = ?")
            parameters.append(scope)
        if scope != "all" or user is not None:
            conditions.append("\"user\" IN ('', ?)")
            parameters.append(checked_owner("user", self.user if user is None else user))
        if prefix:
            conditions.append("name >= ?")
            parameters.append(checked_text(prefix, "the prefix"))
            if (end := _after(prefix)) is not None:
                conditions.append("name < ?")
                parameters.append(end)
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM pairs WHERE {' AND '.join(conditions)} "
            'ORDER BY name, scope, "user" LIMIT ? OFFSET ?',
            (*parameters, _ALL if limit is None else limit, offset),
        )
        return tuple([self._item(row, decrypt) for row in rows])

    def lookup(self, key: str, decrypt: bool = False) -> str:
        """What `st2kv` gives in either dialect: `system.NAME`, `user.NAME`, or NAME of the user.

        A secret is ciphertext unless decrypted. Raises KeyError when there is no such key, and
        `DatastoreError` for decrypting what is not encrypted, as StackStorm does.
        """
        try:
            return self.lookup_orquesta(key, decrypt)
        except KeyError:
            if not key.startswith("user."):
                raise
        return self._looked_up(key, key.removeprefix("user."), "user", decrypt)

    def lookup_orquesta(self, key: str, decrypt: bool = False) -> str:
        """What StackStorm's `st2kv(key)` gives in Orquesta, to the letter.

        There only `system.` is a scope: any other key, `user.x` too, is as a whole the name of a key of
        the user. Specified by `st2common.util.keyvalue.get_key`.
        """
        if key.startswith("system."):
            return self._looked_up(key, key.removeprefix("system."), "system", decrypt)
        return self._looked_up(key, key, "user", decrypt)

    def _looked_up(self, key: str, name: str, scope: str, decrypt: bool) -> str:
        item = self.get(name, scope, decrypt)
        if item is None:
            raise KeyError(key)
        if decrypt and not item.secret:
            raise DatastoreError(f"`{key}` is not encrypted: read it without `decrypt`")
        return item.value

    def _item(self, row: Row, decrypt: bool) -> Item:
        scope, user, name, value, secret, expires = row
        texts = all(isinstance(text, str) for text in (scope, user, name, value))
        if not texts or not isinstance(expires, float | None) or not 0 <= (expires or 0) <= LATEST:
            raise DATASTORE.damaged(self.path)
        if secret and decrypt:
            value = self._vault.open(value, (scope, user, name))
        return Item(name, value, scope, user, bool(secret), bool(secret) and not decrypt, expires)

    def _sealed(self, entry: Entry) -> Item:
        place = (entry.scope, entry.user, entry.name)
        value = self._vault.seal(entry.value, place) if entry.secret else entry.value
        return Item(entry.name, value, *place[:2], entry.secret, entry.secret, entry.expires)


def _checked(entry: Entry) -> Entry:
    scope = checked_scope(entry.scope)
    name = checked_name(entry.name)
    value = checked_value(name, entry.value)
    owner = checked_owner(scope, entry.user)
    return Entry(name, value, scope, owner, entry.secret, checked_expiry(entry.expires))


def _after(prefix: str) -> str | None:
    """The least text that is greater than all that begin with a prefix; None when nothing is."""
    for end in range(len(prefix), 0, -1):
        code = ord(prefix[end - 1]) + 1
        if code <= 0x10FFFF:
            return prefix[: end - 1] + chr(0xE000 if code == 0xD800 else code)
    return None
