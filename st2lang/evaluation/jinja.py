"""Evaluates Jinja in texts as Orquesta does, on jinja2's sandbox.

Specified by `orquesta/expressions/jinja.py`. Plain paths such as `{{ ctx().host.name }}` need no jinja2:
they are looked up right away, unless a name means more than a key to jinja2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from st2lang.evaluation.lookup import UNKNOWN, lookup_of
from st2lang.expressions import jinja as parser
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.functions._orquesta import OF_THE_WORKFLOW, Scope, missing, zip_lists
from st2lang.functions._stackstorm import FUNCTIONS
from st2lang.functions.failure import EvaluationError
from st2lang.source import Span

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

_INLINE = re.compile(r"\{\{.*?\}\}")
_BLOCK = re.compile(r"\{%.*?%\}")
_RAW = re.compile(r"\{% raw %\}.*?\{% endraw %\}")
Evaluate = Callable[[Scope], Any]

_DEPTH = 50
"""How often texts that come out of expressions are evaluated again before it is called endless."""


def has_expressions(text: str) -> bool:
    """Whether there is any Jinja in a text, as far as Orquesta sees it."""
    return bool(_INLINE.search(text) or _BLOCK.search(text))


def compiled(text: str) -> Callable[[Scope, int], Any]:
    """What evaluates a text with Jinja in it."""
    raw = tuple(_RAW.findall(text))
    if not raw and not _BLOCK.search(text):
        found = _INLINE.findall(text)
        if len(found) == 1 and len(found[0]) == len(text):
            return _whole(text)
    return lambda scope, depth: _evaluate(text, raw, scope, depth)


def _whole(text: str) -> Callable[[Scope, int], Any]:
    evaluate = _inline(text)

    def whole(scope: Scope, depth: int) -> Any:
        value = evaluate(scope)
        if isinstance(value, str):
            value = _expand(value, scope, depth + 1) if "{" in value else value
            _check_resolved(value, text)
        return value

    return whole


def _evaluate(text: str, raw: tuple[str, ...], scope: Scope, depth: int) -> Any:
    """A text that is not just one expression. Raw blocks are kept aside until the end."""
    for index, block in enumerate(raw):
        text = text.replace(block, f"{{{index}}}")
    output = _expand(text, scope, depth)
    if isinstance(output, str):
        _check_resolved(output, text)
        if raw:
            for index, block in enumerate(raw):
                output = output.replace(f"{{{index}}}", block)
            output = _template(output, scope)
    return output


def _check_resolved(output: str, text: str) -> None:
    if "{{" in output and (left := _INLINE.findall(output)):
        names = ", ".join(each.strip("{}").strip() for each in left)
        raise _error(f"there are unresolved variables: {names}", "undefined", text)


def _expand(text: str, scope: Scope, depth: int) -> Any:
    """A text with its blocks rendered, or else with its expressions replaced by their values."""
    if depth > _DEPTH:
        raise _error(
            "the expression gives text with expressions over and over again", "limit", text
        )
    if _BLOCK.search(text):
        return _expand(_template(text, scope), scope, depth + 1)
    found = _INLINE.findall(text)
    output: Any = text
    for written in found:
        value = _inline(written)(scope)
        if isinstance(value, str) and "{" in value:
            value = _expand(value, scope, depth + 1)
        if len(found) > 1 or len(output) > len(written):
            output = output.replace(written, str(value))
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

    def evaluate(scope: Scope) -> Any:
        try:
            if lookup is not None and (value := lookup(scope)) is not UNKNOWN:
                return value
            return _by_jinja(body, scope)
        except EvaluationError as error:
            if not error.expression:
                start, end = error.span or (0, len(body))
                error.expression, error.span = written, Span(base + start, base + end)
            raise
        except Exception as error:
            raise explained(error, written, Span(base, base + len(body))) from error

    return evaluate


def _by_jinja(body: str, scope: Scope) -> Any:
    from jinja2 import StrictUndefined

    value = _expression(body)(__scope=scope, __vars=scope.variables)
    if isinstance(value, GeneratorType):
        return list(value)
    if isinstance(value, StrictUndefined):
        raise _undefined(value)
    return value


def _undefined(value: Any) -> EvaluationError:
    """The error for a result that is undefined: jinja2 knows what was looked for, and where."""
    from jinja2.utils import missing as nowhere

    owner, name = value._undefined_obj, value._undefined_name
    if isinstance(owner, Mapping):
        return missing(name, owner)
    if owner is nowhere and isinstance(name, str):
        hint = f": a variable of the workflow is `ctx().{name}`"
        return EvaluationError(f"`{name}` is undefined{hint}", "undefined")
    return EvaluationError(str(value._undefined_message), "undefined")


def explained(error: Exception, expression: str, span: Span) -> EvaluationError:
    """What jinja2 raises, as our error."""
    from jinja2 import TemplateSyntaxError, UndefinedError

    kind = "value"
    if isinstance(error, TemplateSyntaxError):
        kind = "syntax"
    elif isinstance(error, UndefinedError):
        kind = "undefined"
    found = EvaluationError(str(error) or type(error).__name__, kind, span)
    found.expression = expression
    return found


def _error(message: str, kind: str, expression: str) -> EvaluationError:
    error = EvaluationError(message, kind, Span(0, len(expression)))
    error.expression = expression
    return error


@lru_cache(maxsize=2048)
def _expression(body: str) -> Callable[..., Any]:
    return environment().compile_expression(body, undefined_to_none=False)


def _template(text: str, scope: Scope) -> str:
    try:
        return _from_string(text).render(__scope=scope, __vars=scope.variables)
    except EvaluationError as error:
        error.expression = text
        raise
    except Exception as error:
        raise explained(error, text, Span(0, len(text))) from error


@lru_cache(maxsize=1024)
def _from_string(text: str) -> Template:
    return environment().from_string(text)


@cache
def environment() -> SandboxedEnvironment:
    """jinja2 as Orquesta sets it up, with the functions of Orquesta and StackStorm."""
    from jinja2 import StrictUndefined, pass_context
    from jinja2.sandbox import SandboxedEnvironment

    env = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def in_scope(function: Callable[..., Any]) -> Callable[..., Any]:
        @pass_context
        def call(context: Any, *args: Any, **kwargs: Any) -> Any:
            return function(context["__scope"], *args, **kwargs)

        return call

    shared = {**FUNCTIONS, "zip": zip_lists}
    env.filters.update(shared)
    env.globals.update(shared)
    env.globals.update((name, in_scope(call)) for name, call in OF_THE_WORKFLOW.items())
    return env
