"""A worker: takes executions from queues of DBOS, and takes over those of workers that are gone.

    calls ──▶ queue of DBOS ──▶ workflow `conduct` on some worker ──▶ the journal, action by action

DBOS hands every call to one worker, a limited number at a time, and knows what each has in hand. What an
execution has come to is known from its journal alone: a workflow of DBOS that is begun again reads it and goes
on from there. So DBOS is given ids, and never a parameter, a result or a secret.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from dbos import DBOS, DBOSConfig
from dbos import Serializer as DBOSSerializer
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from st2runtime.distributed.address import UnreachableError
from st2runtime.distributed.lookout import WORKFLOW, Lookout
from st2runtime.distributed.store import PostgresStore
from st2runtime.journal.entries import VERSION
from st2runtime.journal.errors import JournalError
from st2runtime.journal.holders import silence

_POLL = 0.1
_LOOK = 1.0
_THREADS = 8
_APPLICATION = "st2c"
_CALLED = (
    "DELETE FROM calls WHERE number IN (SELECT number FROM calls ORDER BY number LIMIT 100 "
    "FOR UPDATE SKIP LOCKED) RETURNING number, execution"
)

_GONE = (JournalError, SQLAlchemyError, dbos_error.DBOSException)
"""What is raised when the database is gone."""

Conduct = Callable[[str], str]
"""Goes on with an execution until it has ended, or rests; gives what it is then."""


class Json(DBOSSerializer):
    """What DBOS keeps, as text that people can read."""

    def serialize(self, data: Any) -> str:
        """JSON; an error is its kind, for its words may be about anything."""
        return json.dumps(data, default=lambda one: type(one).__name__)

    def deserialize(self, serialized_data: str) -> Any:
        """What was written."""
        return json.loads(serialized_data)

    def name(self) -> str:
        """What marks it in the tables of DBOS."""
        return "json"


class Worker:
    """Takes part in the work of some queues from `start` to `stop`."""

    def __init__(
        self, store: PostgresStore, queues: Sequence[str], concurrency: int, conduct: Conduct
    ) -> None:
        self._store, self._queues, self._concurrency = store, queues, concurrency
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look_after, name="calls", daemon=True)
        self._conduct = conduct
        self._active: set[str] = set()
        self._lookout = Lookout(store)
        self._workflow = DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(self._leg())

    def start(self) -> None:
        """Begin to take work. Raises `JournalError`."""
        try:
            DBOS(config=self._config())
            DBOS.listen_queues(self._queues)
            DBOS.launch()
            for queue in self._queues:
                DBOS.register_queue(
                    queue,
                    worker_concurrency=self._concurrency,
                    polling_interval_sec=_POLL,
                    on_conflict="always_update",
                )
        except (SQLAlchemyError, dbos_error.DBOSException) as error:
            told = f"the database {self._store.name} cannot be used by DBOS: {type(error).__name__}"
            raise UnreachableError(told) from None
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, and return when what is in hand has ended or rests."""
        self._stopping.set()
        self._thread.join()
        DBOS.destroy(workflow_completion_timeout_sec=2**31)

    def _config(self) -> DBOSConfig:
        return {
            "name": _APPLICATION,
            "system_database_url": self._store.address.sqlalchemy,
            "executor_id": self._store.myself(),
            "application_version": f"rules-{VERSION}",
            "serializer": Json(),
            "log_level": "CRITICAL",
            "sys_db_pool_size": 4,
            "sys_db_idle_transaction_timeout_sec": silence(),
            "max_executor_threads": self._concurrency * len(self._queues) + _THREADS,
            "use_listen_notify": False,
        }

    def _leg(self) -> Conduct:
        """What DBOS calls: one leg of an execution, from where its journal ends."""

        def leg(execution: str) -> str:
            name = str(DBOS.workflow_id)
            self._active.add(name)
            try:
                return self._conduct(execution)
            finally:
                self._active.discard(name)

        return leg

    # -- what is called for ----------------------------------------------------------------------

    def _look_after(self) -> None:
        """Hand calls to the queues, and now and then look for what nobody goes on with."""
        turns = 0
        while not self._stopping.wait(_POLL):
            turns += 1
            try:
                while self._hand_over():
                    pass
                if turns * _POLL >= _LOOK:
                    turns = 0
                    self._lookout.look(frozenset(self._active))
            except _GONE:
                self._stopping.wait(_LOOK)  # it may come back
            except Exception as error:  # whatever it is, executions rely on this thread
                told = f"a bug in st2c: {type(error).__name__}: {error}"
                print(f"st2c: error: {told}", file=sys.stderr, flush=True)
                self._stopping.wait(_LOOK)

    def _hand_over(self) -> int:
        """Put some calls into their queues; gives how many. One that is put in twice counts once."""
        with self._store.database.write() as connection:
            calls = list(connection.execute(_CALLED))
            for number, execution in calls:
                DBOS.enqueue_workflow_with_options(
                    {
                        "workflow_name": WORKFLOW,
                        "queue_name": self._store.queue(execution),
                        "workflow_id": f"{execution}.{number}",
                        "app_version": f"rules-{VERSION}",
                    },
                    execution,
                )
        return len(calls)
