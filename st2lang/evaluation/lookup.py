"""Plain paths in Jinja, such as `ctx().host.name` or `item('port')`, looked up without jinja2.

A path is left to jinja2 wherever it could mean something else to it: a name that dicts have as an
attribute (`ctx().items`), data that is no dict or list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from st2lang.expressions.jinja_ast import Attribute, Call, Const, Item, Name, Node
from st2lang.functions._orquesta import Scope, ctx, item, missing, result
from st2lang.functions.failure import EvaluationError
from st2lang.source import Span

Lookup = Callable[[Scope], Any]

UNKNOWN: Any = object()
"""What a lookup gives that leaves the matter to jinja2."""

_ATTRIBUTES = frozenset(dir(dict))
_STARTS: dict[str, Callable[..., Any]] = {"ctx": ctx, "item": item, "result": result}


def lookup_of(node: Node) -> Lookup | None:
    """What finds the value of a path; None for what is no path.

    A lookup gives the value or `UNKNOWN`, and raises `EvaluationError`.
    """
    match node:
        case Call(Name(name), arguments, span) if name in _STARTS:
            return _start(name, tuple(a.value for a in arguments if not (a.name or a.stars)), span)
        case Attribute(Call(Name("ctx"), ()), name, place):
            return _variable(name, place) if name not in _ATTRIBUTES else None
        case Item(Call(Name("ctx"), ()), Const(str(name)), span):
            return _variable(name, span) if name not in _ATTRIBUTES else None
        case Attribute(base, name, place):
            return _step(lookup_of(base), name, place)
        case Item(base, Const(key), span):
            return _step(lookup_of(base), key, span)
        case Const(value):
            return lambda scope: value
    return None


def _start(name: str, arguments: tuple[Node, ...], place: Span) -> Lookup | None:
    function = _STARTS[name]
    values = [argument.value for argument in arguments if isinstance(argument, Const)]
    if len(values) != len(arguments) or len(values) > (name != "result"):
        return None

    def start(scope: Scope) -> Any:
        try:
            return function(scope, *values)
        except EvaluationError as error:
            error.span = place
            raise

    return start


def _variable(name: str, place: Span) -> Lookup:
    """`ctx().name`, without making a dict of all variables first."""

    def variable(scope: Scope) -> Any:
        try:
            return scope.variables[name]
        except KeyError:
            raise _located(missing(name, scope.variables, "variable"), place) from None

    private = name.startswith("__")
    return (lambda scope: UNKNOWN) if private else variable


def _step(base: Lookup | None, key: Any, place: Span) -> Lookup | None:
    """One part of a dict or list."""
    if base is None or (isinstance(key, str) and key in _ATTRIBUTES):
        return None
    before = base

    def step(scope: Scope) -> Any:
        value = before(scope)
        if type(value) is dict:
            try:
                return value[key]
            except KeyError:
                raise _located(missing(key, value), place) from None
        if type(value) is list and type(key) is int and -len(value) <= key < len(value):
            return value[key]
        return UNKNOWN

    return step


def _located(error: EvaluationError, place: Span) -> EvaluationError:
    error.span = place
    return error
