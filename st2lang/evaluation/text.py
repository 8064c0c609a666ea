"""Evaluates the expressions in values as Orquesta does: in texts, lists, and dicts and their keys.

Specified by `orquesta/expressions/{base,yql,jinja}.py`. A text that is one expression gives the value
of it; in other texts the values are put in the place of the expressions. A value that is text is
evaluated again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NoReturn

from st2lang.evaluation import yaql
from st2lang.evaluation.turns import expression_error, nested, shown
from st2lang.functions._orquesta import Scope
from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import Run
from st2lang.source import Span

_YAQL = re.compile(r"<%.*?%>")
Render = Callable[[Run], Any]
Renderer = Callable[[Scope], Any]


def render(value: Any, scope: Scope) -> Any:
    """The value with all expressions in it evaluated. Raises `EvaluationError`.

    Lists and dicts are new ones; what expressions give may be part of the scope's variables, and is not
    always JSON: YAQL knows sets, dates and timespans.
    """
    if isinstance(value, str):
        return _compiled(value)(Run(scope)) if _has_expressions(value) else value
    return renderer(value)(scope)


def renderer(value: Any) -> Renderer:
    """What renders a value: the same as `render`, for what is rendered again and again.

    Texts are compiled when they are first rendered. The value must not be changed afterwards.
    """
    if not isinstance(value, dict | list):
        return _of_atom(value)
    try:
        inside = _renderer(value)
    except RecursionError:
        return _too_deep

    def rendered(scope: Scope) -> Any:
        try:
            return inside(scope)
        except RecursionError:
            return _too_deep(scope)

    return rendered


def _renderer(value: Any) -> Renderer:
    if isinstance(value, dict):
        return _of_dict(value)
    if isinstance(value, list):
        parts = [_renderer(part) for part in value]
        return lambda scope: [part(scope) for part in parts]
    return _of_atom(value)


def _of_atom(value: Any) -> Renderer:
    return _of_text(value) if _has_expressions(value) else lambda scope: value


@lru_cache(maxsize=8192)
def _of_text(text: str) -> Renderer:
    found: Render | None = None

    def rendered(scope: Scope) -> Any:
        nonlocal found
        if found is None:
            found = _compiled(text)
        return found(Run(scope))

    return rendered


def _of_dict(value: dict[Any, Any]) -> Renderer:
    if any(_has_expressions(key) for key in value):
        pairs = [(key, _of_atom(key), _renderer(part)) for key, part in value.items()]
        return lambda scope: {
            _key(key(scope), written): part(scope) for written, key, part in pairs
        }
    parts = [
        (key, _renderer(part))
        for key, part in value.items()
        if isinstance(part, dict | list) or _has_expressions(part)
    ]

    def rendered(scope: Scope) -> Any:
        found = value.copy()
        for key, part in parts:
            found[key] = part(scope)
        return found

    return rendered


def _has_expressions(value: Any) -> bool:
    return isinstance(value, str) and ("<%" in value or "{{" in value or "{%" in value)


def _too_deep(scope: Scope) -> NoReturn:
    raise EvaluationError("the value is nested too deeply", "limit") from None


def _key(key: Any, written: Any) -> Any:
    """A key of a dict, whose expressions have been evaluated."""
    try:
        hash(key)
    except TypeError:
        from st2lang.functions.explain import described

        message = f"{described(type(key))} cannot be the key of a dict"
        raise expression_error(message, "type", written) from None
    return key


@lru_cache(maxsize=8192)
def _compiled(text: str) -> Render:
    """What evaluates a text. Where both languages are in it, Jinja is the one that is evaluated."""
    if "{{" in text or "{%" in text:
        from st2lang.evaluation import jinja

        if jinja.has_expressions(text):
            return jinja.compiled(text)
    return _compiled_yaql(text)


@lru_cache(maxsize=8192)
def _compiled_yaql(text: str) -> Render:
    """What evaluates a text with YAQL in it; anything else is left as it is, Jinja too."""
    parts = [
        (match[0], _evaluation(match[0], match.start(), text)) for match in _YAQL.finditer(text)
    ]
    if len(parts) == 1 and len(parts[0][0]) == len(text):
        return parts[0][1]

    def mixed(run: Run) -> str:
        output = text
        for written, evaluate in parts:
            output = output.replace(written, shown(evaluate(run), written))
        return output

    return mixed


def _again(text: str, run: Run) -> Any:
    return _compiled_yaql(text)(run)


def _evaluation(written: str, start: int, text: str) -> Render:
    """What evaluates one expression of a text, and the text that it gives."""
    body = written.strip("<%>").strip()
    base = start + written.find(body)
    program = yaql.program(body)
    if isinstance(program, EvaluationError):
        return lambda run: _raise(program, base, text)
    value_of = program.evaluate

    def evaluate(run: Run) -> Any:
        try:
            value = value_of({None: run})
        except EvaluationError as error:
            raise _placed(error, body, base, text) from error.__cause__
        if isinstance(value, str) and "<%" in value:
            return nested(_again, value, run)
        return value

    return evaluate


def _raise(problem: EvaluationError, base: int, text: str) -> Any:
    error = EvaluationError(problem.message, problem.kind, problem.span)
    error.expression = problem.expression
    raise _placed(error, problem.expression, base, text)


def _placed(error: EvaluationError, body: str, base: int, text: str) -> EvaluationError:
    """The error with its place in the text, where it has arisen in this expression of it."""
    if error.expression == body:
        error.expression = text
        if error.span is not None:
            error.span = Span(error.span.start + base, error.span.end + base)
    return error
