"""What the conductor wants done: all that it ever says.

Whoever drives it carries the requests out and answers with events of the same `id`. Ids are made of the
number of the task run, the item and the attempt: the same events always give the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.record import field, record


@record
class RunAction:
    """Run an action and answer with `ActionEnded`.

    `id` names this one attempt. `task` and `route` are the task run's, `item` the index of the item
    (None without with-items), `attempt` counts tries from 0. `action` is the rendered reference, `input`
    the rendered parameters. `delay` is what the task waited before, in seconds (its `Wait` is over).
    """

    id: str
    task: str
    route: int
    action: str | None
    input: Mapping[str, Any] = field(default_factory=dict)
    item: int | None = None
    attempt: int = 0
    delay: float | None = None


@record
class Wait:
    """Answer with `TimerFired` of this `id` after `seconds`: a task's delay, or a retry's."""

    id: str
    task: str
    route: int
    seconds: float


@record
class CancelAction:
    """The execution is canceled: end the action of this `id` if it can be ended (sub-workflows can)."""

    id: str


@record
class PauseAction:
    """The execution pauses: pause the action of this `id` if it can be paused (sub-workflows can)."""

    id: str


@record
class ResumeAction:
    """The execution goes on: resume the paused action of this `id`."""

    id: str


@record
class Complete:
    """The execution has ended, or rests: `status` is a final one, or `paused`.

    `output` is the rendered output (None when there is none), `errors` the log of errors as Orquesta has
    it: dicts with `type`, `message` and, where known, `task_id`, `route`, `task_transition_id`, `result`.
    """

    status: str
    output: Any = None
    errors: tuple[Mapping[str, Any], ...] = ()


Request = RunAction | Wait | CancelAction | PauseAction | ResumeAction | Complete
