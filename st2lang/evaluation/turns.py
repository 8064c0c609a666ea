"""Bounds for texts that come out of expressions and are evaluated in their turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from st2lang.functions.failure import EvaluationError, shortened
from st2lang.functions.values import Run
from st2lang.source import Span

DEPTH = 50
"""How often texts that come out of expressions are evaluated again before it is called endless."""

_COST = 500
"""Steps that a text evaluated again counts for."""


def nested(evaluate: Callable[[str, Run], Any], text: str, run: Run) -> Any:
    """A text that an expression has given, evaluated. Raises `EvaluationError` when it has no end."""
    if run.depth >= DEPTH:
        message = "the expression gives text with expressions over and over again"
        raise expression_error(message, "limit", text)
    run.step(_COST)
    run.depth += 1
    try:
        return evaluate(text, run)
    finally:
        run.depth -= 1


def shown(value: Any, expression: str) -> str:
    """A value as it is put into a text. Raises `EvaluationError` for a number that is too long."""
    if isinstance(value, str):
        return value
    try:
        return str(value)
    except Exception as error:
        message = f"the value cannot be put into a text: {shortened(str(error))}"
        raise expression_error(message, "value", expression) from error


def expression_error(message: str, kind: str, expression: str) -> EvaluationError:
    """An error of a whole expression."""
    error = EvaluationError(message, kind, Span(0, len(expression)))
    error.expression = expression
    return error
