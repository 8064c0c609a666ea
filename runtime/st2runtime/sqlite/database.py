"""A SQLite file of ours: made, recognised, locked and watched.

Reading opens it read-only and never makes it; only writing does. Write-ahead logging lets readers go on
while somebody writes, and one writer waits for the other. The connection is kept for as long as the path
leads to the same file: opening one costs fifty times what a look-up does.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from st2runtime.sqlite.kinds import Kind, primary

_MAGIC = b"SQLite format 3\0"

Row = tuple[Any, ...]
Identity = tuple[int, int]


class Database:
    """One file of a kind. `timeout` is how long, in seconds, to wait for another writer.

    It may be used from several threads, but not be carried across a fork. `factory` makes connections.
    """

    def __init__(
        self,
        path: Path,
        kind: Kind,
        timeout: float = 5.0,
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        self.path, self.kind = path, kind
        self._factory = factory
        self._timeout = timeout
        self._connection: sqlite3.Connection | None = None
        self._identity: Identity | None = None
        self._writable = False
        self._lock = RLock()

    @property
    def _schema(self) -> int:
        return len(self.kind.migrations)

    def exists(self) -> bool:
        """Whether there is a file with anything in it."""
        with self.kind.explained(self.path):
            return self._on_disk() is not None

    def read(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows that a query gives; none when there is no file yet. Raises the error of its kind."""
        with self._lock, self.kind.explained(self.path):
            connection = self._reader()
            return [] if connection is None else connection.execute(query, parameters).fetchall()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else writes beside, in a file that is made when it is missing.

        What the body writes is there when it ends, and nothing of it when it raises.
        """
        with self._lock, self.kind.explained(self.path):
            connection = self._writer()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._identity, self._writable = None, None, False

    def _on_disk(self) -> Identity | None:
        """Which file it is now; None when it is missing or empty, as SQLite's new files are."""
        try:
            found = os.stat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(found.st_mode):
            raise self.kind.error(
                f"`{self.path}` is not a {self.kind.noun} but a folder or a device"
            )
        return (found.st_dev, found.st_ino) if found.st_size else None

    def _reader(self) -> sqlite3.Connection | None:
        identity = self._on_disk()
        if self._connection is not None and identity == self._identity:
            return self._connection
        self.close()
        if identity is None:
            return None
        try:
            self._connection, made = self._open("mode=ro")
        except sqlite3.OperationalError as error:
            if not self._at_rest(error):
                raise
            self._connection, made = self._open("mode=ro&immutable=1")
            identity = None  # it does not see changes: open it anew each time
        if not made:
            self.close()
            return None
        self._identity = identity
        return self._connection

    def _open(self, mode: str) -> tuple[sqlite3.Connection, bool]:
        """A connection, and whether the file has our tables by now."""
        uri = f"{self.path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(
            uri,
            timeout=self._timeout,
            isolation_level=None,
            check_same_thread=False,
            factory=self._factory,
            uri=True,
        )
        try:
            connection.execute("BEGIN")  # nobody changes the file until it has been looked at
            version = self._version(connection)
            if self._cut_short(connection):
                raise self.kind.damaged(self.path)
            connection.execute("COMMIT")
            if 0 <= version < self._schema and mode != "mode=rw":
                raise self.kind.error(
                    f"the {self.kind.noun} `{self.path}` has an older format: {self.kind.newer}"
                )
        except BaseException:
            connection.close()
            raise
        return connection, version >= 0

    def _version(self, connection: sqlite3.Connection) -> int:
        """The version of the schema, -1 when there is none. Raises for what is not ours."""
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application == self.kind.application:
            if version > self._schema:
                raise self.kind.error(
                    f"the {self.kind.noun} `{self.path}` was made by a newer st2c (format {version}; this "
                    f"one knows {self._schema}): upgrade st2c"
                )
            return int(version)
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application or version or tables:
            raise self.kind.foreign(self.path)
        return -1

    def _cut_short(self, connection: sqlite3.Connection) -> bool:
        """Whether the end is missing: SQLite would go on with the rows that are left.

        The header tells how long the file is (https://sqlite.org/fileformat2.html), unless a log still
        has to be written into it. A single byte counts as an empty database. The file is not opened for
        this: closing it again would give up the locks of every connection that this process has to it
        (https://sqlite.org/howtocorrupt.html, 2.2).
        """
        size = os.stat(self.path).st_size
        (page,) = connection.execute("PRAGMA page_size").fetchone()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        missing = pages * page > size
        return 0 < size < len(_MAGIC) or (missing and self._no_log())

    def _no_log(self) -> bool:
        log = self.path.with_name(self.path.name + "-wal")
        return not (log.exists() and log.stat().st_size)

    def _at_rest(self, error: sqlite3.Error) -> bool:
        """Whether a file in a read-only folder can be read without its companions.

        SQLite wants to make `-shm` beside a file with write-ahead logging. Where it may not, nobody
        else is writing either, and without a log there is nothing to miss.
        """
        return (
            primary(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) and self._no_log()
        )

    def _writer(self) -> sqlite3.Connection:
        identity = self._on_disk()
        if self._connection is not None and self._writable and self._identity == identity:
            return self._connection
        self.close()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):  # one that is there is not opened: see `_cut_short`
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if not os.access(self.path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.path))
        connection, _ = self._open("mode=rw")
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            self._migrate(connection)
            with suppress(sqlite3.OperationalError):  # in use just now: some later writer will
                connection.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            connection.close()
            raise
        self._connection, self._identity, self._writable = connection, self._on_disk(), True
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Bring the schema up to date, once however many processes begin at the same time."""
        if self._version(connection) == self._schema:
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statements in self.kind.migrations[max(self._version(connection), 0) :]:
                for statement in statements:
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {self.kind.application}")
            connection.execute(f"PRAGMA user_version = {self._schema}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
