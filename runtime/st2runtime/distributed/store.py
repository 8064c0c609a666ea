"""`PostgresStore`: logs in PostgreSQL, which processes on many machines write and read.

The same tables, digests and seals as in a file. What differs is who holds what: a worker does, for as long as
it is there (`presence.py`). Whoever wants a run to go on calls for it: a row beside the log, written in the
same transaction as what it is for, which some worker hands to the queue.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from st2runtime.actions.secrets import Secrets
from st2runtime.distributed.address import QUEUE, Address
from st2runtime.distributed.postgres import LOCKS, Postgres
from st2runtime.journal.cloak import Cloak
from st2runtime.journal.entries import Entry
from st2runtime.journal.errors import BusyError
from st2runtime.journal.file import FileStore
from st2runtime.journal.log import FileLog
from st2runtime.journal.seals import Seals
from st2runtime.sqlite.tables import Connection, Cursor

ACTIVE = ("requested", "running", "pausing", "canceling", "resuming")
"""The statuses of what a worker has to go on with."""
GIVEN_UP = "!"
"""What a lease begins with whose run no worker can go on with; the reason follows."""
_LOOK = 0.15
"""For how many seconds a look at all mail counts."""

_WHO = (
    "SELECT name FROM workers WHERE number = ? AND EXISTS (SELECT 1 FROM pg_locks WHERE "
    "locktype = 'advisory' AND granted AND objsubid = 2 AND classid = ?::oid AND objid = "
    "workers.number::oid AND database = (SELECT oid FROM pg_database WHERE datname = "
    "current_database()))"
)
_WORKERS = _WHO.replace("number = ?", "? = ANY (queues)")


class PostgresStore(FileStore):
    """The logs in a database; see `Store`. `worker` is the number of the worker that uses it, if one does."""

    lease = f"{FileStore.lease} FOR UPDATE"
    of_many = True
    database: Postgres

    def __init__(self, address: Address, key_file: str | None = None, worker: int = 0) -> None:
        self.address = address
        self.name = address.shown
        self.database = Postgres(address)
        self.seals = Seals(Path(key_file) if key_file else None)
        self.worker = worker
        self.held: set[str] = set()
        self._looked = (0.0, "")
        self._looking = threading.Lock()

    def _log(self, execution: str, number: int | None, epoch: int, cloak: Cloak) -> FileLog:
        return PostgresLog(self, execution, number, epoch, cloak)

    def submission(self, execution: str, secrets: Secrets, queue: str) -> FileLog:
        """A log for a new execution that workers of a queue go on with once its beginning is kept."""
        log = PostgresLog(self, execution, None, 1, Cloak(secrets))
        log.queue = queue
        return log

    def open(self, execution: str, secrets: Secrets) -> FileLog:
        """Hold an execution that there is; see `Store`."""
        if execution in self.held:
            raise BusyError(f"the execution {execution} is being run here", "this process")
        self.held.add(execution)
        try:
            return super().open(execution, secrets)
        except BaseException:
            self.held.discard(execution)
            raise

    def made(self, connection: Connection, inserted: Cursor) -> int:
        """The number that a new row has got."""
        ((number,),) = connection.execute("SELECT lastval()")
        return int(number)

    def myself(self) -> str:
        """The worker as the text that a lease keeps; nothing else holds anything."""
        return str(self.worker) if self.worker else ""

    def who(self, holder: str, renewed: float) -> str:
        """A holder for people, "" for one that is gone."""
        if not holder.isdecimal():
            return ""
        rows = self.database.read(_WHO, (int(holder), LOCKS))
        return str(rows[0][0]) if rows else ""

    def _refuse_held(self, execution: str, lease: Sequence[Any] | None) -> None:
        if lease is None or lease[0] != self.myself():
            super()._refuse_held(execution, lease)

    def changes(self) -> str:
        """Another text whenever there is other mail; looked for a few times a second."""
        with self._looking:
            if time.monotonic() - self._looked[0] > _LOOK:
                ((latest, number),) = self.database.read(
                    "SELECT coalesce(max(number), 0), count(*) FROM mail"
                )
                self._looked = time.monotonic(), f"{latest}:{number}"
            return self._looked[1]

    def _remove(self, connection: Connection, numbers: Sequence[int]) -> None:
        for number in numbers:
            for table in ("placed", "alarms"):
                connection.execute(
                    f"DELETE FROM {table} WHERE execution = "
                    "(SELECT id FROM executions WHERE number = ?)",
                    (number,),
                )
        super()._remove(connection, numbers)

    def _sweep(self) -> None:
        """Large entries are rows like others."""

    # -- calling for workers ---------------------------------------------------------------------

    def call(self, execution: str) -> None:
        """Have some worker go on with an execution."""
        number = self._number(execution)
        with self.database.write() as connection:
            connection.execute(
                f"UPDATE leases SET holder = '' WHERE execution = ? AND {_LOST}", (number,)
            )
            connection.execute("INSERT INTO calls (execution) VALUES (?)", (execution,))

    def give_up(self, execution: str, reason: str) -> None:
        """Let go of an execution that cannot go on; somebody has to call for it again."""
        with self.database.write() as connection:
            connection.execute(
                "UPDATE leases SET holder = ? WHERE holder IN ('', ?) AND execution = "
                "(SELECT number FROM executions WHERE id = ?)",
                (f"{GIVEN_UP}{reason}", self.myself(), execution),
            )

    def reason(self, execution: str) -> str:
        """Why no worker goes on with an execution; "" when that is not so."""
        rows = self.database.read(
            f"SELECT holder FROM leases WHERE execution = ? AND {_LOST}", (self._number(execution),)
        )
        return str(rows[0][0])[1:] if rows else ""

    def queue(self, execution: str) -> str:
        """The queue of an execution."""
        rows = self.database.read("SELECT queue FROM placed WHERE execution = ?", (execution,))
        return str(rows[0][0]) if rows else QUEUE

    def workers(self, queue: str) -> list[str]:
        """The workers that are there and look into a queue."""
        return [str(name) for (name,) in self.database.read(_WORKERS, (queue, LOCKS))]


_LOST = f"left(holder, 1) = '{GIVEN_UP}'"


class PostgresLog(FileLog):
    """See `Log`. With a `queue` the next entries, the first of all, call for a worker.

    Entries are never too long for the table.
    """

    def __init__(
        self, store: PostgresStore, execution: str, number: int | None, epoch: int, cloak: Cloak
    ) -> None:
        super().__init__(store, execution, number, epoch, cloak)
        self._own, self._limit = store, 2**62
        self.queue = ""

    def _write_beside(
        self,
        connection: Connection,
        number: int,
        entries: Sequence[Entry],
        sealed: Sequence[str],
    ) -> None:
        super()._write_beside(connection, number, entries, sealed)
        if self.queue:
            connection.execute("INSERT INTO placed VALUES (?, ?)", (self.id, self.queue))
            connection.execute("INSERT INTO calls (execution) VALUES (?)", (self.id,))

    def release(self) -> None:
        """Let go; see `Log`."""
        self._own.held.discard(self.id)
        super().release()
