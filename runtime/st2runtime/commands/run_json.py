"""The end of a run as JSON: its status, output and errors, and every task with what went in and came out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2runtime.display.runs import Run, runs_of
from st2runtime.engines.results import of_refused_workflow, timestamp
from st2runtime.engines.steps import Step

if TYPE_CHECKING:
    from st2runtime.commands.run_session import Outcome
    from st2runtime.commands.run_setup import Session


def print_result(session: Session, outcome: Outcome) -> None:
    """Print the result, secrets masked."""
    root = outcome.root
    found = {
        "id": root.id,
        "action": root.action,
        "status": outcome.status,
        "parameters": _masked_parameters(session, root),
        "result": root.result,
        **workflow_data(root),
        **times_data(root),
    }
    if session.args.dry_run:
        found["dry_run"] = True
    print_data(session.secrets.data(found))


def print_refused(session: Session) -> None:
    """Print the result of a workflow that was not run: as StackStorm's inspection gives it."""
    runnable = session.target.runnable
    result = of_refused_workflow(session.errors)
    print_data(
        {"action": runnable.ref, "status": "failed", "result": result, **result, "tasks": []}
    )


def print_data(found: Any) -> None:
    """Print data as JSON."""
    from st2runtime.rehearsal.data import native

    sys.stdout.write(json.dumps(native(found), ensure_ascii=False, indent=2) + "\n")


def _masked_parameters(session: Session, step: Step) -> Mapping[str, Any]:
    from st2runtime.actions.secrets import MASK

    runnable = session.target.runnable
    parameters = runnable.parameters
    return {
        name: MASK if name in parameters and parameters[name].secret and value else value
        for name, value in step.parameters.items()
        if name in session.given or (name in runnable.own and not runnable.loose)
    }


def workflow_data(step: Step) -> dict[str, Any]:
    """What only workflows have: output, errors, and the runs of tasks."""
    if step.graph is None:
        return {}
    errors = [dict(error) for error in step.errors]
    tasks = [_run(run) for run in runs_of(step)]
    return {"output": step.output, "errors": errors, "tasks": tasks}


def _run(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = {
        "task_id": run.task,
        "route": run.route,
        "action": run.action or None,
        "status": run.status,
    }
    if run.place is not None:
        found["line"] = run.place.line
    if run.tries > 1:
        found["tries"] = run.tries
    if run.itemised:
        found["items"] = [{"item_id": step.item, **_action(step)} for step in run.last]
    elif run.steps:
        found |= _action(run.last[0])
    begin = min((s.began for s in run.steps if s.began is not None), default=None)
    end = max((s.finished for s in run.steps if s.finished is not None), default=None)
    if run.next:
        found["next"] = [{"transition": i, "to": list(to)} for i, to in run.next.items()]
    return {
        **found,
        "result": run.result,
        "published": run.published or {},
        "start_timestamp": timestamp(begin),
        "end_timestamp": timestamp(end),
    }


def _action(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": step.id,
        "status": step.status,
        "input": step.input,
        "result": step.result,
    }
    if step.error:
        found["error"] = step.error
    if step.note:
        found[step.note] = True
    return {**found, **workflow_data(step), **times_data(step)}


def times_data(step: Step) -> dict[str, Any]:
    """When a step began and ended."""
    return {
        "start_timestamp": timestamp(step.began),
        "end_timestamp": timestamp(step.finished),
    }
