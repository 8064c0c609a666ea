"""Reads the log of one execution, checking every entry against all before it; more once there is more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2runtime.actions.secrets import Secrets
from st2runtime.journal import entries as written
from st2runtime.journal.cloak import Cloak
from st2runtime.journal.entries import Entry
from st2runtime.journal.log import chained

if TYPE_CHECKING:
    from st2runtime.journal.file import FileStore

_BATCH = 256


class FileReader:
    """See `Reader`."""

    def __init__(self, store: FileStore, execution: str, number: int) -> None:
        self._store, self._execution, self._number = store, execution, number
        self._position = 0
        self._before = chained(b"", execution, "", None)

    def read(self) -> Iterator[Entry]:
        """The entries since the last call; see `Reader`."""
        store, execution = self._store, self._execution
        count, head = store.head(self._number)
        cloak = Cloak(Secrets(), store.secrets(execution))
        while self._position < count:
            rows = store.database.read(
                "SELECT position, body, large, digest FROM log WHERE execution = ? "
                "AND position >= ? AND position < ? ORDER BY position LIMIT ?",
                (self._number, self._position, count, _BATCH),
            )
            if not rows:
                raise store.damaged(f"entry {self._position} of execution {execution} is missing")
            for position, body, large, digest in rows:
                whole = isinstance(body, str) and isinstance(large, str | None)
                before = chained(self._before, execution, body, large) if whole else None
                if position != self._position or digest != before or before is None:
                    raise store.damaged(f"entry {self._position} of execution {execution}")
                entry = self._entry(position, body, large, cloak)
                self._before = before
                self._position += 1
                yield entry
        if self._before != head:
            raise store.damaged(f"the end of execution {execution}")

    def _entry(self, position: int, body: str, large: str | None, cloak: Cloak) -> Entry:
        text = self._store.blobs.get(large) if large else body
        try:
            return written.from_text(cloak.show(text))
        except (ValueError, RecursionError) as error:
            raise self._store.damaged(f"entry {position} of execution {self._execution}") from error
