"""`FileStore`: logs in one SQLite file, with large entries and the key of the datastore beside it."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from st2lang.graph import Graph, GraphError, from_text
from st2runtime.actions.secrets import Secrets
from st2runtime.journal import holders
from st2runtime.journal.blobs import Blobs
from st2runtime.journal.cloak import Cloak
from st2runtime.journal.entries import Begin, Entry
from st2runtime.journal.errors import BusyError, DamagedError, UnknownExecutionError
from st2runtime.journal.log import MAIL, FileLog, mail_digest, mark_of
from st2runtime.journal.reader import FileReader
from st2runtime.journal.schema import JOURNAL, default_path
from st2runtime.journal.seals import Seals
from st2runtime.journal.store import Mail, Query, Summary
from st2runtime.sqlite.database import Database, Row
from st2runtime.sqlite.tables import Connection, Cursor, Tables

_COLUMNS = "e.number, e.id, e.action, e.source, e.user, e.graph, e.began, e.status, e.ended, e.entries, e.head, e.mark"
_LISTED = f"SELECT {_COLUMNS}, l.holder, l.renewed FROM executions e LEFT JOIN leases l ON l.execution = e.number"
_SOURCE = "e.number IN (SELECT execution FROM parts WHERE source = ?)"
ALL = 2**62
"""More rows than there are."""
_PLAIN = frozenset("0123456789abcdef")


class FileStore:
    """The logs in one file; reading does not make it.

    `path` is the SQLite file, `key_file` what secrets are encrypted with (by default that of the datastore),
    `timeout` how many seconds to wait for another writer. Everything raises `JournalError`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        key_file: str | os.PathLike[str] | None = None,
        timeout: float = 5.0,
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        self.path = Path(path) if path else default_path()
        self.name = str(self.path)
        self.blobs = Blobs(self.path.with_name(self.path.name + ".large"))
        self.database: Tables = Database(self.path, JOURNAL, timeout, factory)
        self.seals = Seals(Path(key_file) if key_file else None)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        self.database.close()

    def _log(self, execution: str, number: int | None, epoch: int, cloak: Cloak) -> FileLog:
        return FileLog(self, execution, number, epoch, cloak)

    def made(self, connection: Connection, inserted: Cursor) -> int:
        """The number that a new row has got."""
        return int(inserted.lastrowid or 0)

    # -- who holds what --------------------------------------------------------------------------

    of_many = False
    lease = "SELECT epoch, holder, renewed FROM leases WHERE execution = ?"

    def myself(self) -> str:
        """This process as the text that a lease keeps."""
        return holders.myself()

    def who(self, holder: str, renewed: float) -> str:
        """A holder for people, "" for one that is gone."""
        return holders.name(holder) if holders.lives(holder, renewed) else ""

    def changes(self) -> int | str:
        """Another number whenever somebody else has written something."""
        ((version,),) = self.database.read("PRAGMA data_version")
        return int(version)

    def _refuse_held(self, execution: str, lease: Sequence[Any] | None) -> None:
        who = self.who(*lease) if lease and lease[0] else ""
        if who:
            raise BusyError(f"the execution {execution} is being run by {who}", who)

    # -- writing ---------------------------------------------------------------------------------

    def create(self, execution: str, secrets: Secrets) -> FileLog:
        """A log for a new execution; see `Store`."""
        with self.database.write():
            pass  # whatever is wrong with the file is told before anything has run
        return self._log(execution, None, 1, Cloak(secrets))

    def open(self, execution: str, secrets: Secrets) -> FileLog:
        """Hold an execution that there is; see `Store`."""
        number = self._number(execution)
        cloak = Cloak(secrets, self.secrets(execution))
        with self.database.write() as connection:
            row = connection.execute(self.lease, (number,)).fetchone()
            epoch = 0 if row is None else row[0]
            self._refuse_held(execution, row[1:] if row is not None else None)
            connection.execute(
                "INSERT INTO leases (execution, epoch, holder, renewed) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (execution) DO UPDATE SET epoch = excluded.epoch, "
                "holder = excluded.holder, renewed = excluded.renewed",
                (number, epoch + 1, self.myself(), holders.tick()),
            )
        return self._log(execution, number, epoch + 1, cloak)

    def post(self, execution: str, mail: Mail) -> int:
        """Put something into a mailbox; see `Store`."""
        number = self._number(execution)
        body = json.dumps([mail.kind, mail.data])
        if mail.secret:
            body = self.seals.seal([body], execution, MAIL)[0]
        with self.database.write() as connection:
            made = connection.execute(
                "INSERT INTO mail (execution, body, digest) VALUES (?, ?, ?)",
                (number, body, mail_digest(number, body)),
            )
            return self.made(connection, made)

    def waiting(self, execution: str) -> list[int]:
        """The mail that nobody is done with; see `Store`."""
        number = self._number(execution)
        rows = self.database.read(
            "SELECT number FROM mail WHERE execution = ? ORDER BY number", (number,)
        )
        return [number for (number,) in rows]

    def delete(self, execution: str) -> None:
        """Remove an execution; see `Store`."""
        number = self._number(execution)
        with self.database.write() as connection:
            row = connection.execute(self.lease, (number,)).fetchone()
            self._refuse_held(execution, row[1:] if row is not None else None)
            self._remove(connection, [number])
        self._sweep()

    def purge(self, query: Query) -> int:
        """Remove executions that have ended; see `Store`."""
        where, parameters = _conditions(query)
        with self.database.write() as connection:
            found = connection.execute(
                f"SELECT e.number FROM executions e WHERE e.ended IS NOT NULL {where}", parameters
            )
            numbers = [number for (number,) in found]
            self._remove(connection, numbers)
        self._sweep()
        return len(numbers)

    def _remove(self, connection: Connection, numbers: Sequence[int]) -> None:
        for number in numbers:
            connection.execute("DELETE FROM executions WHERE number = ?", (number,))
            for table in ("log", "parts", "uses", "secrets", "leases", "mail"):
                connection.execute(f"DELETE FROM {table} WHERE execution = ?", (number,))
        connection.execute("DELETE FROM graphs WHERE copy NOT IN (SELECT copy FROM uses)")

    def _sweep(self) -> None:
        """Remove large entries that no log has any more."""
        with self.database.write() as connection:  # nobody adds one meanwhile
            for name in list(self.blobs.names()):
                used = connection.execute("SELECT 1 FROM log WHERE large = ?", (name,)).fetchone()
                if used is None:
                    self.blobs.remove(name)

    # -- reading ---------------------------------------------------------------------------------

    def find(self, execution: str) -> Summary:
        """An execution by its id; see `Store`."""
        if execution == "last":
            rows = self.database.read(f"{_LISTED} ORDER BY e.number DESC LIMIT 1")
        elif not execution or not _PLAIN.issuperset(execution):
            rows = []
        else:
            rows = self.database.read(
                f"{_LISTED} WHERE e.number IN (SELECT execution FROM parts WHERE id >= ? AND id < ?) "
                "ORDER BY e.number DESC LIMIT 2",
                (execution, execution + "g"),
            )
        if not rows:
            raise UnknownExecutionError(f"there is no execution `{execution}` in `{self.name}`")
        if len(rows) > 1 and rows[0][1] != execution:
            raise UnknownExecutionError(f"more than one execution begins with `{execution}`")
        return self._summary(rows[0])

    def executions(self, query: Query) -> list[Summary]:
        """The executions, latest first; see `Store`."""
        where, parameters = _conditions(query)
        limit = ALL if query.limit is None else query.limit
        rows = self.database.read(
            f"{_LISTED} WHERE 1 = 1 {where} ORDER BY e.number DESC LIMIT ?", (*parameters, limit)
        )
        return [self._summary(row) for row in rows]

    def _summary(self, row: Row) -> Summary:
        if mark_of(row[1:11]) != row[11]:
            raise self.damaged(f"the entry of execution {row[1]!r:.30} in the list")
        _, id_, action, source, user, graph, began, status, ended, entries, _, _ = row[:12]
        holder, renewed = row[12:]
        held = self.who(holder, renewed) if holder else ""
        return Summary(id_, action, source, status, began, ended, entries, user, graph, held)

    def reader(self, execution: str) -> FileReader:
        """What reads a log; see `Store`."""
        return FileReader(self, execution, self._number(execution))

    def entries(self, execution: str) -> Iterator[Entry]:
        """The log, checked as it is read; see `Store`."""
        return self.reader(execution).read()

    def secrets(self, execution: str) -> list[str]:
        """The secrets of a run; see `Store`."""
        number = self._number(execution)
        rows = self.database.read(
            "SELECT position, sealed FROM secrets WHERE execution = ? ORDER BY position", (number,)
        )
        if [position for position, _ in rows] != list(range(len(rows))):
            raise self.damaged(f"the secrets of execution {execution}")
        return [self.seals.open(sealed, execution, position) for position, sealed in rows]

    def graph(self, copy: str) -> Graph:
        """A workflow by the name of its copy; see `Store`."""
        rows = self.database.read("SELECT text FROM graphs WHERE copy = ?", (copy,))
        if not rows or copy_of(rows[0][0]) != copy:
            raise self.damaged("a workflow")
        try:
            return from_text(rows[0][0])
        except GraphError as error:
            raise DamagedError(f"a workflow in `{self.name}` cannot be read: {error}") from error

    def head(self, number: int) -> tuple[int, bytes]:
        """How many entries a log has, and the digest of the last."""
        rows = self.database.read(f"{_LISTED} WHERE e.number = ?", (number,))
        if not rows:
            raise UnknownExecutionError("the execution has been deleted")
        self._summary(rows[0])
        return rows[0][9], rows[0][10]

    def damaged(self, what: str) -> DamagedError:
        """The error for something that is not what was written."""
        return DamagedError(f"the journal `{self.name}` is damaged: {what}")

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turns errors of the file system into `JournalError`."""
        with JOURNAL.explained(self.path):
            yield

    def _number(self, execution: str) -> int:
        rows = self.database.read("SELECT number FROM executions WHERE id = ?", (execution,))
        if not rows:
            raise UnknownExecutionError(f"there is no execution `{execution}` in `{self.name}`")
        number = rows[0][0]
        if not isinstance(number, int):
            raise self.damaged(f"the entry of execution {execution} in the list")
        return number


def copy_of(text: str) -> str:
    """The name of the copy of a graph's text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def source_of(entry: Begin) -> str:
    """The file of a workflow as lists look for it."""
    return os.path.realpath(entry.entry_point) if entry.entry_point else ""


def _conditions(query: Query) -> tuple[str, list[Any]]:
    """What a query asks for, as SQL and its parameters."""
    parts: list[str] = []
    parameters: list[Any] = []
    for column, value in (("e.action = ?", query.action), (_SOURCE, query.source)):
        if value is not None:
            parts.append(column)
            parameters.append(value)
    for column, moment in (("e.began >= ?", query.since), ("e.began < ?", query.before)):
        if moment is not None:
            parts.append(column)
            parameters.append(moment)
    if query.statuses:
        parts.append(f"e.status IN ({', '.join('?' * len(query.statuses))})")
        parameters += query.statuses
    return "".join(f" AND {part}" for part in parts), parameters
