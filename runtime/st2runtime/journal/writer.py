"""`Writer`: what an engine tells a log, in transactions of as much as has come together.

Whatever is dispatched in one turn of the event loop is kept in one transaction, and then all that waits for it
goes on. That an action runs is kept with what comes next, for nothing waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from st2lang.evaluation import Outside
from st2runtime.engines.execution import Execution
from st2runtime.engines.journal import Noter, Then
from st2runtime.events import ActionEnded, ActionPaused, ActionRunning, Event
from st2runtime.journal import holders
from st2runtime.journal.entries import Begin, Entry, Happened, digest, settled
from st2runtime.journal.errors import JournalError
from st2runtime.outside import Noting
from st2runtime.requests import Request, Wait

if TYPE_CHECKING:
    from st2runtime.engines.prepare import Prepared
    from st2runtime.engines.steps import Step
    from st2runtime.journal.store import Log

Soon = Callable[[Callable[[], None], bool], None]
"""Has something called in the next turn, or (False) within a moment."""


class Writer:
    """The journal of one run. `around` is kept with its beginning; `soon` is set before the run begins.

    `numbers` are the numbers of the executions that the log has already.
    """

    def __init__(
        self,
        log: Log,
        around: Mapping[str, Any],
        soon: Soon,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.log, self.around, self.soon = log, around, soon
        self._clock = clock
        self.numbers: dict[Execution, int] = {}
        self.root: Execution | None = None
        self._status = ""
        self._count = 0
        self._entries: list[Entry] = []
        self._mail: list[int] = []
        self._thens: list[Then] = []
        self._asked: bool | None = None
        self._broken: JournalError | None = None

    def took_up(self, executions: Sequence[Execution], root: Execution | None, status: str) -> None:
        """Go on with a log that has these executions already."""
        self.numbers = {execution: number for number, execution in enumerate(executions)}
        self._count = max(1, len(executions))
        self.root, self._status = root, status

    # -- what the engine tells -------------------------------------------------------------------

    def world(self, outside: Outside) -> tuple[Outside, Noter | None]:
        """The outside with notes of what it answers."""
        noting = Noting(outside)
        return noting, noting

    def began(
        self, step: Step, prepared: Prepared, execution: Execution | None, then: Then
    ) -> None:
        """See `Journal`."""
        parent = execution.parent if execution is not None else None
        runnable = prepared.runnable
        graph = execution.graph if execution is not None else None
        if execution is not None:
            self.numbers[execution] = self._count
            self.root = execution if parent is None else self.root
        self._count += 1
        entry = Begin(
            id=step.id,
            action=runnable.ref,
            runner=runnable.runner,
            given=step.input,
            parameters=prepared.parameters,
            context=prepared.context,
            parent=None if parent is None else self.numbers[parent],
            request=step.request,
            graph=None if graph is None else graph.hash,
            copy="" if graph is None else self.log.keep(graph),
            keys=execution is not None and _keys(execution),
            entry_point=runnable.entry_point,
            pack=runnable.pack,
            pack_path=runnable.pack_path,
            at=self._clock(),
            around=self.around if parent is None else {},
        )
        self._keep(entry, then, urgent=graph is None)

    def happened(
        self,
        execution: Execution,
        event: Event,
        about: Mapping[str, Any],
        requests: Sequence[Request],
        then: Then,
    ) -> None:
        """See `Journal`."""
        notes = execution.noter.taken() if execution.noter is not None else ()
        told = {name: value for name, value in about.items() if name != "mail"}
        entry = Happened(
            self.numbers[execution], event, notes, digest(requests), told, self._clock()
        )
        if isinstance(event, ActionPaused) or any(isinstance(one, Wait) for one in requests):
            told["tick"] = [holders.boot(), holders.tick()]
        if "mail" in about:
            self._mail.append(about["mail"])
        self._keep(entry, then, urgent=bool(requests) or not isinstance(event, ActionRunning))

    def ended(self, step: Step, then: Then) -> None:
        """See `Journal`."""
        event = settled(ActionEnded("", step.status, step.result))
        self._status = step.status
        about = {"error": step.error} if step.error else {}
        self._keep(Happened(0, event, about=about, at=self._clock()), then, urgent=True)

    # -- keeping ---------------------------------------------------------------------------------

    def done_with(self, mail: int) -> None:
        """A piece of mail that comes to nothing."""
        self._mail.append(mail)
        self._ask(urgent=True)

    def _keep(self, entry: Entry, then: Then, urgent: bool) -> None:
        if self._broken is not None:
            raise self._broken
        self._entries.append(entry)
        self._thens.append(then)
        self._ask(urgent)

    def _ask(self, urgent: bool) -> None:
        if self._asked is None or (urgent and not self._asked):
            self._asked = urgent
            self.soon(self.flush, urgent)

    def flush(self) -> None:
        """Keep what has come together, and go on with what waits for that. Raises `JournalError`."""
        if self._broken is not None:
            raise self._broken
        self._asked = None
        entries, mail, thens = self._entries, self._mail, self._thens
        if not (entries or mail):
            return
        self._entries, self._mail, self._thens = [], [], []
        status = self.root.conductor.status if self.root is not None else self._status
        try:
            self.log.append(entries, status=status, mail=mail)
        except JournalError as error:
            self._broken = error
            raise
        for then in thens:
            then()


def _keys(execution: Execution) -> bool:
    world = execution.noter
    return isinstance(world, Noting) and world.keys
