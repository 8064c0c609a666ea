"""What runs and ran, as a tree that grows: for displays, reports and recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from st2lang.graph import Graph, Place
from st2runtime.engines import contexts

if TYPE_CHECKING:
    from st2runtime.conducting.state import TaskRun
    from st2runtime.engines.execution import Execution
    from st2runtime.requests import RunAction

FINAL = frozenset(("succeeded", "failed", "timeout", "abandoned", "canceled"))
BAD = frozenset(("failed", "timeout", "abandoned"))


class Step:
    """An action that runs or ran, a workflow, or a task with items above those.

    `id` is the id of its execution, `key` names this attempt for good, `request` that of the conductor's request, `task` and `route` the run
    of a task, `seq` its position in the sequence, `item` its item and `attempt` the try (from 0). `input` is as rendered by the workflow,
    `parameters` what the runner was given. `status` is one of StackStorm's. `started` and `ended` are
    seconds of a monotonic clock, `began` and `finished` seconds since 1970. `line` is the last line of its
    output. `mock` is the number of the mock that it was given. `graph` and `runs` are a workflow's own and the runs of its tasks, `source` and `place` where the
    task is written.
    """

    __slots__ = (
        "action", "attempt", "began", "children", "ended", "error", "errors", "finished", "graph",
        "guessed", "id", "input", "item", "key", "line", "mock", "mocked", "note", "output", "parameters", "parent",
        "place", "request", "result", "route", "runner", "runs", "seq", "source", "started",
        "status", "stream", "task",
    )  # fmt: skip

    def __init__(
        self,
        task: str,
        *,
        execution: str = "",
        key: str = "",
        parent: Step | None = None,
        action: str = "",
        request: str = "",
        seq: int = 0,
        route: int = 0,
        item: int | None = None,
        attempt: int = 0,
        given: Mapping[str, Any] | None = None,
        place: Place | None = None,
        source: str = "",
    ) -> None:
        self.id, self.task, self.parent, self.action = execution, task, parent, action
        self.key = key or execution
        self.request, self.seq, self.route = request, seq, route
        self.item, self.attempt = item, attempt
        self.input: Mapping[str, Any] = given if given is not None else {}
        self.parameters: Mapping[str, Any] = {}
        self.place, self.source = place, source
        self.runner = ""
        self.graph: Graph | None = None
        self.status = "requested"
        self.result: Any = None
        self.output: Any = None
        self.errors: tuple[Mapping[str, Any], ...] = ()
        self.runs: Sequence[TaskRun] = ()
        self.error = ""
        self.note = ""
        self.line, self.stream = "", ""
        self.mock: int | None = None
        self.mocked = self.guessed = False
        self.started: float | None = None
        self.ended: float | None = None
        self.began: float | None = None
        self.finished: float | None = None
        self.children: list[Step] = []
        if parent is not None:
            parent.children.append(self)

    def hears(self, stream: str, text: str) -> None:
        """A line of output has come: what is said on stdout counts for more than log lines on stderr."""
        if text.strip() and (stream == "stdout" or self.stream != "stdout"):
            self.line, self.stream = text, stream

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.status in FINAL

    @property
    def bad(self) -> bool:
        """Whether it has ended as it should not."""
        return self.status in BAD

    @property
    def depth(self) -> int:
        """How many steps are above it."""
        return sum(1 for _ in self.above())

    def above(self) -> Iterator[Step]:
        """The steps that it is below, the nearest first."""
        step = self.parent
        while step is not None:
            yield step
            step = step.parent

    @property
    def name(self) -> str:
        """The task as it is shown: with its route where there are several."""
        return f"{self.task}__r{self.route}" if self.route else self.task

    def walk(self) -> Iterator[Step]:
        """It and all below it, in order of their start."""
        waiting = [self]
        while waiting:
            step = waiting.pop()
            yield step
            waiting += reversed(step.children)


def step_of(execution: Execution, request: RunAction) -> Step:
    """The step of an action that an execution asks for."""
    task = execution.graph.tasks.get(request.task)
    return Step(
        request.task,
        execution=contexts.id_below(execution.step.id, request.id),
        key=contexts.attempt_key(execution.step.id, request),
        parent=execution.step,
        action=request.action or "",
        request=request.id,
        seq=execution.seq(request.task, request.route),
        route=request.route,
        item=request.item,
        attempt=request.attempt,
        given=request.input,
        place=task.place if task else None,
        source=execution.graph.source,
    )


class Watcher(Protocol):
    """Who is told what happens. Nothing that it does may take long."""

    def began(self, step: Step) -> None:
        """A step has been made: it runs, or waits to."""

    def changed(self, step: Step) -> None:
        """Its status is another now."""

    def line(self, step: Step, stream: str, text: str) -> None:
        """A line of output of an action, without the line break."""


class Silent:
    """A watcher that looks away."""

    def began(self, step: Step) -> None:
        """Nothing."""

    def changed(self, step: Step) -> None:
        """Nothing."""

    def line(self, step: Step, stream: str, text: str) -> None:
        """Nothing."""
