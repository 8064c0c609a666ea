"""Compiles calls: of functions, methods, operators and `[…]`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from st2lang.evaluation.code import Code, Evaluate, freezing, raising
from st2lang.evaluation.raw import raw_get, raw_item
from st2lang.functions._orquesta import RAW
from st2lang.functions.dispatch import GAP, UNKNOWN, PairExpression, Site
from st2lang.functions.failure import EvaluationError, failure
from st2lang.functions.overload import Overload
from st2lang.functions.values import Env, LazyRule, Rule, too_long
from st2lang.functions.yaql import _operators
from st2lang.functions.yaql._calls import levels_of, unknown
from st2lang.source import Span


class Pair(NamedTuple):
    """An argument `name => value`; `name` where that is a bare word."""

    name: str | None
    source: Code
    destination: Code


Slot = Code | Pair | None
"""One argument as written; None where it was left out."""

Levels = Sequence[Sequence[Overload]]

_GIVES_NAMES = frozenset(("call", "def"))


def compile_call(name: str, receiver: Code | None, slots: list[Slot], place: Span) -> Code:
    """`name(slots)`, or `receiver.name(slots)`."""
    method = receiver is not None
    levels = levels_of(name, method)
    given = [receiver, *slots] if receiver is not None else slots
    if method:
        return _known(name, levels, given, place, method)
    if name == "ctx" and not slots:
        return _known(name, levels, given, place, method)._replace(variables=True)
    static = _known(name, levels, given, place, method) if levels else None
    return _maybe_defined(name, static, slots, place)


def _known(name: str, levels: Levels, slots: Sequence[Slot], place: Span, method: bool) -> Code:
    """A call of what has a record."""
    if not levels:
        error = unknown(name, method)
        return raising(error.message, place, error.kind)
    code = _resolved(name, levels, slots, place, method)
    parts = [slot for slot in slots if isinstance(slot, Code)]
    if name == "get" and method and len(parts) == len(slots) in (2, 3) and parts[0].raw:
        return raw_get(parts, code)
    return code


def _resolved(name: str, levels: Levels, slots: Sequence[Slot], place: Span, method: bool) -> Code:
    try:
        codes, names = _arranged(slots, plain=levels[0][0].plain)
        site = Site(
            name, levels, [_kind(code) for code in codes[: len(codes) - len(names)]], names, method
        )
    except EvaluationError as error:
        return raising(error.message, place, error.kind)
    runs = [_slot(code, site, index) for index, code in enumerate(codes)]
    simple = not site.lazy and all(part.simple for code in codes for part in _parts(code))
    raw = name in RAW and not method
    return Code(_call(runs, site, f"`{name}`", place), raw, simple)


def _arranged(slots: Sequence[Slot], plain: bool) -> tuple[list[Slot], list[str]]:
    """Positional arguments, then those with names, and the names."""
    if plain:
        return list(slots), []
    named: dict[str, Slot] = {}
    for slot in slots:
        if isinstance(slot, Pair):
            if slot.name is None:
                raise EvaluationError("the name of an argument is a bare word", "no-match")
            named[slot.name] = slot.destination
    return [*(s for s in slots if not isinstance(s, Pair)), *named.values()], list(named)


def _kind(slot: Slot) -> Any:
    if slot is None:
        return GAP
    if isinstance(slot, Pair):
        return PairExpression
    return UNKNOWN if slot.constant is UNKNOWN else type(slot.constant)


def _parts(slot: Slot) -> tuple[Code, ...]:
    if slot is None:
        return ()
    return (slot.source, slot.destination) if isinstance(slot, Pair) else (slot,)


def _slot(slot: Slot, site: Site, index: int) -> Evaluate:
    """What gives the value of one slot: an expression's, or the expression as a function."""
    if slot is None:
        return lambda env: None
    if index not in site.lazy:
        return _pair_value(slot) if isinstance(slot, Pair) else freezing(slot)
    if isinstance(slot, Pair):
        return _lazy_pair(slot)
    if site.takes(index).lazy == "names":
        body = freezing(slot)
        return lambda env: lambda *names: body(names[0] if names else env)
    return lambda_of(slot)


def _pair_value(pair: Pair) -> Evaluate:
    source, destination = freezing(pair.source), freezing(pair.destination)
    return lambda env: Rule(source(env), destination(env))


def _lazy_pair(pair: Pair) -> Evaluate:
    source, destination = freezing(pair.source), freezing(pair.destination)
    return lambda env: LazyRule(lambda: source(env), lambda: destination(env))


def lambda_of(code: Code) -> Evaluate:
    """An expression as a function whose arguments it sees as `$1` (which is `$`), `$2` and so on.

    Where nothing can look at the names later on, all calls share one set of them.
    """
    body, simple = freezing(code), code.simple

    def bind(env: Env) -> Callable[..., Any]:
        run, shared = env[None], env.copy()

        def call(value: Any = GAP, *others: Any) -> Any:
            run.left -= 1
            if run.left < 0:
                raise too_long()
            inner = shared if simple else env.copy()
            if value is not GAP:
                inner["$1"] = value
            if others:
                inner.update((f"${index}", other) for index, other in enumerate(others, 2))
            return body(inner)

        return call

    return bind


def _call(runs: list[Evaluate], site: Site, where: str, place: Span) -> Evaluate:
    """A call of as many slots as there are."""
    known, prepared = site.cache, site.prepared
    if not runs:
        return _call_none(site, where, place)
    if len(runs) == 1:
        return _call_one(runs[0], site, where, place)
    if len(runs) == 2:
        return _call_two(runs[0], runs[1], site, where, place)

    def run(env: Env) -> Any:
        values = [each(env) for each in runs]
        kinds = tuple(map(type, values))
        try:
            call, with_env = known.get(kinds) or prepared(kinds)
            return call(env, *values) if with_env else call(*values)
        except Exception as error:
            raise failure(error, where, place) from error

    return run


def _call_none(site: Site, where: str, place: Span) -> Evaluate:
    known, prepared = site.cache, site.prepared

    def run(env: Env) -> Any:
        try:
            call, with_env = known.get(()) or prepared(())
            return call(env) if with_env else call()
        except Exception as error:
            raise failure(error, where, place) from error

    return run


def _call_one(operand: Evaluate, site: Site, where: str, place: Span) -> Evaluate:
    known, prepared = site.cache, site.prepared

    def run(env: Env) -> Any:
        value = operand(env)
        kinds = (type(value),)
        try:
            call, with_env = known.get(kinds) or prepared(kinds)
            return call(env, value) if with_env else call(value)
        except Exception as error:
            raise failure(error, where, place) from error

    return run


def _call_two(left: Evaluate, right: Evaluate, site: Site, where: str, place: Span) -> Evaluate:
    known, prepared = site.cache, site.prepared

    def run(env: Env) -> Any:
        first, second = left(env), right(env)
        kinds = (type(first), type(second))
        try:
            call, with_env = known.get(kinds) or prepared(kinds)
            return call(env, first, second) if with_env else call(first, second)
        except Exception as error:
            raise failure(error, where, place) from error

    return run


def operation(name: str, operands: list[Code], place: Span) -> Code:
    """An operator whose operands are all evaluated."""
    site = _operators.site(name, len(operands))
    runs = [freezing(code) for code in operands]
    where = f"`{name.removeprefix('unary ')}`"
    direct = _operators.OF_INTEGERS.get(name)
    if direct is None or len(runs) != 2:
        run = _call(runs, site, where, place)
    elif type(operands[1].constant) is int:
        run = _with_integer(runs[0], operands[1].constant, direct, site, where, place)
    else:
        run = _of_integers(runs[0], runs[1], direct, site, where, place)
    return Code(run, simple=all(code.simple for code in operands))


Direct = Callable[[Any, Any], Any]


def _of_integers(
    left: Evaluate, right: Evaluate, direct: Direct, site: Site, where: str, place: Span
) -> Evaluate:
    """An operator that is clear for two integers."""
    known, prepared = site.cache, site.prepared

    def run(env: Env) -> Any:
        first, second = left(env), right(env)
        if type(first) is int and type(second) is int:
            return direct(first, second)
        kinds = (type(first), type(second))
        try:
            call, with_env = known.get(kinds) or prepared(kinds)
            return call(env, first, second) if with_env else call(first, second)
        except Exception as error:
            raise failure(error, where, place) from error

    return run


def _with_integer(
    left: Evaluate, second: int, direct: Direct, site: Site, where: str, place: Span
) -> Evaluate:
    """The same where the right operand is a number that is written there."""
    known, prepared = site.cache, site.prepared

    def run(env: Env) -> Any:
        first = left(env)
        if type(first) is int:
            return direct(first, second)
        kinds = (type(first), int)
        try:
            call, with_env = known.get(kinds) or prepared(kinds)
            return call(env, first, second) if with_env else call(first, second)
        except Exception as error:
            raise failure(error, where, place) from error

    return run


def compile_slots(name: str, slots: list[Slot], place: Span) -> Code:
    """What is written like an operator, but with arguments: `[…]` in both of its meanings."""
    return _resolved(name, [_operators.family.overloads[name]], slots, place, method=False)


def item_call(receiver: Code, slots: list[Slot], place: Span) -> Code:
    """`receiver[slots]`"""
    code = compile_slots("[]", [receiver, *slots], place)
    only = slots[0] if len(slots) == 1 else None
    return raw_item(receiver, only, code) if receiver.raw and isinstance(only, Code) else code


def _maybe_defined(name: str, static: Code | None, slots: list[Slot], place: Span) -> Code:
    """A function that `def` may have defined, or one that has a record."""
    key = f"{name.rstrip('_')}("
    error = unknown(name, method=False) if static is None else None
    seen: list[Any] = [None, None]

    def run(env: Env) -> Any:
        defined = env.get(key)
        if defined is None:
            if static is None:
                assert error is not None
                raise EvaluationError(error.message, error.kind, place)
            return static.run(env)
        if seen[0] is not defined:
            seen[:] = defined, _resolved(name, levels_of(name, False, env), slots, place, False).run
        return seen[1](env)

    if static is None:
        return Code(run, simple=False)
    return Code(run, static.raw, static.simple, variables=static.variables)
