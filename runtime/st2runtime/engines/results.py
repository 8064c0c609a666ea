"""Results as StackStorm writes them: of workflows, of actions that could not be run.

Specified by `handle_workflow_return_value` of the Orquesta runner, `update_execution_records` in
`services/workflows.py`, and `_format_action_exec_result` of the ActionChain runner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from st2lang.problem import Problem, format_path
from st2runtime.engines.steps import BAD, FINAL, Step
from st2runtime.requests import Complete

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution


def of_workflow(execution: Execution, done: Complete) -> dict[str, Any]:
    """The result of a workflow's action execution."""
    if not execution.graph.orquesta:
        return _of_chain(execution.step, done)
    result: dict[str, Any] = {"output": done.output or None}
    if done.status in BAD:
        result["errors"] = [dict(error) for error in done.errors]
    return result


def _of_chain(step: Step, done: Complete) -> dict[str, Any]:
    """What the conductor knows of the tasks, with ids and times, which only the engine knows."""
    output = dict(done.output) if isinstance(done.output, Mapping) else {}
    steps = {child.seq: child for child in step.children}
    ended = (steps.get(run.seq) for run in step.runs if run.status in FINAL)
    tasks: Sequence[Mapping[str, Any]] = output.get("tasks") or ()
    output["tasks"] = [_chain_task(*pair) for pair in zip(tasks, ended, strict=False)]
    return output


def _chain_task(task: Mapping[str, Any], step: Step | None) -> dict[str, Any]:
    found: dict[str, Any] = {"id": task.get("name"), "name": task.get("name"), "workflow": None}
    if step is not None:
        times = {"created_at": timestamp(step.began), "updated_at": timestamp(step.finished)}
        found |= {"execution_id": step.id, "liveaction_id": step.id, **times}
    return {**found, **task}


def timestamp(seconds: float | None) -> str | None:
    """A time as StackStorm writes it: ISO 8601 in UTC with microseconds."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def failure(message: str, kind: str = "") -> dict[str, Any]:
    """The result of an action that has failed before it ran."""
    return {"error": f"{kind}: {message}" if kind else message, "traceback": ""}


class RefusedError(Exception):
    """A workflow cannot be run; `result` is that of its action execution."""

    def __init__(self, message: str, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(message)
        self.result = {"output": None, "errors": list(errors)}


def of_refused_workflow(problems: Sequence[Problem]) -> dict[str, Any]:
    """The result of a workflow that is not run because the checks find errors in it."""
    return {"output": None, "errors": [inspected(problem) for problem in problems]}


def inspected(problem: Problem) -> dict[str, Any]:
    """A finding of the checks in the form of Orquesta's inspection."""
    error = {"type": "inspection", "check": problem.check, "message": problem.message}
    return {**error, "spec_path": format_path(problem.path)} if problem.path else error
