"""All that a run of a workflow consists of: what is saved, and the counts that spare looking it through.

Follows `WorkflowState` of `orquesta/conducting.py`. Everything here changes; `saved.py` turns it into JSON
data and back. What can be counted is counted as it happens, so that no step looks at all task runs.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from typing import Any

from st2runtime.conducting.context import Context
from st2runtime.conducting.transitions import (
    ABENDED,
    ACTIVE,
    CANCELED,
    COMPLETE,
    COMPLETED,
    INCOMPLETE,
    PAUSED,
    RESTING,
    STATUSES,
    UNSET,
)

Key = tuple[str, int]
"""A task and a route."""


class Retrying:
    """The further tries of a task run: how many there may be, how long before each, how many there were."""

    __slots__ = ("count", "delay", "tally", "when")

    def __init__(self, when: Any, count: int, delay: Any, tally: int = 0) -> None:
        self.when, self.count, self.delay, self.tally = when, count, delay, tally


class Items:
    """The items of a task run: their statuses and results, and those that have not been handed out.

    `work` has what runs for each of those, by index; it is None until it has been rendered.
    """

    __slots__ = ("concurrency", "counts", "results", "statuses", "waiting", "work")

    def __init__(self, statuses: list[str]) -> None:
        self.statuses = statuses
        self.results: list[Any] = [None] * len(statuses)
        self.counts = Counter(statuses)
        self.waiting = deque(i for i, status in enumerate(statuses) if status == UNSET)
        self.work: dict[int, tuple[Any, Any]] | None = None
        self.concurrency: int | None = None

    def __len__(self) -> int:
        return len(self.statuses)

    def set(self, index: int, status: str) -> None:
        """An item has become something."""
        self.counts[self.statuses[index]] -= 1
        self.counts[status] += 1
        self.statuses[index] = status

    @property
    def resting(self) -> int:
        """How many wait for somebody."""
        return self.counts["paused"] + self.counts["pending"]

    @property
    def flying(self) -> int:
        """How many have been handed out, and neither have ended nor rest."""
        done = sum(count for status, count in self.counts.items() if status in COMPLETED)
        return len(self.statuses) - len(self.waiting) - done - self.resting

    @property
    def active(self) -> int:
        """How many are active."""
        return sum(self.counts[status] for status in ACTIVE)

    def hand_out(self, count: int, status: str) -> None:
        """The next ones that wait are asked for."""
        for _ in range(count):
            index = self.waiting.popleft()
            assert self.work is not None
            del self.work[index]
            self.set(index, status)

    def situation(self, own: str) -> int:
        """How it is with all items but one whose status is `own`: a column of the table `ITEMS`."""
        counts, beside = self.counts, own in RESTING
        if self.active:
            return 0
        if self.resting > beside:
            return 3
        if counts["canceled"] > (own == "canceled"):
            return 4
        if sum(counts[status] for status in ABENDED) > (own in ABENDED):
            return 5
        done = sum(counts[status] for status in COMPLETED) + self.resting
        return 1 if done < len(self.statuses) else 2

    def again(self) -> Items:
        """The same items for another task run, which has no results of its own yet. It takes the work over."""
        found = Items(list(self.statuses))
        found.work, found.concurrency = self.work, self.concurrency
        self.work = None
        return found

    def take_back(self, index: int) -> None:
        """An item that was handed out waits once more."""
        self.waiting = deque(sorted((*self.waiting, index)))
        self.work = None

    def reset(self, everything: bool) -> None:
        """Let those that have not succeeded run again, or all of them."""
        for index, status in enumerate(self.statuses):
            if everything or status != "succeeded":
                self.set(index, UNSET)
        self.waiting = deque(i for i, status in enumerate(self.statuses) if status == UNSET)
        self.work = None


class TaskRun:
    """One run of a task or command.

    `key` is its task and route, `seq` its position in the sequence, `attempt` how often its action has been tried before (items: how
    often the task has been begun before). `status` is `null` before it has begun; `state` is that of its
    action, where the language has no status of its own for it (`timeout`). `result` is that of the action, or the list of those of the items; `items` has the statuses of items. `published` are the
    variables that it has published; `next` has, for each transition that was taken, its index and its
    targets. `taken` are the edges that were taken, as a mask; `previous` the runs that led here, by the
    transition. `terminal`: nothing follows it, or the execution had ended when it did.
    """

    __slots__ = (
        "attempt",
        "context",
        "items",
        "key",
        "next",
        "previous",
        "published",
        "result",
        "retry",
        "route",
        "seq",
        "state",
        "status",
        "taken",
        "task",
        "terminal",
    )

    def __init__(self, seq: int, key: Key, context: Context) -> None:
        self.seq, self.key, self.context = seq, key, context
        self.task, self.route = key
        self.status = UNSET
        self.state = UNSET
        self.result: Any = None
        self.items: Items | None = None
        self.attempt = -1
        self.retry: Retrying | None = None
        self.previous: Mapping[str, int] = {}
        self.taken = 0
        self.published: Mapping[str, Any] = {}
        self.next: Mapping[int, tuple[str, ...]] = {}
        self.terminal = False

    @property
    def name(self) -> str:
        """The id of the requests of this try, up to the item."""
        return f"{self.seq}~{self.attempt}" if self.attempt else str(self.seq)

    def __repr__(self) -> str:
        return f"<{self.seq}: {self.task} on route {self.route}, {self.status}>"


class Staged:
    """A task that may run next, with what it will see. `ready`: it may run now.

    A task with items stays staged while they run. `number` is its place among all that were ever staged.
    `ended`: it has failed, and is kept for a rerun.
    """

    __slots__ = (
        "context",
        "ended",
        "items",
        "key",
        "number",
        "previous",
        "ready",
        "retry",
        "route",
        "task",
    )

    def __init__(self, key: Key, context: Context, previous: dict[str, int], number: int) -> None:
        self.key, self.context, self.previous, self.number = key, context, previous, number
        self.task, self.route = key
        self.ready = False
        self.ended = False
        self.items: Items | None = None
        self.retry: Retrying | None = None


class Flight:
    """An action that was asked for. `phase` is `waiting` for its time, `asked`, `running`, `paused` or
    `pending`; `held` is what runs once its time has come. `void`: its task run has ended without it.
    """

    __slots__ = ("held", "id", "item", "phase", "run", "stopped", "void")

    def __init__(self, name: str, run: TaskRun, item: int | None, phase: str) -> None:
        self.id, self.run, self.item, self.phase = name, run, item, phase
        self.held: Any = None
        self.void = False
        self.stopped = False


class State:
    """A run of a workflow.

    `contexts` are all contexts by number, as what each consists of. `staged` may run next, and what of
    it is `due` may run at once; `remedies` are those that run even though the execution has failed, for
    they were named beside `fail`. `waits` are the actions that wait for a timer, by its id. `told` is the
    status that was last told as the end. `ready` counts what is staged and ready, `arrived` and `seen`
    the tasks that have arrived at a join, and that have begun of those that lead to it.
    """

    def __init__(self) -> None:
        self.status = UNSET
        self.began = False
        self.runs: list[TaskRun] = []
        self.latest: dict[Key, TaskRun] = {}
        self.staged: dict[Key, Staged] = {}
        self.due: dict[Key, Staged] = {}
        self.remedies: set[Key] = set()
        self.routes: list[list[str]] = []
        self.contexts: list[dict[str, Any]] = []
        self.flights: dict[str, Flight] = {}
        self.waits: dict[str, tuple[str, ...]] = {}
        self.errors: list[dict[str, Any]] = []
        self.output: Any = None
        self.told: str | None = None
        self.numbers = 0
        self.moments: set[type] = set()
        self.counts = dict.fromkeys(STATUSES, 0)
        self.ready = 0
        self.arrived: Counter[Key] = Counter()
        self.seen: Counter[Key] = Counter()

    @property
    def busy(self) -> bool:
        """Whether any task run is active, of those that are the latest of their task and route."""
        counts = self.counts
        return bool(counts["running"] or counts["pausing"] or counts["canceling"])

    def beside(self, more: bool) -> int:
        """What there is beside a task run that has ended, as a column of `WORKFLOW_BUSY`.

        `more`: it leads to a task that can run.
        """
        counts = self.counts
        if counts["canceling"] or counts["canceled"]:
            return CANCELED
        if counts["pausing"] or counts["paused"] or counts["pending"]:
            return PAUSED
        return INCOMPLETE if more or self.ready else COMPLETE

    def terminals(self) -> Iterator[TaskRun]:
        """The terminal task runs, in order."""
        return (run for run in self.runs if run.terminal)
