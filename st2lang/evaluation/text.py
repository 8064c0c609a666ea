"""Evaluates the expressions in values as Orquesta does: in texts, lists, and dicts and their keys.

Specified by `orquesta/expressions/{base,yql,jinja}.py`. A text that is one expression gives the value
of it; in other texts the values are put in the place of the expressions. A value that is text is
evaluated again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from st2lang.evaluation import yaql
from st2lang.expressions.embedded import scan
from st2lang.functions._orquesta import Scope
from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import Run
from st2lang.source import Span

DEPTH = 50
"""How often texts that come out of expressions are evaluated again before it is called endless."""

Render = Callable[[Scope, int], Any]


def render(value: Any, scope: Scope) -> Any:
    """The value with all expressions in it evaluated. Raises `EvaluationError`.

    Lists and dicts are new ones; what expressions give may be part of the scope's variables.
    """
    if isinstance(value, str):
        if "<%" in value or "{{" in value or "{%" in value:
            return _compiled(value)(scope, 0)
        return value
    if isinstance(value, dict):
        return {render(key, scope): render(part, scope) for key, part in value.items()}
    if isinstance(value, list):
        return [render(part, scope) for part in value]
    return value


@lru_cache(maxsize=8192)
def _compiled(text: str) -> Render:
    """What evaluates a text. Where both languages are in it, Jinja is the one that is evaluated."""
    if "{{" in text or "{%" in text:
        from st2lang.evaluation import jinja

        if jinja.has_expressions(text):
            return jinja.compiled(text)
    expressions = [
        (text[e.start : e.end], e.start, e.base)
        for e in scan(text).expressions
        if e.language == "yaql" and not e.inert
    ]
    return _yaql_text(text, expressions)


def again(result: str, scope: Scope, depth: int) -> Any:
    """A text that an expression has given, evaluated in its turn."""
    if "<%" not in result:
        return result
    _check_depth(result, depth)
    render = _compiled(result)
    return render(scope, depth + 1)


def _check_depth(text: str, depth: int) -> None:
    if depth >= DEPTH:
        message = "the expression gives text with expressions over and over again"
        error = EvaluationError(message, "limit", Span(0, len(text)))
        error.expression = text
        raise error


def _yaql_text(text: str, expressions: list[tuple[str, int, int]]) -> Render:
    parts = [(written, start, base, _body(written)) for written, start, base in expressions]
    if len(parts) == 1 and len(parts[0][0]) == len(text):
        return _whole(text, parts[0][2], parts[0][3])

    def mixed(scope: Scope, depth: int) -> str:
        output = text
        for written, _, base, body in parts:
            value = _evaluate(body, base, text, scope, depth)
            output = output.replace(written, str(value))
        return output

    return mixed


def _whole(text: str, base: int, body: str) -> Render:
    program = yaql.program(body)
    if isinstance(program, EvaluationError):
        return lambda scope, depth: _evaluate(body, base, text, scope, depth)
    evaluate = program.evaluate

    def whole(scope: Scope, depth: int) -> Any:
        try:
            value = evaluate({None: Run(scope)})
        except EvaluationError as error:
            raise _placed(error, body, base, text) from error.__cause__
        if isinstance(value, str) and "<%" in value:
            return again(value, scope, depth)
        return value

    return whole


def _evaluate(body: str, base: int, text: str, scope: Scope, depth: int) -> Any:
    try:
        value = yaql.compiled(body).evaluate({None: Run(scope)})
    except EvaluationError as error:
        raise _placed(error, body, base, text) from error.__cause__
    return again(value, scope, depth) if isinstance(value, str) else value


def _placed(error: EvaluationError, body: str, base: int, text: str) -> EvaluationError:
    """The error with its place in the text, where it has arisen in this expression of it."""
    if error.expression == body:
        error.expression = text
        if error.span is not None:
            error.span = Span(error.span.start + base, error.span.end + base)
    return error


def _body(written: str) -> str:
    return written.strip("<%>").strip()
