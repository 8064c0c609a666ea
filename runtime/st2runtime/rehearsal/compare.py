"""What differs between what should have come of a workflow and what has.

Follows `assert_conducting_sequence` of `orquesta/rehearsing.py`, with these liberties: messages and
results of errors are compared where the case gives them, for their words are ours; of a chain's output
only the parts that the case gives are compared; 1 is not true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from st2lang.record import record
from st2runtime.rehearsal.case import Actual, Case, full_name
from st2runtime.rehearsal.data import native, same


@record
class Failure:
    """One thing that is not as it should be.

    `what` is the key of the case that it is about, `message` one line. `expected` and `actual` are what
    is compared, where that says more than the message.
    """

    what: str
    message: str
    expected: Any = None
    actual: Any = None


def compare(case: Case, actual: Actual, *, chain: bool) -> tuple[Failure, ...]:
    """The failures of a case, in the order in which its format lists the keys."""
    return tuple(_differences(case, actual, chain))


def _differences(case: Case, actual: Actual, chain: bool) -> Iterator[Failure]:
    expected = case.expected
    for complaint in actual.complaints:
        yield Failure("mock_action_executions", complaint)
    sequence = list(actual.task_sequence)
    if expected.task_sequence is None:
        message = "the case does not say which tasks should run; --bless records it"
        yield Failure("expected_task_sequence", message, None, sequence)
    elif [full_name(name) for name in expected.task_sequence] != sequence:
        wanted = [full_name(name) for name in expected.task_sequence]
        message = _sequence_message(wanted, sequence)
        yield Failure("expected_task_sequence", message, wanted, sequence)
    if not chain and not same(expected.routes, actual.routes):
        message = "the workflow took other routes"
        yield Failure("expected_routes", message, native(expected.routes), native(actual.routes))
    if expected.status != actual.workflow_status:
        message = f"the workflow is `{actual.workflow_status}`, not `{expected.status}`"
        yield Failure("expected_workflow_status", message, expected.status, actual.workflow_status)
    if expected.errors is not None and not same_errors(expected.errors, actual.errors):
        message = "other errors were logged"
        wanted_errors, found = _shown_errors(expected.errors, actual.errors)
        yield Failure("expected_errors", message, wanted_errors, found)
    if expected.output is not None:
        yield from _output(expected.output, actual.output, chain)
    if expected.term_tasks is not None and not chain:
        wanted, ended = sorted(map(full_name, expected.term_tasks)), sorted(actual.term_tasks)
        if wanted != ended:
            message = "the branches of the workflow ended elsewhere"
            yield Failure("expected_term_tasks", message, wanted, ended)


def _sequence_message(wanted: list[str], found: list[str]) -> str:
    """Where the sequences part, in one line."""
    for at, (left, right) in enumerate(zip(wanted, found, strict=False)):
        if left != right:
            return f"task {at + 1} to run should have been `{left}`, but was `{right}`"
    if len(wanted) > len(found):
        missed = f"`{wanted[len(found)]}` should have run"
        return f"{missed} after `{found[-1]}`" if found else f"{missed}, but nothing ran"
    surplus = f"`{found[len(wanted)]}` ran, and nothing should have"
    return f"{surplus} after `{wanted[-1]}`" if wanted else surplus


def _output(expected: Mapping[str, Any], actual: Any, chain: bool) -> Iterator[Failure]:
    compared = actual
    if chain and isinstance(actual, Mapping):
        compared = {key: actual.get(key) for key in expected}
    if same(expected, compared or {}) and (expected or not compared):
        return
    message = "the workflow has no output" if compared is None else "the output is another"
    yield Failure("expected_output", message, native(expected), native(compared))


_PLACE = ("type", "task_id", "route", "task_transition_id")
_ONLY_WHEN_GIVEN = ("message", "result", "data")


def same_errors(expected: tuple[Any, ...], actual: tuple[Any, ...]) -> bool:
    """Whether errors are of the same kind and place, and the same in what is expected of them."""
    return len(expected) == len(actual) and all(map(_same_error, expected, actual))


def _same_error(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> bool:
    return all(same(expected.get(key), actual.get(key)) for key in _PLACE) and all(
        same(expected[key], actual.get(key)) for key in _ONLY_WHEN_GIVEN if key in expected
    )


def _shown_errors(expected: tuple[Any, ...], actual: tuple[Any, ...]) -> tuple[Any, Any]:
    """The errors without those parts of the actual ones that the expected ones do not give."""
    given = {key for error in expected for key in error}
    hidden = set(_ONLY_WHEN_GIVEN[1:]) - given
    return native(expected), [
        {key: native(part) for key, part in error.items() if key not in hidden} for error in actual
    ]
