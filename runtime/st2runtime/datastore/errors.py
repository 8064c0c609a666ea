"""What goes wrong with a datastore, in words for people.

SQLite's own messages are never passed on: some of them quote the row that they are about, and a row may
be a secret.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class DatastoreError(Exception):
    """The datastore cannot do it; the message says why and what to do, and never shows a value."""


class LoadError(DatastoreError):
    """A file of keys that cannot be loaded; `mistakes` are all of them, one sentence each."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = tuple(mistakes)


_ELSEWHERE = "name another file with `--datastore` or ST2C_DATASTORE"

_WORDS = {
    sqlite3.SQLITE_BUSY: "is locked: another process keeps writing to it; try again later",
    sqlite3.SQLITE_LOCKED: "is locked: another process keeps writing to it; try again later",
    sqlite3.SQLITE_NOTADB: f"is not a datastore but some other file; {_ELSEWHERE}",
    sqlite3.SQLITE_CORRUPT: "is damaged: put a backup in its place, or move it away to start anew",
    sqlite3.SQLITE_READONLY: "cannot be written: it or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: look at the permissions of it and of its folder",
    sqlite3.SQLITE_PERM: "cannot be opened: look at the permissions of it and of its folder",
    sqlite3.SQLITE_FULL: "cannot be written: there is no room left on its disk",
    sqlite3.SQLITE_IOERR: "cannot be used: its disk reports an error",
}


def foreign(path: Path) -> DatastoreError:
    """The error for a database that another program has made."""
    return DatastoreError(f"`{path}` is the database of another program; {_ELSEWHERE}")


def damaged(path: Path) -> DatastoreError:
    """The error for contents that no datastore has."""
    return DatastoreError(f"the datastore `{path}` {_WORDS[sqlite3.SQLITE_CORRUPT]}")


def primary(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code; None for errors of the Python binding itself."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns errors of SQLite and of the file system into `DatastoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        code = primary(error)
        if code is None:  # text in it is no UTF-8
            raise damaged(path) from None
        words = _WORDS.get(code, f"cannot be used ({error.sqlite_errorname})")
        raise DatastoreError(f"the datastore `{path}` {words}") from None
    except UnicodeDecodeError:  # SQLite's message quotes what is damaged, and that is no UTF-8
        raise damaged(path) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DatastoreError(f"the datastore `{path}` cannot be used: {reason}") from error
