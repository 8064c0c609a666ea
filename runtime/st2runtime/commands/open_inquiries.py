"""The inquiries of runs that nobody has answered: what they ask, until when, and how to answer."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from st2lang.commands.terminal import printable
from st2lang.record import record

if TYPE_CHECKING:
    from st2runtime.engines.steps import Step
    from st2runtime.journal.fold import Replayed, Waiting
    from st2runtime.journal.store import Store, Summary

_SET = 2.0
"""By how many seconds the time of day has changed if somebody has set it."""
_RESTS = ("running", "pausing", "paused", "resuming")


@record
class Inquiry:
    """A question of a run. `asked` is the result that the action has meanwhile: schema, users and so on."""

    run: str
    step: Step
    deadline: Waiting | None = None

    @property
    def asked(self) -> Mapping[str, Any]:
        """What is asked of whom."""
        return self.step.result if isinstance(self.step.result, Mapping) else {}

    @property
    def schema(self) -> Mapping[str, Any]:
        """What the answers must fit."""
        found = self.asked.get("schema")
        return found if isinstance(found, Mapping) else {}

    @property
    def names(self) -> Sequence[str]:
        """What is asked for."""
        properties = self.schema.get("properties")
        return [str(name) for name in properties] if isinstance(properties, Mapping) else []

    @property
    def left(self) -> float | None:
        """How many seconds there are to answer it; None for no limit."""
        return None if self.deadline is None else self.deadline.left(time.time())

    @property
    def overdue(self) -> bool:
        """Whether it cannot be answered any more: it ends as soon as its run goes on."""
        return self.left == 0

    @property
    def until(self) -> float | None:
        """When it is over, by the time of day as it is set now."""
        left = self.left
        if self.deadline is None or left is None:
            return None
        meant, now = self.deadline.at + self.deadline.seconds, time.time()
        return now + left if left and abs(now + left - meant) > _SET else meant

    def how(self) -> str:
        """What to say to whoever could answer it."""
        lead = f"`{self.step.task}` waits for an answer"
        if self.overdue:
            return f"`{self.step.task}` has not been answered in time: `st2c resume {self.run}` goes on"
        words = " ".join(f"{name}=…" for name in self.names) or "--response '{}'"
        until = "" if self.until is None else f" until {at(self.until)}"
        return f"{lead}{until}: st2c inquiry respond {self.step.id} {words}"

    def waker(self) -> str:
        """How it is named among what wakes a run."""
        from st2runtime.engines.results import timestamp

        until = "" if self.until is None else f" until {timestamp(self.until)}"
        return f"inquiry {self.step.id}{until}"


def at(moment: float) -> str:
    """A time of day for people."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment))


def of_run(run: Replayed) -> list[Inquiry]:
    """Those of a run."""
    return [
        Inquiry(run.root.id, run.steps[key], run.deadlines.get(key))
        for key in run.resting
        if run.steps[key].status == "pending"
    ]


def of_store(store: Store, statuses: Sequence[str] = _RESTS) -> Iterator[tuple[Summary, Inquiry]]:
    """Those of all runs that have one of these statuses, latest runs first. What cannot be read is told."""
    from st2runtime.commands.execution_show import replayed
    from st2runtime.journal.errors import JournalError
    from st2runtime.journal.store import Query

    for summary in store.executions(Query(statuses=tuple(statuses))):
        try:
            found = of_run(replayed(store, summary.id))
        except JournalError as error:
            print(f"st2c: {summary.id}: {printable(str(error))}", file=sys.stderr)
            continue
        for one in found:
            yield summary, one


def alone(run: Replayed) -> bool:
    """Whether a run that is paused has nothing to go on with but answers. It is of no use afterwards."""
    from st2runtime.conductor import InvalidEvent
    from st2runtime.events import Resume
    from st2runtime.outside import ReplayError, ReplayMismatch
    from st2runtime.requests import ResumeAction

    if not of_run(run):
        return False
    below = {(e.parent, e.request): e for e in run.executions if e.parent is not None}
    resumed = [run.main] if run.main is not None else []
    while resumed:
        execution = resumed.pop()
        if execution.conductor.status != "paused":
            continue
        try:
            asked = execution.conductor.handle(Resume())
        except InvalidEvent:
            continue
        except (ReplayError, ReplayMismatch):  # it wants to know something new
            return False
        for request in asked:
            if not isinstance(request, ResumeAction):
                return False
            if (execution, request.id) in below:
                resumed.append(below[execution, request.id])
    return True
