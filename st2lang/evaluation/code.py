"""Compiled parts of a YAQL expression, and what every kind of part needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from st2lang.functions.dispatch import UNKNOWN
from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import ATOMS, Env, freeze
from st2lang.source import Span

Evaluate = Callable[[Env], Any]


class Code(NamedTuple):
    """A compiled part: a function of the names that it sees.

    `raw`: it may give data that is not frozen. `simple`: nothing of it is evaluated after it has given
    its value, so that the names may change afterwards. `constant`: its value, where that is known.
    `variables`: it is `ctx()`, all the variables of the workflow.
    """

    run: Evaluate
    raw: bool = False
    simple: bool = True
    constant: Any = UNKNOWN
    variables: bool = False


def freezing(code: Code) -> Evaluate:
    """A closure that gives no raw data."""
    run = code.run
    if not code.raw:
        return run

    def solid(env: Env) -> Any:
        value = run(env)
        return value if type(value) in ATOMS else freeze(value)

    return solid


def raising(message: str, place: Span, kind: str = "no-match") -> Code:
    """The code of what can have no value."""

    def run(env: Env) -> NoReturn:
        raise EvaluationError(message, kind, place)

    return Code(run)


def null_safe(receiver: Code, member: Callable[[Code], Code]) -> Code:
    """`receiver?.member`: null when the receiver is, and nothing else is evaluated then."""
    if receiver.variables:
        return member(receiver)
    first, key = receiver.run, object()
    code = member(Code(lambda env: env[key], receiver.raw, receiver.simple))
    rest = code.run

    def run(env: Env) -> Any:
        value = first(env)
        return None if value is None else rest({**env, key: value})

    return Code(run, code.raw, code.simple)
