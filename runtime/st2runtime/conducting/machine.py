"""Statuses of task runs and of the execution, staging, joins, and the log of errors.

Follows `WorkflowConductor` and `machines.py` of Orquesta, on counts instead of searches: whether tasks are
active, whether any is ready, how many tasks have arrived at a join. Knows nothing of expressions.
"""

from __future__ import annotations

import json
from typing import Any

from st2runtime.conducting.context import Context, root
from st2runtime.conducting.plan import Edge, Plan, Step
from st2runtime.conducting.state import Items, Key, Staged, State, TaskRun
from st2runtime.conducting.transitions import (
    COMPLETED,
    STOP,
    TASK,
    UNSET,
    WORKFLOW_ASKED,
    WORKFLOW_BUSY,
    WORKFLOW_IDLE,
    after,
)

FAILED = "Execution failed. See result for details."
"""The message of a failed action, word for word: people look for it."""


class Machine:
    """A run of a workflow and the rules by which its statuses move."""

    def __init__(self, plan: Plan, state: State) -> None:
        self.plan, self.state = plan, state
        self._known = {_error_key(error) for error in state.errors}

    # -- errors ----------------------------------------------------------------------------------

    def log(
        self,
        message: str,
        task: str | None = None,
        route: int | None = None,
        transition: str | None = None,
        result: Any = None,
    ) -> None:
        """Add an error to the log, unless the same is there already."""
        members = (
            ("task_id", task),
            ("route", route),
            ("task_transition_id", transition),
            ("result", result),
        )
        entry: dict[str, Any] = {"type": "error", "message": message}
        entry.update((name, value) for name, value in members if value is not None)
        key = _error_key(entry)
        if key not in self._known:
            self._known.add(key)
            self.state.errors.append(entry)

    def forget_errors(self, task: str) -> None:
        """Take the errors of a task out of the log."""
        kept = [error for error in self.state.errors if error.get("task_id") != task]
        self.state.errors[:] = kept
        self._known = {_error_key(error) for error in kept}

    # -- contexts --------------------------------------------------------------------------------

    def begin(self, values: dict[str, Any]) -> Context:
        """The first context."""
        self.state.contexts.append({"set": values})
        return root(values)

    def publish(self, before: Context, values: dict[str, Any]) -> Context:
        """The context after these values."""
        number = len(self.state.contexts)
        self.state.contexts.append({"from": before.number, "set": values})
        return before.published(values, number)

    def join(self, before: Context, other: Context) -> Context:
        """The context after all that the other one has published."""
        contexts = self.state.contexts
        found = before.joined(other, len(contexts))
        if found is not before:
            contexts.append({"from": before.number, "with": other.number})
        return found

    # -- the execution's status ------------------------------------------------------------------

    def ask(self, wanted: str) -> bool:
        """Somebody wants the execution to `run`, `pause`, `resume`, `cancel` or `fail`.

        Gives whether the table knows of that in its present status.
        """
        state = self.state
        if wanted in ("pause", "cancel"):
            self._stop_items(wanted)
        found = after(WORKFLOW_ASKED, state.status, wanted, 0 if state.busy else 1)
        if found is None:
            return False
        over = not (state.busy or state.ready or state.counts["paused"] or state.counts["pending"])
        if state.status == "paused" and wanted in ("run", "resume") and over:
            found = "succeeded"
        state.status = found
        return True

    def _stop_items(self, wanted: str) -> None:
        """Tasks with items hear of a pause or cancel themselves, for they have items left to start."""
        for staged in self.state.staged.values():
            items = staged.items
            run = self.state.latest.get(staged.key)
            if items is None or run is None or run.status != "running" or not _left(items):
                continue
            found = after(STOP, run.status, wanted, 0 if items.active else 1)
            if found is not None:
                self.set_status(run, found)

    def hears(self, run: TaskRun) -> None:
        """The execution hears what a task run has become."""
        state, happening = self.state, run.status
        if happening == "running" == state.status:
            return
        step = self.plan.steps[run.task]
        latest = state.latest[run.key]
        has_next, has_join = self._has_next(step, latest)
        if happening in ("failed", "timeout", "abandoned") and (has_next or has_join):
            happening = "remediated"
        column = 0
        if happening in ("succeeded", "remediated"):
            column = state.beside(has_next)
        table = WORKFLOW_BUSY if state.busy else WORKFLOW_IDLE
        found = after(table, state.status, happening, column)
        if found is None:
            return
        state.status = found
        if found in COMPLETED:
            self._unreachable()

    def _has_next(self, step: Step, run: TaskRun) -> tuple[bool, bool]:
        """Whether an ended task run leads to a task that can run, and whether it leads to a join."""
        if not run.taken or run.status not in COMPLETED:
            return False, False
        if not step.edges:  # a chain's node, which has staged the next one
            return True, False
        has_join = False
        for edge in step.edges:
            if not run.taken & edge.bit or edge.target == "continue":
                continue
            if not self.plan.steps[edge.target].barrier:
                return True, True
            has_join = True
            if self.arrival(edge.target, run.route) != "unreachable":
                return True, True
        return False, has_join

    def _unreachable(self) -> None:
        """Joins that wait for what cannot come any more fail the execution."""
        for staged in self.state.staged.values():
            if staged.ready or not self.plan.steps[staged.task].task.join:
                continue
            if self.arrival(*staged.key) == "unreachable":
                self.state.status = "failed"
                self.log(
                    f'UnreachableJoinError: The join task|route "{staged.task}|{staged.route}" '
                    "is partially satisfied but unreachable.",
                    staged.task,
                    staged.route,
                )

    def arrival(self, join: str, route: int) -> str:
        """Whether a join is `satisfied`, `waits`, or is `unreachable`."""
        step = self.plan.steps[join]
        if self.state.arrived[join, route] >= step.needed:
            return "satisfied"
        if self.state.seen[join, route] < step.sources and (self.state.busy or self.state.ready):
            return "waits"
        return "unreachable"

    # -- task runs -------------------------------------------------------------------------------

    def add(self, staged: Staged) -> TaskRun:
        """A new task run of what is staged."""
        state = self.state
        key = staged.key
        run = TaskRun(len(state.runs), key, staged.context)
        run.previous = staged.previous
        old = state.latest.get(key)
        step = self.plan.steps[staged.task]
        if old is None:
            for join, _ in step.joins:
                state.seen[join, staged.route] += 1
        else:
            state.counts[old.status] -= 1
            for join, mask in step.joins:
                if old.taken & mask:
                    state.arrived[join, staged.route] -= 1
        state.counts[UNSET] += 1
        state.runs.append(run)
        state.latest[key] = run
        return run

    def set_status(self, run: TaskRun, status: str) -> None:
        """A task run has become something."""
        state = self.state
        if state.latest[run.key] is run:
            state.counts[run.status] -= 1
            state.counts[status] += 1
        run.status = status

    def moves(self, run: TaskRun, happening: str) -> None:
        """The action of a task run has become something."""
        row = TASK.get((run.status, happening))
        if row is not None and row[0] is not None:
            self.set_status(run, row[0])

    def take(self, run: TaskRun, edge: Edge) -> None:
        """A task run leads along an edge."""
        first = edge.join and not run.taken & edge.join
        if first and self.state.latest[run.key] is run:
            self.state.arrived[edge.target, run.route] += 1
        run.taken |= edge.bit

    # -- staging ---------------------------------------------------------------------------------

    def stage(self, task: str, route: int, context: Context, previous: dict[str, int]) -> Staged:
        """Put a task where it may run next; it is not ready yet."""
        key, state = (task, route), self.state
        if key in state.staged:
            self.unstage(key)
        staged = state.staged[key] = Staged(key, context, previous, state.numbers)
        state.numbers += 1
        return staged

    def unstage(self, key: Key) -> None:
        """A task that is staged no more."""
        state = self.state
        staged = state.staged.pop(key, None)
        if staged is not None:
            state.due.pop(key, None)
            state.remedies.discard(key)
            state.ready -= staged.ready and not staged.ended

    def set_ready(self, staged: Staged, ready: bool, ended: bool = False) -> None:
        """A staged task may run now, or may not, or is only kept."""
        now, state = ready and not ended, self.state
        state.ready += now - (staged.ready and not staged.ended)
        staged.ready, staged.ended = ready, ended
        if now:
            state.due[staged.key] = staged
        else:
            state.due.pop(staged.key, None)

    def route(self, edge: Edge, before: int) -> int:
        """The route along which an edge leads that splits: one of its own, unless it is on that already."""
        routes = self.state.routes
        if edge.came in routes[before]:
            return before
        routes.append([*routes[before], edge.came])
        return len(routes) - 1


def _left(items: Items) -> bool:
    return any(items.counts[status] for status in items.counts if status not in COMPLETED)


def _error_key(entry: dict[str, Any]) -> str:
    return json.dumps(entry, sort_keys=True, default=str)
