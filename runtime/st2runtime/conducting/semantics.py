"""What the languages differ in, seen from the conductor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from st2lang.graph import Retry
from st2runtime.conducting.plan import Step
from st2runtime.conducting.state import Key, Retrying, Staged, TaskRun


class RuleError(Exception):
    """A value is not what the language asks for; the message says which."""


class Work(NamedTuple):
    """What a task runs: (item, action, input) each. `delay` is in seconds; None and 0 are none."""

    parts: tuple[tuple[int | None, Any, Any], ...]
    delay: Any = None


class Semantics(Protocol):
    """A language. All of these may raise `EvaluationError` or `RuleError`, except where they say so."""

    def variables(self, run: TaskRun) -> Mapping[str, Any]:
        """The variables that a task run saw. Raises nothing."""
        ...

    def start(self, inputs: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
        """Set up the first context and stage the first tasks; False when that fails. Raises nothing."""
        ...

    def prepare(self, staged: Staged) -> Work:
        """Render what a task runs; for a task with items, what may run now."""
        ...

    def retrying(self, step: Step, spec: Retry, staged: Staged) -> Retrying:
        """How often a task may be tried again, by what is written of that."""
        ...

    def wants_retry(self, run: TaskRun) -> bool:
        """Whether a task that has ended is to be tried again, as long as there are tries left."""
        ...

    def leave(self, run: TaskRun) -> list[Key]:
        """Publish, choose transitions, stage what comes next; gives the commands. Raises nothing."""
        ...

    def reject(self, message: str, task: str | None = None) -> None:
        """The workflow itself cannot be run. Raises nothing."""
        ...

    def refuse(self, run: TaskRun | None, task: str, route: int, message: str) -> None:
        """A task cannot be run at all. Raises nothing."""
        ...

    def finish(self) -> None:
        """The execution has ended: render its output. Raises nothing."""
        ...
