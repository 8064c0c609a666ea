"""What any store of logs offers: the commands and engines know nothing else of it.

Reading goes through `Store`. Writing goes through a `Log`, which belongs to one process at a time: `Store.open`
takes the lease of an execution, and every append checks in its own transaction that the lease is still held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from st2lang.graph import Graph
from st2lang.record import field, record
from st2runtime.actions.secrets import Secrets
from st2runtime.journal.entries import Entry


@record
class Summary:
    """An execution as lists show it. Times are seconds since 1970; `holder` is the process that runs it."""

    id: str
    action: str
    source: str
    status: str
    began: float
    ended: float | None = None
    entries: int = 0
    user: str = ""
    graph: str | None = None
    holder: str = ""


@record
class Query:
    """Which executions. `source` is the real path of a workflow file (sub-workflows count), `since` and `before` are times."""

    action: str | None = None
    source: str | None = None
    statuses: Sequence[str] = ()
    since: float | None = None
    before: float | None = None
    limit: int | None = None


@record
class Mail:
    """What somebody wants of a running execution.

    `kind`: `pause`, `resume`, `cancel`, `rerun` (`tasks`: `[task, route, reset items]` each) or `answer`
    (`inquiry`: the id of its action execution; `response`). `number` orders them and names each for good. What is `secret` is encrypted.
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    secret: bool = False


class Log(Protocol):
    """The log of one execution, held by this process."""

    id: str

    def append(
        self, entries: Sequence[Entry], *, status: str = "", mail: Iterable[int] = ()
    ) -> None:
        """Keep entries, all or none, and be done with these mails. They are on the disk when it returns.

        `status` is the execution's from now on ("" leaves it). Raises `FencedError` when another process has
        taken it over, `JournalError` when they cannot be written.
        """

    def keep(self, graph: Graph) -> str:
        """Keep a workflow, with the next entries; gives the name of the copy."""

    def mail(self) -> Sequence[Mail]:
        """What has come in and is not done with. Costs little when nothing has."""

    def renew(self) -> None:
        """Say that this process is still there; at least every few seconds."""

    def release(self) -> None:
        """Let go: another process may take it."""


class Reader(Protocol):
    """Reads a log."""

    def read(self) -> Iterable[Entry]:
        """The entries since the last call, checked as they are read. Raises `DamagedError`."""


class Store(Protocol):
    """Where logs are kept. `of_many` tells whether workers on many machines go on with what is in it."""

    of_many: bool

    def create(self, execution: str, secrets: Secrets) -> Log:
        """A log for a new execution, held by this process; the first entries bring it into being.

        Whatever `secrets` knows when entries are appended is encrypted in them.
        """

    def open(self, execution: str, secrets: Secrets) -> Log:
        """Hold an execution that there is. Raises `BusyError` when another process does.

        `secrets` learns those of the execution.
        """

    def find(self, execution: str) -> Summary:
        """An execution by its id (or that of a sub-workflow in it), a beginning of it, or `last`.

        Raises `UnknownExecutionError`.
        """

    def executions(self, query: Query) -> Sequence[Summary]:
        """The executions, latest first."""

    def reader(self, execution: str) -> Reader:
        """What reads the log of an execution, and more of it when there is more."""

    def entries(self, execution: str) -> Iterable[Entry]:
        """The log, checked as it is read. Raises `DamagedError`."""

    def secrets(self, execution: str) -> Sequence[str]:
        """The secrets of a run, for masking."""

    def graph(self, copy: str) -> Graph:
        """A workflow by the name of its copy. Raises `DamagedError` when it is not what was kept."""

    def post(self, execution: str, mail: Mail) -> int:
        """Put something into the mailbox of an execution; gives its number."""

    def waiting(self, execution: str) -> Sequence[int]:
        """The numbers of the mail that nobody is done with."""

    def delete(self, execution: str) -> None:
        """Remove an execution with all that only it needs. Raises `BusyError` while it runs."""

    def purge(self, query: Query) -> int:
        """Remove executions that have ended; gives how many."""
