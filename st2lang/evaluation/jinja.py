"""Evaluates Jinja in texts as Orquesta does, on jinja2's sandbox.

Specified by `orquesta/expressions/jinja.py`. Plain paths such as `{{ ctx().host.name }}` need no jinja2:
they are looked up right away, unless a name means more than a key to jinja2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from st2lang.evaluation.lookup import UNKNOWN, lookup_of
from st2lang.evaluation.places import explained
from st2lang.evaluation.turns import expression_error, nested, shown
from st2lang.expressions import jinja as parser
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.functions.failure import EvaluationError, shortened
from st2lang.functions.values import Run
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.evaluation.tracing import Mark

_INLINE = re.compile(r"\{\{.*?\}\}")
_BLOCK = re.compile(r"\{%.*?%\}")
_RAW = re.compile(r"\{% raw %\}.*?\{% endraw %\}")
Evaluate = Callable[[Run], Any]


def has_expressions(text: str) -> bool:
    """Whether there is any Jinja in a text, as far as Orquesta sees it."""
    return bool(_INLINE.search(text) or _BLOCK.search(text))


def compiled(text: str) -> Evaluate:
    """What evaluates a text with Jinja in it."""
    raw = tuple(_RAW.findall(text))
    if not raw and not _BLOCK.search(text):
        found = _INLINE.findall(text)
        if len(found) == 1 and len(found[0]) == len(text):
            return _whole(text)
    return lambda run: _evaluate(text, raw, run)


def _whole(text: str) -> Evaluate:
    evaluate = _inline(text)

    def whole(run: Run) -> Any:
        value = evaluate(run)
        if isinstance(value, str) and "{" in value:
            value = nested(_expand, value, run)
            if isinstance(value, str):
                _check_resolved(value, text)
        return value

    return whole


def _evaluate(text: str, raw: tuple[str, ...], run: Run) -> Any:
    """A text that is not just one expression. Raw blocks are kept aside until the end."""
    for index, block in enumerate(raw):
        text = text.replace(block, f"{{{index}}}")
    try:
        output = _expand(text, run)
    except EvaluationError as error:
        if not raw:
            _place(error, text)
        raise
    if isinstance(output, str):
        _check_resolved(output, text)
        if raw:
            for index, block in enumerate(raw):
                output = output.replace(f"{{{index}}}", block)
            output = _template(output, run)
    return output


def _place(error: EvaluationError, text: str) -> None:
    """Show an error of one of the text's expressions within the text."""
    start = text.find(error.expression) if error.expression and error.span else -1
    if start >= 0 and error.span is not None:
        error.expression = text
        error.span = Span(error.span.start + start, error.span.end + start)


def _check_resolved(output: str, text: str) -> None:
    if "{{" in output and (left := _INLINE.findall(output)):
        names = ", ".join(each.strip("{}").strip() for each in left)
        message = f"there are unresolved variables: {shortened(names)}"
        raise expression_error(message, "undefined", text)


def _expand(text: str, run: Run) -> Any:
    """A text with its blocks rendered, or else with its expressions replaced by their values."""
    if _BLOCK.search(text):
        return nested(_expand, _template(text, run), run)
    found = _INLINE.findall(text)
    output: Any = text
    for written in found:
        value = _inline(written)(run)
        if isinstance(value, str) and "{" in value:
            value = nested(_expand, value, run)
        if len(found) > 1 or len(output) > len(written):
            output = output.replace(written, shown(value, written))
        else:
            output = value
    return output


@lru_cache(maxsize=8192)
def _inline(written: str) -> Evaluate:
    """What evaluates one `{{ … }}`: a lookup where that is enough, else jinja2."""
    body = written.strip("{}").strip()
    node = parser.parse_expression(body)
    lookup = None if isinstance(node, ExpressionSyntaxError) else lookup_of(node)
    base = written.find(body) if body else 0
    by_jinja = _expression(body)

    def evaluate(run: Run) -> Any:
        try:
            if lookup is not None and (value := lookup(run.scope)) is not UNKNOWN:
                return value
            return by_jinja(run)
        except Exception as error:
            if isinstance(error, EvaluationError) and error.expression:
                raise
            trace = partial(_trace, body, True, run)
            found = explained(
                error, body, parser.parse_expression, "jinja", run.scope.variables, trace
            )
            start, end = found.span or (0, len(body))
            found.expression, found.span = written, Span(base + start, base + end)
            if found is error:
                raise
            raise found from error

    return evaluate


def _expression(body: str) -> Evaluate:
    """What evaluates an expression with jinja2, which is imported then."""
    programs: list[Any] = []

    def by_jinja(run: Run) -> Any:
        if not programs:
            from st2lang.evaluation.sandbox import Program

            programs.append(Program(body, expression=True, workflow=True))
        value = programs[0].run(run)
        if isinstance(value, GeneratorType):
            value = list(value)
        return value if _is_data(value) else ""

    return by_jinja


_PLAIN = frozenset((str, int, float, bool, type(None)))
_CONTAINERS = frozenset((list, tuple, dict))


def _is_data(value: Any) -> bool:
    """False for the value of an `if` without `else`; raises for what is undefined, a function, or has
    such parts."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind in _CONTAINERS:
        for part in value.values() if kind is dict else value:
            _is_data(part)
        return True
    return _is_defined(value)


def _is_defined(value: Any) -> bool:
    from jinja2 import StrictUndefined, Undefined

    if isinstance(value, StrictUndefined):  # It knows what was looked for.
        raise value._undefined_exception(value._undefined_message)
    if isinstance(value, Undefined):
        return False
    if callable(value) and not isinstance(value, type):
        name = getattr(value, "__name__", "")
        raise EvaluationError(f"the value is the function `{name}` itself; `{name}()` calls it")
    return True


def _template(text: str, run: Run) -> str:
    try:
        return str(_program(text).run(run))
    except Exception as error:
        trace = partial(_trace, text, False, run)
        found = explained(error, text, parser.parse_template, "jinja", run.scope.variables, trace)
        if found is error:
            raise
        raise found from error


def _trace(text: str, expression: bool, run: Run) -> Mark | None:
    from st2lang.evaluation.sandbox import Program

    return Program(text, expression, workflow=True).trace(run, _is_data)


@lru_cache(maxsize=1024)
def _program(text: str) -> Any:
    from st2lang.evaluation.sandbox import Program

    return Program(text, expression=False, workflow=True)
