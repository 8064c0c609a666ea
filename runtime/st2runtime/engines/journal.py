"""What stands between a decision and its effects: every event is kept before anything is done on it.

An engine tells its journal what happens. The journal keeps it, and only then calls back, so that no effect
precedes the record of what has led to it. `Unkept` keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from st2runtime.events import Event
from st2runtime.outside import Note
from st2runtime.requests import Request

if TYPE_CHECKING:
    from st2lang.evaluation import Outside
    from st2runtime.engines.execution import Execution
    from st2runtime.engines.prepare import Prepared
    from st2runtime.engines.steps import Step

Then = Callable[[], None]


class Noter(Protocol):
    """An `Outside` that keeps notes of its answers."""

    def taken(self) -> Sequence[Note]:
        """The notes since the last call."""


class Journal(Protocol):
    """Keeps what happens in a run. All of it may raise `JournalError`: nothing may be done any more then."""

    def world(self, outside: Outside) -> tuple[Outside, Noter | None]:
        """What a workflow reads of the outside, and who has the notes."""

    def began(
        self, step: Step, prepared: Prepared, execution: Execution | None, then: Then
    ) -> None:
        """A workflow begins, or an action that nobody but the user asked for (without an execution).

        The workflow's first event follows in the same breath, without waiting for `then`.
        """

    def happened(
        self,
        execution: Execution,
        event: Event,
        about: Mapping[str, Any],
        requests: Sequence[Request],
        then: Then,
    ) -> None:
        """An event with what the conductor asks for on it; `then` is called once it has been kept.

        `about` is what else there is to know of it (`result` of what rests, `error`, `note`, `mail`). `then`
        may be called at once.
        """

    def ended(self, step: Step, then: Then) -> None:
        """The action that the user asked for has ended; it is no workflow."""


class Unkept:
    """A journal that keeps nothing."""

    def world(self, outside: Outside) -> tuple[Outside, Noter | None]:
        """The outside itself."""
        return outside, None

    def began(
        self, step: Step, prepared: Prepared, execution: Execution | None, then: Then
    ) -> None:
        """Go on."""
        then()

    def happened(
        self,
        execution: Execution,
        event: Event,
        about: Mapping[str, Any],
        requests: Sequence[Request],
        then: Then,
    ) -> None:
        """Go on."""
        then()

    def ended(self, step: Step, then: Then) -> None:
        """Go on."""
        then()
