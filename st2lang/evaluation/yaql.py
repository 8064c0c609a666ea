"""Evaluates YAQL: an expression is compiled when it is first met, and kept by its text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from st2lang.evaluation.code import Code
from st2lang.evaluation.compile import compile_node
from st2lang.expressions import yaql as parser
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.functions._orquesta import Scope
from st2lang.functions.failure import EvaluationError, failure
from st2lang.functions.values import ATOMS, Env, Run, freeze, thaw
from st2lang.source import Span


class Program:
    """A compiled expression."""

    __slots__ = ("raw", "run", "text")

    def __init__(self, text: str, code: Code) -> None:
        self.text, self.run, self.raw = text, code.run, code.raw

    def evaluate(self, env: Env) -> Any:
        """The value as plain data. Raises `EvaluationError` with the failing part of the text."""
        try:
            value = self.run(env)
            kind = type(value)
            if kind in ATOMS or (self.raw and (kind is dict or kind is list)):
                return value
            return thaw(value, env[None])
        except Exception as error:
            found = failure(error, "", Span(0, len(self.text)))
            found.expression = found.expression or self.text
            if found is error:
                raise
            raise found from error


@lru_cache(maxsize=4096)
def program(text: str) -> Program | EvaluationError:
    """The compiled form of an expression, or why it is none."""
    node = parser.parse(text)
    if isinstance(node, ExpressionSyntaxError):
        error = EvaluationError(node.message, "syntax", node.span)
        error.expression = text
        return error
    try:
        return Program(text, compile_node(node))
    except RecursionError:
        return EvaluationError("the expression is nested too deeply", "limit", Span(0, len(text)))


def compiled(text: str) -> Program:
    """The compiled form of an expression; raises `EvaluationError` for what is no expression."""
    found = program(text)
    if isinstance(found, EvaluationError):
        error = EvaluationError(found.message, found.kind, found.span)
        error.expression = text
        raise error
    return found


def evaluate_yaql(
    text: str,
    data: Any = None,
    scope: Scope | None = None,
    names: Mapping[str, Any] | None = None,
    sets: type = list,
) -> Any:
    """The value of a bare expression. Raises `EvaluationError`.

    `$` is the data; `names` are further variables, `{"x": 1}` for `$x`. Without a scope there is no
    workflow that `ctx()` and the like could look into. Sets in the value become what `sets` says: lists
    (the option `yaql.convertSetsToLists` of the package), or `set` as in a workflow.
    """
    try:
        env: Env = {None: Run(scope, sets), "$1": freeze(data)}
        for name, value in (names or {}).items():
            env[f"${name}"] = freeze(value)
    except RecursionError:
        raise EvaluationError("the data are nested too deeply", "limit") from None
    return compiled(text).evaluate(env)
