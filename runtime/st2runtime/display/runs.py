"""The runs of a workflow's tasks, each with the steps that carried it out: its items, its tries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.graph import Place
from st2runtime.conducting.state import TaskRun
from st2runtime.engines.steps import Step


class Run:
    """One run of a task. `steps` are its tries and items; none for a task without an action."""

    def __init__(self, run: TaskRun, steps: list[Step], place: Place | None) -> None:
        self.task, self.route, self.steps, self.place = run.task, run.route, steps, place
        self.status = "requested" if run.status == "null" else run.status
        self.result: Any = run.result
        self.published: Mapping[str, Any] = run.published
        self.next = run.next
        self.tries = max(1, run.attempt + 1)
        self.itemised = run.items is not None
        self.name = f"{run.task}__r{run.route}" if run.route else run.task

    @property
    def last(self) -> list[Step]:
        """The last try of each item in order of the items; one step for a task without."""
        found = {step.item: step for step in self.steps}
        return [
            found[item] for item in sorted(found, key=lambda item: -1 if item is None else item)
        ]

    @property
    def action(self) -> str:
        """What it runs, "" for a task without an action."""
        return self.steps[-1].action if self.steps else ""

    @property
    def started(self) -> float | None:
        """When its first step began."""
        return min((s.started for s in self.steps if s.started is not None), default=None)

    @property
    def ended(self) -> float | None:
        """When its last step ended; None while one runs."""
        if any(step.ended is None for step in self.last):
            return None
        return max((step.ended for step in self.steps if step.ended is not None), default=None)


def runs_of(step: Step) -> list[Run]:
    """The runs of the tasks of a workflow in the order of their start, engine commands left out."""
    if step.graph is None:
        return []
    groups: dict[int, list[Step]] = {}
    for child in step.children:
        groups.setdefault(child.seq, []).append(child)
    found = []
    for run in step.runs:
        task = step.graph.tasks.get(run.task)
        if task is not None:
            found.append(Run(run, groups.get(run.seq, []), task.place))
    return found
