"""Begins an ended execution again: at the task runs that failed, or at those that are named.

Specified by `request_workflow_rerun` of `orquesta/conducting.py`.
"""

from __future__ import annotations

from st2runtime.conducting.machine import Machine
from st2runtime.conducting.state import Key, State, TaskRun
from st2runtime.conducting.transitions import ABENDED
from st2runtime.events import RerunTask


def problem(state: State, machine: Machine, tasks: tuple[RerunTask, ...]) -> str | None:
    """Why these cannot be run again; None when they can."""
    for one in tasks:
        if (one.task, one.route) not in state.latest:
            routes = sorted(route for task, route in state.latest if task == one.task)
            if not routes:
                return f"the task `{one.task}` has not run"
            there = ", ".join(map(str, routes))
            return f"the task `{one.task}` has not run on route {one.route}, but on {there}"
        if machine.plan.steps[one.task].command:
            return f"`{one.task}` is an engine command, it cannot be run again"
    if not tasks and not _failed(state, machine) and not state.due:
        return "no task has failed that could be run again; name the tasks to run"
    return None


def rerun(state: State, machine: Machine, tasks: tuple[RerunTask, ...]) -> None:
    """Stage the tasks again. The execution is `resuming` afterwards."""
    wanted = {(one.task, one.route): one for one in tasks}
    if wanted:
        chosen = [state.latest[key] for key in _collapsed(state, list(wanted))]
    else:
        chosen = list({run.key: run for run in _failed(state, machine)}.values())
    for run in sorted(chosen, key=lambda run: run.key):
        one = wanted.get(run.key)
        _again(state, machine, run, one is not None and one.reset_items)
    for run in state.terminals():
        if run.taken:
            run.terminal = False
    state.output, state.told = None, None
    state.status = "resuming"


def _failed(state: State, machine: Machine) -> list[TaskRun]:
    return [
        run
        for run in state.terminals()
        if run.status in ABENDED and not machine.plan.steps[run.task].command
    ]


def _again(state: State, machine: Machine, run: TaskRun, reset_items: bool) -> None:
    """Stage one task again. Of a task with items only those that failed run, unless all are reset."""
    key = run.key
    machine.forget_errors(run.task)
    run.terminal = False
    staged = state.staged.get(key)
    if staged is not None and staged.items is not None:
        staged.items.reset(reset_items)
        if not staged.items.waiting:
            staged.items.reset(True)
    else:
        staged = machine.stage(*key, run.context, dict(run.previous))
        if machine.plan.steps[run.task].task.items is None:
            machine.add(staged)
    machine.set_ready(staged, True)
    for one in _followers(state, key):
        one.terminal = False


def _followers(state: State, key: Key) -> list[TaskRun]:
    """The latest run of a task, and all runs that any run of it has led to."""
    found = [state.latest[key]]
    for run in state.runs:
        before = (state.runs[seq] for seq in run.previous.values())
        if any((one.task, one.route) == key for one in before):
            found.append(run)
    return found


def _collapsed(state: State, wanted: list[Key]) -> list[Key]:
    """Without those that are run again anyway when the others are."""
    if len(wanted) == 1:
        return wanted
    reach = {key: {run.seq for run in _followers(state, key)} for key in wanted}
    return [key for key in wanted if any(reach[key] - reach[other] for other in wanted)]
