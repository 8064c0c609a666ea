"""`st2c run --until TASK`: runs up to a task and shows what it would begin with; `--mock-all` runs nothing real."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2lang.commands.terminal import printable
from st2lang.suggest import did_you_mean
from st2runtime.engines.stand_ins import Mocked, example
from st2runtime.engines.until import Until

if TYPE_CHECKING:
    from st2runtime.actions.runnable import Runnable
    from st2runtime.commands.run_session import Outcome
    from st2runtime.commands.run_setup import Session
    from st2runtime.engines.options import StandIns
    from st2runtime.rehearsal.case import Mock

REACHED, NOT_REACHED = 0, 1


def with_samples(runnable: Runnable, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, those that are required and not given with a sample of their type."""
    found = dict(given)
    for name, parameter in runnable.parameters.items():
        if parameter.must_be_given and name not in found:
            sample = parameter.enum[0] if parameter.enum else example(name, parameter.schema)
            found[name] = "" if sample is None else sample
    return found


def stand_ins_of(session: Session) -> StandIns | None:
    """What stands in for actions, and what stops at a task. Raises `UsageError` for one that there is not."""
    args = session.args
    mocked = None
    if args.dry_run or args.mock_all or session.mocks:
        mocks = (*session.mocks, *_recorded(session)) if args.mock_all else session.mocks
        mocked = Mocked(mocks, guess=args.dry_run or args.mock_all)
    if not args.until:
        return mocked
    workflow = session.target.workflow
    if workflow is None:
        raise UsageError(f"--until: `{session.target.runnable.ref}` is no workflow")
    tasks = workflow.graph.tasks
    if args.until not in tasks:
        raise UsageError(
            f"--until: there is no task `{args.until}`{did_you_mean(args.until, tasks)}"
        )
    return Until(args.until, mocked)


def _recorded(session: Session) -> Iterator[Mock]:
    """What tasks without a mock of their own gave in the last run that is kept."""
    args, workflow = session.args, session.target.workflow
    source = workflow.source.path if workflow is not None else ""
    if args.no_store or not os.path.isfile(source):
        return
    from st2runtime.commands.run_recorded import recorded

    own = {mock.task for mock in session.mocks}
    for mock in recorded(args.store, source, session.secrets):
        if mock.task not in own:
            yield mock


def print_result(session: Session, outcome: Outcome) -> int:
    """Print what the task would begin with, secrets masked; gives the exit code."""
    until = session.stand_ins
    assert isinstance(until, Until)
    found = _found(session, outcome, until)
    shown = session.secrets.data(found)
    if session.args.format == "json":
        from st2runtime.rehearsal.data import native

        print(json.dumps(native(shown), ensure_ascii=False, indent=2))
    else:
        sys.stdout.writelines(line.rstrip() + "\n" for line in _lines(shown))
    return REACHED if found["reached"] else NOT_REACHED


def _found(session: Session, outcome: Outcome, until: Until) -> dict[str, Any]:
    run = next((r for r in reversed(outcome.root.runs) if r.task == until.task), None)
    earlier = [r for r in outcome.root.runs if r is not run]
    found: dict[str, Any] = {
        "task": until.task,
        "reached": run is not None,
        "status": outcome.status if run is None else "reached",
        "ran": [{"task_id": r.task, "status": r.status, "result": r.result} for r in earlier],
        "errors": [dict(error) for error in outcome.root.errors] if run is None else [],
    }
    workflow = session.target.workflow
    place = workflow.graph.tasks[until.task].place if workflow is not None else None
    if place is not None:
        found["line"] = place.line
    if run is not None:
        context = {name: run.context[name] for name in run.context if not name.startswith("__")}
        found |= {"route": run.route, "context": context}
        found |= until.reached or {"action": None, "input": {}, "item": None}
    return found


def _lines(found: Mapping[str, Any]) -> list[str]:
    """What was found, for people."""
    from st2runtime.commands.run_failures import yaml_lines

    line = f" (line {found['line']})" if "line" in found else ""
    ran = ", ".join(f"{one['task_id']} {one['status']}" for one in found["ran"])
    if not found["reached"]:
        lines = [f"`{found['task']}`{line} is not reached: it ends as {found['status']}"]
        lines += [f"ran: {ran or 'nothing'}"]
        lines += [f"error: {error.get('message')}" for error in found["errors"]]
        return [printable(one) for one in lines]
    lines = [f"Before `{found['task']}`{line}, after: {ran or 'nothing'}"]
    if found["action"]:
        lines.append(f"action: {found['action']}")
    lines = [printable(one) for one in lines]
    for name in ("input", "context"):
        lines += ["", f"{name}:", *(f"  {text}" for text in yaml_lines(found[name]))]
    return lines
