"""What kind of file a database of ours is, and what goes wrong with it in words for people.

SQLite's own messages are never passed on: some of them quote the row that they are about, and a row may
hold a secret.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from st2lang.record import record

_WORDS = {
    sqlite3.SQLITE_BUSY: "is locked: another process keeps writing to it; try again later",
    sqlite3.SQLITE_LOCKED: "is locked: another process keeps writing to it; try again later",
    sqlite3.SQLITE_NOTADB: "is not a {noun} but some other file; {elsewhere}",
    sqlite3.SQLITE_CORRUPT: "is damaged: put a backup in its place, or move it away to start anew",
    sqlite3.SQLITE_READONLY: "cannot be written: it or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: look at the permissions of it and of its folder",
    sqlite3.SQLITE_PERM: "cannot be opened: look at the permissions of it and of its folder",
    sqlite3.SQLITE_FULL: "cannot be written: there is no room left on its disk",
    sqlite3.SQLITE_IOERR: "cannot be used: its disk reports an error",
}


@record
class Kind:
    """A kind of database: `noun` names it, `application` is the id in its header, `error` what is raised.

    `elsewhere` tells how to name another file, `newer` what brings an old one up to date. `migrations` are
    the statements that lead from one version of the schema to the next; the first from nothing.
    """

    noun: str
    application: int
    error: type[Exception]
    elsewhere: str
    newer: str
    migrations: Sequence[Sequence[str]]

    def foreign(self, path: Path) -> Exception:
        """The error for a database that another program has made."""
        return self.error(f"`{path}` is the database of another program; {self.elsewhere}")

    def damaged(self, path: Path) -> Exception:
        """The error for contents that no such database has."""
        return self.error(f"the {self.noun} `{path}` {_WORDS[sqlite3.SQLITE_CORRUPT]}")

    @contextmanager
    def explained(self, path: Path) -> Iterator[None]:
        """Turns errors of SQLite and of the file system into `error`."""
        try:
            yield
        except sqlite3.Error as error:
            code = primary(error)
            if code is None:  # text in it is no UTF-8
                raise self.damaged(path) from None
            words = _WORDS.get(code, f"cannot be used ({error.sqlite_errorname})")
            words = words.format(noun=self.noun, elsewhere=self.elsewhere)
            raise self.error(f"the {self.noun} `{path}` {words}") from None
        except UnicodeDecodeError:  # SQLite's message quotes what is damaged, and that is no UTF-8
            raise self.damaged(path) from None
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise self.error(f"the {self.noun} `{path}` cannot be used: {reason}") from error


def primary(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code; None for errors of the Python binding itself."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
