"""Looks for what has not ended and is in nobody's hands, and calls for a worker again.

A worker that is gone, a connection that broke at the wrong moment, a program that was killed between two
writes: whatever the reason, the journals and the queues tell what is left over. An execution that has just been
called for, or that a worker lets go of, looks the same for a moment: it has to look so twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Set
from datetime import UTC, datetime

from dbos import DBOS, WorkflowStatus

from st2runtime.distributed.postgres import LOCKS
from st2runtime.distributed.store import ACTIVE, GIVEN_UP, PostgresStore
from st2runtime.journal.errors import JournalError
from st2runtime.journal.fold import Fold
from st2runtime.sqlite.tables import Connection

WORKFLOW = "conduct"
_UNENDED = (
    "SELECT e.id, l.holder FROM executions e JOIN leases l ON l.execution = e.number WHERE "
    f"(e.status IN ({', '.join('?' * len(ACTIVE))}) AND e.ended IS NULL "
    "OR e.number IN (SELECT execution FROM mail)) "
    f"AND left(l.holder, 1) <> '{GIVEN_UP}' "
    "AND e.id NOT IN (SELECT execution FROM calls)"
)
_RESTING = (
    "SELECT e.id, e.entries FROM executions e WHERE e.status = 'paused' AND NOT EXISTS (SELECT 1 FROM "
    "alarms a WHERE a.execution = e.id AND a.entries = e.entries) ORDER BY e.number LIMIT 20"
)
_NOW = "extract(epoch FROM clock_timestamp())"
_ALARM = (
    f"INSERT INTO alarms VALUES (?, ?, {_NOW} + ?::double precision) ON CONFLICT (execution) "
    "DO UPDATE SET entries = excluded.entries, due = excluded.due"
)
_DUE = f"DELETE FROM alarms WHERE due <= {_NOW} RETURNING execution"
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_KEPT = 3600.0
"""For how many seconds a leg that has ended is kept: by then no call for it is handed over once more."""
_BATCH = 500


class Lookout:
    """What one worker looks for, now and then."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._orphans: set[str] = set()
        self._unknown: set[str] = set()
        self._tidied = 0.0

    def look(self, active: Set[str]) -> None:
        """`active` are the legs that run here. Raises `JournalError`, and what DBOS does without a database."""
        self._find_lost(active)
        with self._store.database.write() as connection:  # one worker at a time
            ((mine,),) = connection.execute("SELECT pg_try_advisory_xact_lock(?, 0)", (LOCKS,))
            if mine:
                self._find_orphans(list(connection.execute(_UNENDED, ACTIVE)))
                self._set_alarms(connection)
                self._tidy()
            else:
                self._orphans = set()

    def _find_lost(self, active: Set[str]) -> None:
        """Begin what was given to this worker while the connection broke, so that it does not know of it."""
        legs = DBOS.list_workflows(
            status="PENDING",
            name=WORKFLOW,
            executor_id=self._store.myself(),
            load_input=False,
            load_output=False,
        )
        unknown = {leg.workflow_id for leg in legs} - active
        for name in unknown & self._unknown:
            DBOS.resume_workflow(name, queue_name=self._store.queue(_execution(name)))
        self._unknown = unknown - self._unknown

    def _find_orphans(self, unended: Iterable[tuple[str, str]]) -> None:
        waiting = [execution for execution, holder in unended if not self._held(execution, holder)]
        legs = _in_hand() if waiting else {}
        orphans = {one for one in waiting if not self._cared_for(legs.get(one, []))}
        for execution in orphans & self._orphans:
            self._again(execution, legs.get(execution, []))
        self._orphans = orphans - self._orphans

    def _held(self, execution: str, holder: str) -> bool:
        if holder == self._store.myself():
            return execution in self._store.held
        return bool(holder and self._store.who(holder, 0.0))

    def _cared_for(self, legs: list[WorkflowStatus]) -> bool:
        """Whether something in the queues is about an execution, or in the hands of a worker that is there."""
        return any(
            leg.status == "ENQUEUED" or self._store.who(str(leg.executor_id or ""), 0.0)
            for leg in legs
        )

    def _again(self, execution: str, legs: list[WorkflowStatus]) -> None:
        if legs:
            queue = self._store.queue(execution)
            DBOS.resume_workflow(legs[0].workflow_id, queue_name=queue)
        else:
            self._store.call(execution)

    def _set_alarms(self, connection: Connection) -> None:
        """Have those go on that rest with an inquiry whose time is over, by the clock of the database."""
        for execution, entries in list(connection.execute(_RESTING)):
            connection.execute(_ALARM, (execution, entries, self._left(execution)))
        for (execution,) in list(connection.execute(_DUE)):
            self._store.call(execution)

    def _left(self, execution: str) -> float | None:
        """How many seconds until the first deadline of an execution that rests; None without any."""
        try:
            run = Fold(self._store.graph).read(self._store.entries(execution))
        except JournalError:
            return None
        return min((one.left(time.time()) for one in run.deadlines.values()), default=None)

    def _tidy(self) -> None:
        """Forget legs that ended long ago: what has come of them is in the journals."""
        if time.monotonic() - self._tidied < _KEPT / 60:
            return
        self._tidied = time.monotonic()
        before = datetime.fromtimestamp(time.time() - _KEPT, UTC).isoformat()
        legs = DBOS.list_workflows(
            status=_ENDED,
            name=WORKFLOW,
            completed_before=before,
            limit=_BATCH,
            load_input=False,
            load_output=False,
        )
        if legs:
            DBOS.delete_workflows([leg.workflow_id for leg in legs])


def _in_hand() -> dict[str, list[WorkflowStatus]]:
    """The legs that are queued, or in the hands of workers, by execution."""
    found: dict[str, list[WorkflowStatus]] = {}
    for leg in DBOS.list_workflows(
        status=["ENQUEUED", "PENDING"], name=WORKFLOW, load_input=False, load_output=False
    ):
        found.setdefault(_execution(leg.workflow_id), []).append(leg)
    return found


def _execution(leg: str) -> str:
    return leg.partition(".")[0]
