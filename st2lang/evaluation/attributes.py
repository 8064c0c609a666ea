"""`receiver.name`: keys of dicts, of all dicts in a list, and properties of dates and times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.evaluation.code import Code
from st2lang.functions._orquesta import Scope, missing
from st2lang.functions.dispatch import UNKNOWN, Site
from st2lang.functions.failure import EvaluationError, failure
from st2lang.functions.values import Env, freeze, limited
from st2lang.functions.yaql._collections import is_iterable
from st2lang.source import Span


def compile_attribute(receiver: Code, name: str, place: Span) -> Code:
    """The code of `receiver.name`; raw data is looked into as it lies."""
    if receiver.variables:
        return _variable(name, place)
    before, raw = receiver.run, receiver.raw

    def run(env: Env) -> Any:
        value = before(env)
        if isinstance(value, dict):
            try:
                return value[name]
            except KeyError:
                raise _located(missing(name, value), place) from None
        try:
            if raw and isinstance(value, Mapping):
                return value[name]
            return attribute(freeze(value) if raw else value, name, env)
        except Exception as error:
            raise failure(error, "", place) from error

    return Code(run, raw, receiver.simple)


def _located(error: EvaluationError, place: Span) -> EvaluationError:
    error.span = place
    return error


def _variable(name: str, place: Span) -> Code:
    """`ctx().name`, without making a dict of all variables first."""

    def run(env: Env) -> Any:
        scope: Scope | None = env[None].scope
        try:
            return scope.variables[name]  # type: ignore[union-attr]
        except (KeyError, AttributeError):
            raise _located(_no_variable(scope, name), place) from None

    return Code(run, raw=True)


def _no_variable(scope: Scope | None, name: str) -> EvaluationError:
    if scope is None:
        return EvaluationError("`ctx()` has a value in workflows only", "unknown-function")
    return missing(name, scope.variables, "variable")


def attribute(value: Any, name: str, env: Env) -> Any:
    """`value.name` for a value that is frozen. Raises `EvaluationError` and what lookups raise."""
    if isinstance(value, Mapping):
        try:
            return value[name]
        except KeyError:
            raise missing(name, value) from None
    if is_iterable(value):
        items = value if isinstance(value, tuple) else limited(value, env[None])
        return (attribute(item, name, env) for item in items)
    return _property(value, name, env)


def _property(value: Any, name: str, env: Env) -> Any:
    from st2lang.functions import implementations
    from st2lang.functions.explain import described

    overloads = implementations("yaql").get(f".{name}")
    if not overloads:
        what = "null" if value is None else described(type(value))
        raise EvaluationError(f"{what} has no `.{name}`", "unknown-function")
    call, with_env = Site(name, [overloads], [UNKNOWN]).prepared((type(value),))
    return call(env, value) if with_env else call(value)
