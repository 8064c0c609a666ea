"""Starts task runs, ends them, tries them again: what a step of a workflow consists of.

Follows `get_next_tasks` and `update_task_state` of `orquesta/conducting.py`, and what StackStorm's workflow
engine does around them (`st2common/services/workflows.py`): a task without an action, and one without
items, end as they begin.
"""

from __future__ import annotations

from typing import Any

from st2lang.evaluation import EvaluationError
from st2runtime.conducting.items import ItemRuns
from st2runtime.conducting.machine import FAILED, Machine
from st2runtime.conducting.semantics import RuleError, Semantics, Work
from st2runtime.conducting.state import Flight, Key, Retrying, Staged, TaskRun
from st2runtime.conducting.transitions import (
    ACTIVE,
    COMPLETED,
    RUNNING,
    UNSET,
)
from st2runtime.conducting.values import message_of
from st2runtime.requests import Request, RunAction, Wait

AT_ONCE = 100
"""After how many task runs without an action others have their turn."""

TURN = "turn"
"""The id of the wait for that."""


class Performer:
    """Performs the task runs of a machine by the rules of a language. `out` collects requests.

    `rehearsal`: see `Conductor`.
    """

    def __init__(self, machine: Machine, semantics: Semantics, rehearsal: bool) -> None:
        self.machine, self.semantics, self.rehearsal = machine, semantics, rehearsal
        self.state, self.items = machine.state, ItemRuns(machine, rehearsal)
        self.out: list[Request] = []

    # -- starting --------------------------------------------------------------------------------

    def start_ready(self) -> None:
        """Start all that is ready, until there is nothing left but to wait.

        Tasks that need no action end at once, and what follows starts: a loop of them never comes to an end.
        So after some of them it asks for a moment to pass, in which somebody may pause or cancel.
        """
        state, left = self.state, AT_ONCE
        while state.due and TURN not in state.waits:
            prepared = self._prepared(self._chosen())
            if len(prepared) > 1:
                prepared.sort(key=lambda pair: pair[0].key)
            over = []
            for staged, work in prepared:
                run = self._start(staged, work)
                if run is not None:
                    over.append(run)
            if not over:
                return
            for run in over:
                self.ended(run, "succeeded", None if run.items is None else [])
            left -= len(over)
            if left < 0 and state.due:
                state.waits[TURN] = ()
                self.out.append(Wait(TURN, over[-1].task, over[-1].route, 0))

    def _chosen(self) -> list[Staged]:
        state = self.state
        if state.status in RUNNING:
            chosen = list(state.due.values())
        elif state.status == "failed":
            chosen = [state.due[key] for key in state.remedies if key in state.due]
        else:
            return []
        if len(chosen) > 1:
            chosen.sort(key=lambda staged: staged.number)
        return chosen

    def _prepared(self, chosen: list[Staged]) -> list[tuple[Staged, Work]]:
        """What the tasks run; nothing at all when one of them cannot be rendered."""
        prepared, failed = [], False
        for staged in chosen:
            try:
                work = self.semantics.prepare(staged)
            except (EvaluationError, RuleError) as error:
                failed = True
                self.semantics.refuse(None, staged.task, staged.route, _message(error))
                continue
            if work.parts or (staged.items is not None and not len(staged.items)):
                prepared.append((staged, work))
            else:
                self.state.due.pop(staged.key, None)
        return [] if failed else prepared

    def _start(self, staged: Staged, work: Work) -> TaskRun | None:
        """Begin a task run, or go on with its items. Gives the run when there is nothing to run in it."""
        machine, key = self.machine, staged.key
        try:
            run, begins = self._run_of(staged, key)
        except (EvaluationError, RuleError) as error:
            machine.unstage(key)
            self.semantics.refuse(None, *key, _message(error))
            return None
        if staged.items is None:
            machine.unstage(key)
        else:
            self.state.due.pop(key, None)
        machine.moves(run, "running")
        machine.hears(run)
        if self.state.status in COMPLETED:
            run.terminal = True
        return self._ask(run, staged, work, begins)

    def _run_of(self, staged: Staged, key: Key) -> tuple[TaskRun, bool]:
        """The run that staged work belongs to, and whether it begins anew."""
        run, items = self.state.latest.get(key), staged.items
        step = self.machine.plan.steps[staged.task]
        if run is None or run.status in COMPLETED:
            retry = (
                None if step.retry is None else self.semantics.retrying(step, step.retry, staged)
            )
            if run is not None and items is not None and items is run.items:
                staged.items = items = items.again()
            run = self.machine.add(staged)
            run.retry = retry
        elif items is not None and items is run.items:
            return run, False
        elif run.attempt < 0 and step.retry is not None:  # a rerun has added it
            run.retry = self.semantics.retrying(step, step.retry, staged)
        run.attempt += 1
        run.items = items
        return run, True

    def _ask(self, run: TaskRun, staged: Staged, work: Work, begins: bool) -> TaskRun | None:
        """Ask for the actions, or first for the time to wait. Gives the run when there is nothing to ask."""
        name, parts = run.name, work.parts
        delay = work.delay if begins else None
        waits = delay is not None and delay > 0
        if not parts or (parts[0][1] is None and not waits and not self.rehearsal):
            return run
        asked, flights = [], self.state.flights
        for item, action, given in parts:
            own = name if item is None else f"{name}.{item}"
            flight = flights[own] = Flight(own, run, item, "asked")
            request = RunAction(own, run.task, run.route, action, given, item, run.attempt, delay)
            if waits:
                flight.phase, flight.held = "waiting", request
            asked.append(request)
        if staged.items is not None:
            staged.items.hand_out(len(asked), UNSET if self.rehearsal else "running")
        if delay is not None and waits:
            self.state.waits[name] = tuple(request.id for request in asked)
            self.out.append(Wait(name, run.task, run.route, delay))
        else:
            self.out += asked
        return None

    def fire(self, wait: str) -> None:
        """The time of a wait is over."""
        for name in self.state.waits.pop(wait):
            flight = self.state.flights.get(name)
            if flight is None or flight.held is None:  # it was withdrawn meanwhile
                continue
            request, flight.held, flight.phase = flight.held, None, "asked"
            if request.action is None and not self.rehearsal:
                del self.state.flights[name]
                self.ended(flight.run, "succeeded", None)
            else:
                self.out.append(request)

    # -- while actions run -----------------------------------------------------------------------

    def becomes(self, flight: Flight, status: str, result: Any = None) -> None:
        """An action has become something; one that has ended is under way no more."""
        if status in COMPLETED:
            del self.state.flights[flight.id]
        else:
            flight.phase = status
        if flight.void:
            self.items.lost(flight, status, result)
            return
        run = self.run_of(flight)
        if flight.item is None:
            self.ended(run, status, result)
        elif run.items is not None and flight.item < len(run.items):
            before = run.status
            results = self.items.becomes(run, run.items, flight.item, status, result)
            self._conclude(run, before, results)

    def run_of(self, flight: Flight) -> TaskRun:
        """The task run that an action counts for: the latest of its task and route.

        That is another one than it was asked for by when a loop has come by again meanwhile.
        """
        return self.state.latest[flight.run.key]

    def refused(self, flight: Flight, message: str) -> None:
        """An action cannot be started: the execution fails, and no transition takes care of that."""
        del self.state.flights[flight.id]
        if flight.void:
            self.items.lost(flight, "failed", None)
            return
        run = flight.run
        if run.items is not None and flight.item is not None:
            run.items.set(flight.item, "failed")
        self.machine.set_status(run, "failed")
        if run.items is not None:
            self.items.put_away(run, run.items)
        run.terminal = True
        self.semantics.refuse(run, run.task, run.route, message)

    def ended(self, run: TaskRun, status: str, result: Any) -> None:
        """The action of a task run has become something, ended or not."""
        if status == "failed":
            self.machine.log(FAILED, run.task, result=result)
        before = run.status
        again = self.state.staged.get(run.key)
        if again is not None and again.items is None:
            # It was reached once more while it ran: that run is lost, as in Orquesta.
            self.machine.unstage(run.key)
        run.state = status
        self.machine.moves(run, status)
        self._conclude(run, before, result)

    def _conclude(self, run: TaskRun, before: str, result: Any) -> None:
        """What follows from what a task run has become."""
        machine = self.machine
        commands: list[Key] = []
        if run.status in COMPLETED:
            run.result = result
            if run.items is not None:
                self.items.put_away(run, run.items)
            if run.retry is not None and self._retries(run, run.retry):
                return
            if run.status != before:
                commands = self.semantics.leave(run)
        machine.hears(run)
        for key in commands:
            self._command(key)
        if self.state.status in COMPLETED:
            run.terminal = True

    def _retries(self, run: TaskRun, retry: Retrying) -> bool:
        """Try a task run again if it has tries left and its rules want it."""
        machine = self.machine
        if self.state.status not in ACTIVE or run.status == "canceled":
            return False
        if retry.tally >= retry.count:
            return False
        try:
            if not self.semantics.wants_retry(run):
                return False
        except (EvaluationError, RuleError) as error:
            self.semantics.refuse(run, run.task, run.route, _message(error))
            return False
        machine.moves(run, "retry")
        retry.tally += 1
        staged = machine.stage(run.task, run.route, run.context, dict(run.previous))
        staged.retry = retry
        machine.set_ready(staged, True)
        machine.hears(run)
        run.terminal |= self.state.status in COMPLETED
        return True

    def _command(self, key: Key) -> None:
        """An engine command: a task run that has ended as it began."""
        machine = self.machine
        staged = self.state.staged.get(key)
        if staged is None:
            return
        run = machine.add(staged)
        machine.unstage(key)
        run.attempt = 0
        if run.task == "fail":
            machine.log(FAILED, run.task)
        machine.set_status(run, "failed" if run.task == "fail" else "succeeded")
        run.terminal = True
        machine.hears(run)


def _message(error: Exception) -> str:
    return message_of(error) if isinstance(error, EvaluationError) else str(error)
