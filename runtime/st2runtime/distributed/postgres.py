"""`Postgres`: a database with our tables. Connections are kept; one that breaks is thrown away.

PostgreSQL's own messages are never passed on: some of them quote the row that they are about, and a row may
hold a secret.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, cast

import psycopg

from st2runtime.distributed.address import Address, UnreachableError
from st2runtime.distributed.schema import MIGRATIONS, SCHEMA
from st2runtime.journal.errors import JournalError
from st2runtime.journal.holders import silence
from st2runtime.sqlite.tables import Cursor, Row

logging.getLogger("psycopg").addHandler(logging.NullHandler())  # we say it in our own words

LOCKS = 0x53543243
"""What marks our advisory locks; the other half is the number of a worker, or 0 for all of them."""

_DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)
Native = psycopg.Connection[tuple[Any, ...]]


class Transaction:
    """A transaction that is open; see `tables.Connection`."""

    def __init__(self, native: Native) -> None:
        self._native = native

    def execute(self, sql: str, parameters: Any = (), /) -> Cursor:
        """Do one statement."""
        return cast(Cursor, self._native.execute(_own(sql), parameters))

    def executemany(self, sql: str, parameters: Any, /) -> Cursor:
        """Do a statement for every one of several rows."""
        cursor = self._native.cursor()
        cursor.executemany(_own(sql), list(parameters))
        return cast(Cursor, cursor)


class Postgres:
    """The tables at an address; see `tables.Tables`. It may be used from several threads."""

    def __init__(self, address: Address, error: type[Exception] = JournalError) -> None:
        self.address, self._error = address, error
        self._idle: list[Native] = []
        self._lock = threading.Lock()
        self._migrated = False

    def exists(self) -> bool:
        """It does."""
        return True

    def read(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows that a query gives."""
        with self.explained():
            try:
                return self._rows(query, parameters)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                self.close()  # connections may be older than the server
                return self._rows(query, parameters)

    def _rows(self, query: str, parameters: Sequence[Any]) -> list[Row]:
        with self._borrowed() as native:
            return native.execute(_own(query), parameters).fetchall()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction."""
        with self.explained(), self._borrowed() as native, native.transaction():
            yield Transaction(native)

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for native in idle:
            native.close()

    def __del__(self) -> None:
        """Connections are not left behind."""
        self.close()

    @contextmanager
    def _borrowed(self) -> Iterator[Native]:
        with self._lock:
            native = self._idle.pop() if self._idle else None
        if native is None:
            native = self._opened()
        try:
            yield native
        except BaseException:
            if native.closed or native.info.transaction_status != 0:
                native.close()
            else:
                self._give_back(native)
            raise
        self._give_back(native)

    def _give_back(self, native: Native) -> None:
        with self._lock:
            self._idle.append(native)

    def _opened(self) -> Native:
        native = connect(self.address)
        try:
            if not self._migrated:
                _migrate(native)
                self._migrated = True
        except BaseException:
            native.close()
            raise
        return native

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turns errors of PostgreSQL into those of this database, in words for people."""
        try:
            yield
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            kind = UnreachableError if self._error is JournalError else self._error
            raise kind(_unreachable(self.address, error)) from None
        except psycopg.errors.InsufficientPrivilege:
            raise self._error(
                f"the database {self.address.shown} does not let this user write: it needs a schema "
                f"`{SCHEMA}` of its own, or the right to make one"
            ) from None
        except psycopg.Error as error:
            code = error.sqlstate or type(error).__name__
            raise self._error(
                f"the database {self.address.shown} refuses a statement ({code})"
            ) from None
        except UnicodeEncodeError:
            raise self._error("a text with half a character cannot be kept in a database") from None


def connect(address: Address) -> Native:
    """A connection that sees our tables, and commits to the disk. Raises `psycopg.Error`."""
    native = psycopg.connect(
        address.url,
        autocommit=True,
        connect_timeout=10,
        application_name="st2c",
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
    try:
        native.execute(f"SET search_path TO {SCHEMA}")
        native.execute("SET client_encoding TO 'UTF8'")
        native.execute(_DURABLE)
        # a process that is stopped must not go on holding rows
        limit = f"{int(silence() * 1000)}ms"
        native.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, false)", (limit,)
        )
    except BaseException:
        native.close()
        raise
    return native


def _own(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()


def _unreachable(address: Address, error: psycopg.Error) -> str:
    match error.sqlstate:
        case "28P01" | "28000":
            reason = "refuses this user or password"
        case "3D000":
            reason = "is not there: make it with `createdb`"
        case "53300":
            reason = "has no connection left: raise its `max_connections`"
        case _:
            said = str(error)
            wrong = "authentication failed" in said or "no password supplied" in said
            reason = "refuses this user or password" if wrong else "cannot be reached"
            if "does not exist" in said:
                reason = (
                    "is not there: make the database with `createdb`, the user with `createuser`"
                )
    return f"the database {address.shown} {reason}"


def _migrate(native: Native) -> None:
    """Make the tables, or bring them up to date, once however many processes begin at the same time."""
    with suppress(psycopg.errors.UndefinedTable):
        if _version(native) == len(MIGRATIONS):
            return
    with native.transaction():
        native.execute("SELECT pg_advisory_xact_lock(%s, -1)", (LOCKS,))
        native.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        native.execute("CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)")
        version = _version(native)
        if version > len(MIGRATIONS):
            raise JournalError(
                f"the database was made by a newer st2c (format {version}; this one knows "
                f"{len(MIGRATIONS)}): upgrade st2c"
            )
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                native.execute(statement.encode())
        native.execute("DELETE FROM version")
        native.execute("INSERT INTO version VALUES (%s)", (len(MIGRATIONS),))


def _version(native: Native) -> int:
    row = native.execute("SELECT number FROM version").fetchone()
    return int(row[0]) if row else 0
