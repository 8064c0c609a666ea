"""Who reads along what is on the disk, and holds the run to what is promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from st2runtime.engines.contexts import attempt_key, id_below
from st2runtime.engines.steps import FINAL, Step
from st2runtime.events import ActionEnded, ActionRefused, Start, TimerFired
from st2runtime.journal.entries import Entry, Happened
from st2runtime.journal.file import FileStore
from st2runtime.journal.fold import Fold, Moment, Replayed
from st2runtime.requests import RunAction, Wait

from st2lang.graph import Graph

Key = tuple[str, str]
"""The id of an execution, and that of one of its requests."""

SLACK = 0.001


class Witness:
    """Reads one log through a connection of its own, so that it sees what is committed and nothing else.

    `keys` are those of the attempts that have been asked for by the ids of their steps, `ended` the attempts
    whose outcome is recorded. `exact` tells whether delays can be held to.
    """

    def __init__(
        self, store: FileStore, run: str, graph: Callable[[str], Graph], now: Callable[[], float]
    ) -> None:
        self.store, self.id, self.now = store, run, now
        self._fold = Fold(graph)
        self._reader: Any = None
        self.keys: dict[str, str] = {}
        self.ended: dict[Key, ActionEnded] = {}
        self.fired: list[Key] = []
        self.notes: list[Any] = []
        self.questions: list[str] = []
        self.exact = True
        self.count = 0
        self._due: dict[Key, float] = {}
        self._begun: dict[str, str] = {}

    @property
    def run(self) -> Replayed | None:
        """The run so far; None before its beginning is on the disk."""
        return self._fold.run

    def look(self) -> None:
        """See what has been committed since the last time. A replay that differs raises `JournalError`."""
        if self._reader is None:
            if not self.store.database.read("SELECT 1 FROM executions WHERE id = ?", (self.id,)):
                return
            self._reader = self.store.reader(self.id)
        for entry in self._reader.read():
            self.count += 1
            self._take(entry, self._fold.take(entry))
        self._all_are_woken()

    def _take(self, entry: Entry, moment: Moment) -> None:
        if not isinstance(entry, Happened):
            return
        assert moment.execution is not None
        own, event = moment.execution.step.id, entry.event
        self.notes += [note for note in entry.notes if note[0] == "chance"]
        match event:
            case ActionEnded(name):
                assert (own, name) not in self.ended, f"the outcome of {name} is recorded twice"
                self.ended[own, name] = event
            case ActionRefused(name):
                raise AssertionError(f"{name} was refused: {event.message}")
            case TimerFired(name):
                early = self._due.pop((own, name)) - self.now()
                assert not self.exact or early < SLACK, f"{name} is {early} seconds early"
                self.fired.append((own, name))
            case Start():
                assert self.now() >= 0
        for request in moment.requests:
            match request:
                case RunAction(name, action=action):
                    step = id_below(own, name)
                    key = attempt_key(own, request)
                    assert step not in self.keys, f"{name} is asked for twice"
                    assert key not in self.keys.values(), f"two attempts have the key {key}"
                    self.keys[step] = key
                    if action == "core.ask":
                        self.questions.append(step)
                case Wait(name, seconds=seconds):
                    self._due[own, name] = self.now() + seconds

    def _all_are_woken(self) -> None:
        assert self.run is not None
        for execution in self.run.executions:
            status = execution.conductor.status
            assert execution.wakers, f"nothing wakes the execution {execution.step.id} ({status})"
            if status in FINAL and execution.completed is not None:
                assert execution.completed.status == status

    def hands_over(self, step: Step) -> None:
        """A request is about to be carried out: it must be on the disk."""
        asked = step.parent is None or step.id in self.keys
        assert asked, f"{step.key} begins before it is asked for on the disk"

    def begins(self, step: str, key: str) -> None:
        """An action really begins: it must have been asked for, and not have ended, on the disk."""
        assert self.keys[step] == key, f"{key} had the key {self.keys[step]}"
        assert self._begun.setdefault(key, step) == step
        assert not any(id_below(*one) == step for one in self.ended), f"{key} begins after its end"

    @property
    def resting(self) -> list[str]:
        """The ids of the questions that wait for an answer."""
        if self.run is None:
            return []
        steps = [self.run.steps[key] for key in self.run.resting]
        return [step.id for step in steps if step.action == "core.ask"]
