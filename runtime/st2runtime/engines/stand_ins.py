"""Results that are given instead of running anything: mocks from a file, guesses of a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from st2lang.catalog import builtin
from st2lang.catalog.models import Data, mapping, types_of
from st2runtime.engines.prepare import Prepared
from st2runtime.engines.results import failure
from st2runtime.rehearsal.case import Mock
from st2runtime.runners.base import Outcome

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution
    from st2runtime.engines.steps import Step


class Mocked:
    """The mocks of a run. Those of tasks are for the workflow that is run, those of actions for any depth.

    Mocks are used up in their order, as in rehearsals; the last one that fits goes on being used, so that
    a task with a mock is never run for real. With `guess` nothing is: what has no mock succeeds with a
    result of the shape that its runner gives.
    """

    def __init__(self, mocks: Sequence[Mock], guess: bool = False) -> None:
        self._guess = guess
        self._left: list[list[Any]] = [[mock, mock.times] for mock in mocks]

    def before(self, step: Step, execution: Execution | None) -> Outcome | None:
        """The mock for a task, or for an action by its reference."""
        if execution is None:
            return None
        position = len(execution.conductor.sequence)
        top = execution.parent is None
        mock = self._take(step, position, lambda one: top and one.task == step.task)
        mock = mock or self._take(
            step, position, lambda one: one.task is None and one.action == step.action
        )
        if mock is None:
            return None
        step.mocked, step.note = True, "mocked"
        return _given(mock, step)

    def took_up(self, root: Step) -> None:
        """Go on with a run in which some have been used up already."""
        for step in root.walk():
            if step.mock is not None and step.mock < len(self._left):
                self._left[step.mock][1] -= 1

    def instead(self, step: Step, prepared: Prepared) -> Outcome | None:
        """In a dry run, a guess for whatever is no workflow."""
        if not self._guess or prepared.runnable.is_workflow:
            return None
        step.guessed, step.note = True, "guessed"
        return Outcome("succeeded", guess(prepared))

    def _take(self, step: Step, position: int, meant: Any) -> Mock | None:
        fitting = [
            number
            for number, (mock, _) in enumerate(self._left)
            if meant(mock) and _fits(mock, step, position)
        ]
        if not fitting:
            return None
        step.mock = next((number for number in fitting if self._left[number][1] > 0), fitting[-1])
        chosen = self._left[step.mock]
        chosen[1] -= 1
        found: Mock = chosen[0]
        return found


def _fits(mock: Mock, step: Step, position: int) -> bool:
    return (
        mock.route in (None, step.route)
        and mock.item in (None, step.item)
        and mock.seq in (None, position)
    )


def _given(mock: Mock, step: Step) -> Outcome:
    if not mock.expression:
        return Outcome(mock.status, mock.result)
    from st2lang.evaluation import EvaluationError, Scope, render

    variables = {
        "input": step.input,
        "action": step.action,
        "task": step.task,
        "route": step.route,
        "attempt": step.attempt,
        "item": step.item,
    }
    try:
        return Outcome(mock.status, render(mock.result, Scope(variables, item=step.item)))
    except EvaluationError as error:
        return Outcome("failed", failure(f"the mocked result has no value: {error}"))


def guess(prepared: Prepared) -> Any:
    """A result of the shape that an action has when it succeeds, as far as its metadata tells."""
    runnable = prepared.runnable
    runner = builtin.runner(runnable.runner)
    if runner is None or not runner.output_schema:
        return None
    found = {
        name: example(name, mapping(schema))
        for name, schema in mapping(runner.output_schema.get("properties")).items()
    }
    if runner.output_key and runnable.output_schema:
        found[runner.output_key] = example(runner.output_key, runnable.output_schema)
    if not runner.keyed_by:
        return found
    hosts = str(prepared.parameters.get("hosts") or "localhost")
    return {host.strip(): found for host in hosts.split(",")}


def example(name: str, schema: Data) -> Any:
    """The plainest value of a type; an action that succeeds has not failed."""
    properties = mapping(schema.get("properties"))
    if properties:
        return {key: example(key, mapping(part)) for key, part in properties.items()}
    kinds = types_of(schema)
    plain: Mapping[str, Any] = {
        "string": "",
        "boolean": name != "failed",
        "integer": 0,
        "number": 0,
        "array": [],
        "object": {},
    }
    return next(
        (plain[kind] for kind in ("string", *kinds) if kind in kinds and kind in plain), None
    )
