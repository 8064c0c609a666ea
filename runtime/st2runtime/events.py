"""What happens to an execution: everything that the conductor is ever told.

Events are frozen and are JSON data through and through, so that a log of them is all that is needed to
come back to the same state. Time passes and actions end outside; the conductor learns of it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.record import field, record


@record
class Start:
    """The execution begins. `inputs` are the values given, `context` what the engine adds (`st2`)."""

    inputs: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@record
class ActionRunning:
    """The action of a request has really begun; `id` is the request's."""

    id: str


@record
class ActionPaused:
    """The action waits for somebody (`pending`: an inquiry) or was paused (a sub-workflow)."""

    id: str
    status: str


@record
class ActionEnded:
    """The action of a request has ended: `succeeded`, `failed`, `timeout`, `abandoned` or `canceled`."""

    id: str
    status: str
    result: Any = None


@record
class ActionRefused:
    """The action of a request cannot be started: there is none, or it does not take its parameters.

    StackStorm fails the workflow there and then (`fail_workflow_execution` in `services/workflows.py`).
    """

    id: str
    message: str


@record
class TimerFired:
    """The time of a `Wait` is over."""

    id: str


@record
class Pause:
    """Somebody wants it to pause: what runs may finish, nothing new starts."""


@record
class Resume:
    """Somebody wants a paused execution to go on."""


@record
class Cancel:
    """Somebody wants it to end: as `Pause`, but for good."""


@record
class RerunTask:
    """A task run to repeat. `reset_items` runs all items of a with-items again, not only the failed."""

    task: str
    route: int = 0
    reset_items: bool = False


@record
class Rerun:
    """An ended execution begins again at these task runs; none: at those that failed."""

    tasks: tuple[RerunTask, ...] = ()


Event = (
    Start
    | ActionRunning
    | ActionPaused
    | ActionEnded
    | ActionRefused
    | TimerFired
    | Pause
    | Resume
    | Cancel
    | Rerun
)
