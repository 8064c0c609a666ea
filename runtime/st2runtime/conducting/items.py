"""The items of a task run: what becomes of each, and of the task by all of them.

Follows `TaskStateMachine` of `orquesta/machines.py`, where it looks at items, and what `update_task_state` of
`orquesta/conducting.py` keeps of them.
"""

from __future__ import annotations

from typing import Any

from st2runtime.conducting.machine import FAILED, Machine
from st2runtime.conducting.state import Flight, Items, TaskRun
from st2runtime.conducting.transitions import ABENDED, COMPLETED, ITEMS, after


class ItemRuns:
    """Keeps what has become of items. `rehearsal`: see `Conductor`."""

    def __init__(self, machine: Machine, rehearsal: bool) -> None:
        self.machine, self.rehearsal = machine, rehearsal
        self.state = machine.state

    def becomes(
        self, run: TaskRun, items: Items, index: int, status: str, result: Any
    ) -> list[Any] | None:
        """An item has become something, and its task perhaps with it: then the results of all items."""
        items.set(index, status)
        if status in COMPLETED:
            items.results[index] = result
        if status == "failed":
            self.machine.log(FAILED, run.task, result=result)
        if status == "running":
            self.machine.moves(run, "running")
        else:
            found = after(ITEMS, run.status, status, items.situation(status))
            if found is not None:
                self.machine.set_status(run, found)
        staged = self.state.staged.get(run.key)
        if staged is not None and staged.items is items and items.waiting and not staged.ended:
            self.state.due[run.key] = staged
        return self._results(items) if run.status in COMPLETED else None

    def _results(self, items: Items) -> list[Any]:
        """The results of items, null for those that have not run (a rehearsal ends with the last that has)."""
        if not self.rehearsal:
            return list(items.results)
        done = [i for i, status in enumerate(items.statuses) if status in COMPLETED]
        return items.results[: done[-1] + 1] if done else []

    def put_away(self, run: TaskRun, items: Items) -> None:
        """A task that has failed stays staged, for a rerun; its other actions do not count any more."""
        staged = self.state.staged.get(run.key)
        if staged is None or staged.items is not items:
            return
        if run.status in ABENDED:
            self.machine.set_ready(staged, staged.ready, ended=True)
        else:
            self.machine.unstage(run.key)
        if items.resting or (self.rehearsal and items.flying):
            self._void(run)

    def _void(self, run: TaskRun) -> None:
        """The actions of a task run that has ended without them."""
        for flight in [one for one in self.state.flights.values() if one.run is run]:
            if self.rehearsal:
                del self.state.flights[flight.id]
            else:
                flight.void = True

    def lost(self, flight: Flight, status: str, result: Any) -> None:
        """What becomes of an item whose task has ended without it: a rerun has to know."""
        run = flight.run
        if run.items is None or flight.item is None or flight.id != f"{run.name}.{flight.item}":
            return
        run.items.set(flight.item, status)
        if status in COMPLETED:
            run.items.results[flight.item] = result

    def withdraw(self) -> None:
        """In a rehearsal, items that have not begun do not begin once nothing starts any more."""
        for flight in list(self.state.flights.values()):
            items, key = flight.run.items, flight.run.key
            kept = key in self.state.remedies
            begun = flight.phase not in ("asked", "waiting")
            if flight.item is None or begun or items is None or kept:
                continue
            del self.state.flights[flight.id]
            items.take_back(flight.item)
            staged = self.state.staged.get(key)
            if staged is not None and staged.items is items and not staged.ended:
                self.state.due[key] = staged
