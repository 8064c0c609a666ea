"""What Orquesta's expressions see: variables, the task that they belong to, and what other tasks have become.

Follows `orquesta/expressions/functions/workflow.py`; `task()` is StackStorm's (`orquesta_functions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from st2lang.evaluation import Outside, Scope
from st2runtime.conducting.context import Context
from st2runtime.conducting.state import State, TaskRun
from st2runtime.conducting.transitions import COMPLETED


class Sight:
    """Makes the scopes of expressions over a state."""

    def __init__(self, state: State, outside: Outside, rehearsal: bool) -> None:
        self.state, self.outside, self.rehearsal = state, outside, rehearsal
        self._looks = self._status, self._find
        self._before: dict[int, int | None] = {}

    def scope(self, variables: Mapping[str, Any], task: Mapping[str, Any] | None = None) -> Scope:
        """With these variables; `task` has the `id`, `route` and perhaps the `result` of a task run."""
        status, find = self._looks
        return Scope(variables, task, None, status, find, self.outside)

    def of_run(self, run: TaskRun) -> Scope:
        """Of a task run that has ended."""
        task = {"id": run.task, "route": run.route, "result": run.result}
        return self.scope(run.context, task)

    def _latest(self, task: str, route: int) -> TaskRun | None:
        """The run of a task on a route, or on the longest of those that the route comes from."""
        at: int | None = route
        while at is not None:
            found = self.state.latest.get((task, at))
            if found is not None:
                return found
            at = self._earlier(at)
        return None

    def _earlier(self, route: int) -> int | None:
        routes = self.state.routes
        if not 0 < route < len(routes):
            return None
        if route not in self._before:
            own = set(routes[route])
            found = (at for at in range(route - 1, -1, -1) if own.issuperset(routes[at]))
            self._before[route] = next(found, None)
        return self._before[route]

    def _status(self, task: str, route: int) -> str | None:
        run = self.state.latest.get((task, route)) or self._latest(task, route)
        return None if run is None else run.status

    def _find(self, task: str, route: int) -> Mapping[str, Any] | None:
        run = self._latest(task, route)
        if run is None:
            return None
        return {
            "task_name": run.task,
            "task_id": run.task,
            "route": run.route,
            "result": self._told(run),
            "status": run.status,
        }

    def _told(self, run: TaskRun) -> Any:
        """A result as `task()` tells it: StackStorm has items with their statuses."""
        if self.rehearsal or run.items is None or not len(run.items):
            return run.result
        pairs = zip(run.items.statuses, run.items.results, strict=True)
        return {
            "items": [
                {"status": status, "result": result} if status in COMPLETED else None
                for status, result in pairs
            ]
        }


class Rolling(Mapping[str, Any]):
    """A context with values on top of it, some of which may come to be while it is in use."""

    __slots__ = ("above", "below")

    def __init__(self, below: Context, above: dict[str, Any]) -> None:
        self.below, self.above = below, above

    def __getitem__(self, name: str) -> Any:
        return self.above[name] if name in self.above else self.below[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.below
        yield from (name for name in self.above if name not in self.below)

    def __len__(self) -> int:
        return sum(1 for _ in self)
