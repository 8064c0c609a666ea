"""What became of one case file: passed, failed with differences, or unusable with problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.problem import Problem
from st2lang.record import record
from st2lang.source import Source
from st2runtime.rehearsal.case import Actual
from st2runtime.rehearsal.compare import Failure


@record
class Trouble:
    """Problems of one file: the case itself, or its workflow. `path` is as shown."""

    path: str
    source: Source
    problems: tuple[Problem, ...]


@record
class Outcome:
    """One case file. `file` is its path as shown, `actual` None when nothing was run.

    `workflow` is the path of the workflow (absolute; None when there is none to count coverage for),
    `blessed` says that the file was rewritten.
    """

    file: str
    failures: tuple[Failure, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    actual: Actual | None = None
    workflow: str | None = None
    seconds: float = 0.0
    blessed: bool = False

    @property
    def passed(self) -> bool:
        """Whether all is as the case expects it."""
        return not self.failures and not self.troubles


def report(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON data."""
    return {
        "file": outcome.file,
        "passed": outcome.passed,
        "failures": [
            *(
                _problem(trouble, problem)
                for trouble in outcome.troubles
                for problem in trouble.problems
            ),
            *(_failure(failure) for failure in outcome.failures),
        ],
        "actual": None if outcome.actual is None else actual_data(outcome.actual),
    }


def actual_data(actual: Actual) -> dict[str, Any]:
    """What has come of a workflow as JSON data."""
    return {
        "task_sequence": list(actual.task_sequence),
        "routes": [list(route) for route in actual.routes],
        "workflow_status": actual.workflow_status,
        "output": actual.output,
        "errors": [dict(error) for error in actual.errors],
        "term_tasks": list(actual.term_tasks),
        "requests": [
            {
                "task_id": one.task_id,
                "route": one.route,
                "item_id": one.item_id,
                "action": one.action,
                "input": one.input,
                "delay": one.delay,
            }
            for one in actual.requests
        ],
    }


def _failure(failure: Failure) -> Mapping[str, Any]:
    return {
        "what": failure.what,
        "message": failure.message,
        "expected": failure.expected,
        "actual": failure.actual,
    }


def _problem(trouble: Trouble, problem: Problem) -> Mapping[str, Any]:
    start = trouble.source.position(problem.span.start)
    return {
        "what": problem.check,
        "message": problem.message,
        "file": trouble.path,
        "line": start.line,
        "column": start.column,
    }
