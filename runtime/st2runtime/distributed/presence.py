"""That a worker is there: a lock on its number, which the database takes back when its session ends.

A process that is killed loses its session at once; one that is stopped, or whose machine is gone, when its
session has been silent for a while. Everybody can see who has a lock, and nobody else can have it.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress

import psycopg

from st2runtime.distributed.postgres import LOCKS, Native, Postgres, connect
from st2runtime.journal.errors import JournalError
from st2runtime.journal.holders import silence

_AGAIN = 0.5


class Presence:
    """A worker's number, held until `leave`. Lost when the database is, it is taken again as soon as that is back."""

    def __init__(self, database: Postgres, queues: Sequence[str]) -> None:
        """Raises `JournalError`."""
        self._database = database
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        with database.write() as connection:
            row = connection.execute(
                "INSERT INTO workers (name, queues) VALUES (?, ?) RETURNING number",
                (self.name, list(queues)),
            ).fetchone()
        self.number = int(row[0])
        self._left = threading.Event()
        with database.explained():
            self._session: Native | None = self._taken()
        self._thread = threading.Thread(target=self._stay, name="presence", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Be gone: others go on with what is left."""
        self._left.set()
        self._thread.join()

    def _stay(self) -> None:
        while not self._left.wait(silence() / 5 if self._session else _AGAIN):
            try:
                if self._session is None:
                    self._session = self._taken()
                else:
                    self._session.execute("SELECT 1")
            except psycopg.Error:
                self._drop()
        with suppress(JournalError), self._database.write() as connection:
            connection.execute("DELETE FROM workers WHERE number = ?", (self.number,))
        self._drop()

    def _drop(self) -> None:
        if self._session is not None:
            with suppress(psycopg.Error):
                self._session.close()
        self._session = None

    def _taken(self) -> Native:
        session = connect(self._database.address)
        try:
            limit = f"{int(silence() * 1000)}ms"
            session.execute("SELECT set_config('idle_session_timeout', %s, false)", (limit,))
            session.execute("SELECT pg_advisory_lock(%s, %s)", (LOCKS, self.number))
        except BaseException:
            session.close()
            raise
        return session
