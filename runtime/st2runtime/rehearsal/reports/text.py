"""Rehearsals as people read them: what failed and in which way, then one line about all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from st2lang.commands.formats.excerpt import excerpt
from st2lang.commands.terminal import Paint, printable
from st2runtime.rehearsal import diffs
from st2runtime.rehearsal.compare import Failure
from st2runtime.rehearsal.outcome import Outcome, Trouble

_SEQUENCES = frozenset(("expected_task_sequence", "expected_term_tasks"))

_ERRORS = 5
_TOLD = frozenset(("expected_workflow_status", "expected_inspection_errors"))
"""What the message has said already."""


def case(outcome: Outcome, paint: Paint, *, verbose: bool = False) -> Iterator[str]:
    """The lines about one case; none for one that passed, unless `verbose`."""
    if outcome.blessed:
        yield f"{paint('info', 'recorded')} {printable(outcome.file)}"
    elif outcome.passed and verbose:
        yield f"{paint('added', 'passed')} {printable(outcome.file)} ({outcome.seconds:.2f} s)"
    if outcome.passed:
        return
    yield f"{paint('error', 'FAILED')} {paint('place', printable(outcome.file))}"
    for trouble in outcome.troubles:
        yield from _trouble(trouble, paint)
    for failure in outcome.failures:
        yield from ("  " + line for line in _failure(failure, paint))
        if failure.what == "expected_workflow_status" and outcome.actual is not None:
            yield from _errors(outcome.actual.errors)
    yield ""


def _failure(failure: Failure, paint: Paint) -> Iterator[str]:
    yield f"{paint('place', failure.what)}: {printable(failure.message)}"
    if failure.expected is None and failure.actual is None:
        return
    if failure.what in _SEQUENCES:
        shown = diffs.columns(failure.expected or [], failure.actual, paint)
    elif failure.what in _TOLD:
        return
    else:
        shown = diffs.lines(failure.expected, failure.actual, paint)
    yield from ("  " + line for line in shown)


def _errors(errors: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Why a workflow has another status, as far as its errors tell."""
    for error in errors[:_ERRORS]:
        where = error.get("task_id")
        place = f"{printable(str(where))}: " if where else ""
        message = " ".join(map(printable, str(error.get("message", "")).splitlines()))
        yield f"    {place}{message}"
    if len(errors) > _ERRORS:
        yield f"    … and {len(errors) - _ERRORS} more errors"


def _trouble(trouble: Trouble, paint: Paint) -> Iterator[str]:
    """The problems of a file, each with its line underlined."""
    for problem in trouble.problems:
        start = trouble.source.position(problem.span.start)
        where = f"{printable(trouble.path)}:{start.line}:{start.column}:"
        message = " ".join(map(printable, problem.message.splitlines()))
        style = problem.severity.value
        yield f"  {paint('place', where)} {paint(style, style)}: {message}"
        width = len(str(trouble.source.position(max(problem.span)).line))
        if trouble.source.text:
            for line in excerpt(trouble.source, problem.span, paint, style, "^", width):
                yield "  " + line
        for line in problem.help.splitlines():
            yield f"  {' ' * width} {paint('frame', '=')} {paint('place', 'help')}: {printable(line)}"


def summary(outcomes: Sequence[Outcome], seconds: float, paint: Paint) -> str:
    """How many passed and failed, in how much time."""
    failed = sum(not outcome.passed for outcome in outcomes)
    recorded = sum(outcome.blessed for outcome in outcomes)
    passed = len(outcomes) - failed - recorded
    parts = [paint("error", f"{failed} failed")] if failed else []
    parts += [paint("info", f"{recorded} recorded")] if recorded else []
    parts += [paint("added", f"{passed} passed")] if passed or not parts else []
    return f"{', '.join(parts)} in {seconds:.2f} s"
