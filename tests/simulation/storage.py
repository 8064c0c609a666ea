"""The real journal on a disk that can be made to fail, or the process with it, at any point of any write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from st2runtime.journal.entries import Entry
from st2runtime.journal.errors import JournalError
from st2runtime.journal.file import FileLog
from st2runtime.journal.store import Mail

from st2lang.graph import Graph


class Crash(KeyboardInterrupt):
    """The process is killed. Of this kind, so that neither asyncio nor anything else stops it."""


class Quick(sqlite3.Connection):
    """A connection that leaves out waiting for the disk: nothing here outlives the tests."""

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
        """As always."""
        if statement.startswith("PRAGMA synchronous"):
            statement = "PRAGMA synchronous = OFF"
        return super().execute(statement, *values)


class Fragile(Quick):
    """A connection of which every statement within a write is told to `notice`, which may raise."""

    notice: Callable[[str], None] | None = None

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
        """As always, unless something happens first."""
        if Fragile.notice is not None:
            Fragile.notice(statement)
        return super().execute(statement, *values)

    def executemany(self, statement: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
        """As always, unless something happens first."""
        if Fragile.notice is not None:
            Fragile.notice(statement)
        return super().executemany(statement, *values)


def full() -> sqlite3.OperationalError:
    """The error of a disk without room."""
    error = sqlite3.OperationalError("it fails")
    error.sqlite_errorname, error.sqlite_errorcode = "SQLITE_FULL", sqlite3.SQLITE_FULL
    return error


class Writing(Protocol):
    """Who writes. Both may raise; one that is dead does nothing any more."""

    dead: bool

    def before_write(self) -> None:
        """Called before each append."""

    def after_write(self) -> None:
        """Called after each append."""


class Watched:
    """The log of a process."""

    def __init__(self, log: FileLog, process: Writing) -> None:
        self.id, self.log, self._process = log.id, log, process

    def append(
        self, entries: Sequence[Entry], *, status: str = "", mail: Iterable[int] = ()
    ) -> None:
        """See `Log`."""
        if self._process.dead:
            raise JournalError("the process has been killed")
        self._process.before_write()
        try:
            self.log.append(entries, status=status, mail=mail)
        finally:
            Fragile.notice = None
        self._process.after_write()

    def keep(self, graph: Graph) -> str:
        """See `Log`."""
        return self.log.keep(graph)

    def mail(self) -> list[Mail]:
        """See `Log`."""
        return [] if self._process.dead else self.log.mail()

    def renew(self) -> None:
        """See `Log`."""
        if not self._process.dead:
            self.log.renew()

    def release(self) -> None:
        """See `Log`: a process that is killed lets go of nothing."""
        if not self._process.dead:
            self.log.release()
