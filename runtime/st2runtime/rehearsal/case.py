"""What a rehearsal case says, as records: one workflow, what its actions give, and what should come of it.

The format is that of `orquesta/rehearsing.py` (`WorkflowTestCase`, `WorkflowRerunTestCase`), for
ActionChains as well; `docs/rehearsals.md` tells what is added. Reading is in `read.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.problem import SpecPath
from st2lang.record import field, record
from st2runtime.events import RerunTask

SUCCEEDED = "succeeded"


@record
class Mock:
    """What actions give instead of running.

    It is for the runs of a task or (`task` None) of an action. `result` is data; with `expression` it is
    rendered for each run, from the run's input. `item` is the index of an item, `seq` the position in the
    sequence of tasks; None fits any. It serves `times` runs. `path` is its place in the case.
    """

    task: str | None = None
    status: str = SUCCEEDED
    result: Any = None
    action: str | None = None
    expression: bool = False
    item: int | None = None
    seq: int | None = None
    route: int | None = None
    times: int = 1
    path: SpecPath = field(default=(), compare=False)


@record
class Expected:
    """What should come of it. None is not compared, but for `routes` and `status`, which have defaults.

    `inspection_errors` are by category, as Orquesta's inspection groups them.
    """

    task_sequence: tuple[str, ...] | None = None
    routes: tuple[Any, ...] = ((),)
    status: str = SUCCEEDED
    output: Mapping[str, Any] | None = None
    errors: tuple[Mapping[str, Any], ...] | None = None
    term_tasks: tuple[str, ...] | None = None
    inspection_errors: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)


@record
class Case:
    """One rehearsal. `workflow` is the path as written; None when `state` brings the workflow along.

    `state` is a conductor's saved state; `rerun` (not None) reruns these task runs of it, or, without a
    state, of the run that the case has made first. `datastore` holds what `st2kv` finds, by full key:
    (value, secret). `time` (seconds since 1970) and `seed` stand for the clock and for chance where they are
    given. `given` are the top-level keys that the file has.
    """

    path: str = ""
    workflow: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    mocks: tuple[Mock, ...] = ()
    expected: Expected = field(default_factory=Expected)
    context: Mapping[str, Any] = field(default_factory=dict)
    datastore: Mapping[str, tuple[Any, bool]] = field(default_factory=dict)
    time: float | None = None
    seed: int | None = None
    state: Mapping[str, Any] | None = None
    rerun: tuple[RerunTask, ...] | None = None
    given: frozenset[str] = frozenset()


@record
class Asked:
    """An action that was carried out: what the conductor asked for, in the words of the report."""

    task_id: str
    route: int
    item_id: int | None
    action: str | None
    input: Mapping[str, Any] | None
    delay: float | None = None


@record
class Actual:
    """What has come of it.

    Task runs are named `task`, on other routes than the first `task__r1`. `errors` are as Orquesta logs
    them. For a chain `output` is its `published` variables and its `tasks`. `tasks` and `transitions`
    count how often each task ran and each (task, index of its transition) was taken.
    """

    task_sequence: tuple[str, ...] = ()
    routes: tuple[Any, ...] = ()
    workflow_status: str = ""
    output: Any = None
    errors: tuple[Mapping[str, Any], ...] = ()
    term_tasks: tuple[str, ...] = ()
    requests: tuple[Asked, ...] = ()
    tasks: Mapping[str, int] = field(default_factory=dict)
    transitions: Mapping[tuple[str, int], int] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()


def run_name(task: str, route: int) -> str:
    """How a task run is written: its route is told unless it is the first."""
    return f"{task}__r{route}" if route else task


def full_name(written: str) -> str:
    """A task run as it may be written, with the route 0 left out."""
    return written.removesuffix("__r0")


def full_key(key: str) -> str:
    """A key of the datastore with its scope, as `datastore` has it: one without is the user's."""
    return key if key.startswith(("system.", "user.")) else f"user.{key}"
