"""How a run is done: what an engine is told once, before it begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from st2lang.record import field, record
from st2runtime.engines.journal import Journal, Unkept
from st2runtime.runners.base import Outcome, Services

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution
    from st2runtime.engines.prepare import Prepared
    from st2runtime.engines.steps import Step

CONCURRENCY = 32
"""How many actions run at a time."""
DEPTH = 50
"""How deep sub-workflows may be nested: what is deeper runs itself."""

Line = Callable[[str, str], None]
"""Told a line of output: the stream (`stdout`, `stderr`) and the text."""

Serve = Callable[["Step", Line], Services]
"""What a runner is given around a step, and who hears the lines of its output."""

Interpreter = Callable[[str, Line], Awaitable[str]]
"""From the folder of a pack to its Python interpreter. Raises `ActionError`."""


class StandIns(Protocol):
    """What is given in the place of results: mocks, and the guesses of a dry run."""

    def before(self, step: Step, execution: Execution | None) -> Outcome | None:
        """The outcome of an action that need not even be known; None to go on with it."""

    def instead(self, step: Step, prepared: Prepared) -> Outcome | None:
        """The outcome of an action that is ready to run; None to run it."""


@record
class Options:
    """How a run is done.

    `patience` is what waiting times are multiplied with: 0 waits for nothing. `interpreter` makes the one that
    Python actions of a pack run with. `journal` keeps every event. `stays` has a run that rests wait for the
    deadlines of its inquiries.
    """

    concurrency: int = CONCURRENCY
    patience: float = 1.0
    stand_ins: StandIns | None = None
    journal: Journal = field(default_factory=Unkept)
    interpreter: Interpreter | None = None
    stays: bool = False
