"""What YAQL's operators do. Those that need more than values (`and`, `.`, `->`) are in the compiler.

Specified by the modules of `yaql.standard_library`: common, math, strings, collections, date_time, regex.
Unary operators stand under `unary +` and `unary -`.
"""

import itertools
import operator
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from st2lang.functions.dispatch import UNKNOWN, Site
from st2lang.functions.overload import (
    Dict,
    Family,
    Given,
    Int,
    Items,
    Listed,
    Members,
    Moment,
    Null,
    Number,
    Pattern,
    Span,
    Text,
    Value,
)
from st2lang.functions.values import Env, FrozenDict, Run

family = Family()
function = family.function


@function("=")
def equal(left: Value, right: Value) -> bool:
    return bool(left == right)


@function("!=")
def different(left: Value, right: Value) -> bool:
    return bool(left != right)


def _comparisons(name: str, compare: Callable[[Any, Any], Any], least: bool) -> None:
    """One comparison for every kind of operands. `least`: whether null comes before all else."""

    def numbers(left: Number, right: Number) -> Any:
        return compare(left, right)

    def texts(left: Text, right: Text) -> Any:
        return compare(left, right)

    def moments(left: Moment, right: Moment) -> Any:
        return compare(left, right)

    def spans(left: Span, right: Span) -> Any:
        return compare(left, right)

    def members(left: Members, right: Members) -> Any:
        return compare(left, right)

    def value_and_null(left: Given, right: Null) -> bool:
        return not least

    def null_and_value(left: Null, right: Given) -> bool:
        return least

    def nulls(left: Null, right: Null) -> Any:
        return compare(0, 0)

    for call in (numbers, texts, moments, spans, members, value_and_null, null_and_value, nulls):
        function(name)(call)


_comparisons("<", operator.lt, least=True)
_comparisons("<=", operator.le, least=True)
_comparisons(">", operator.gt, least=False)
_comparisons(">=", operator.ge, least=False)


@function("+")
def add_numbers(left: Number, right: Number) -> Any:
    return left + right


@function("+")
def join_texts(env: Env, *args: Text) -> str:
    text = "".join(args)
    env[None].make(len(text))
    return text


@function("+")
def join_lists(env: Env, left: Items, right: Items) -> Any:
    if isinstance(left, tuple) and isinstance(right, tuple):
        env[None].make(len(left) + len(right))
        return left + right
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return left | right
    return itertools.chain(left, right)


@function("+")
def join_dicts(left: Dict, right: Dict) -> Any:
    return FrozenDict(itertools.chain(left.items(), right.items()))


@function("+")
def later(dt: Moment, ts: Span) -> Any:
    return dt + ts


@function("+")
def later_too(ts: Span, dt: Moment) -> Any:
    return dt + ts


@function("+")
def add_spans(ts1: Span, ts2: Span) -> Any:
    return ts1 + ts2


@function("-")
def subtract_numbers(left: Number, right: Number) -> Any:
    return left - right


@function("-")
def without(left: Members, right: Members) -> Any:
    return left.difference(right)


@function("-")
def earlier(dt: Moment, ts: Span) -> Any:
    return dt - ts


@function("-")
def between(dt1: Moment, dt2: Moment) -> Any:
    return dt1 - dt2


@function("-")
def subtract_spans(ts1: Span, ts2: Span) -> Any:
    return ts1 - ts2


@function("*")
def multiply(env: Env, left: Number, right: Number) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        env[None].compute(left.bit_length() + right.bit_length())
    return left * right


@function("*")
def repeat_text(env: Env, left: Text, right: Int) -> str:
    env[None].make(len(left) * right)
    return left * right


@function("*")
def times_text(env: Env, left: Int, right: Text) -> str:
    return repeat_text(env, right, left)


@function("*")
def repeat_list(env: Env, left: Listed, right: Int) -> Any:
    env[None].make(len(left) * right)
    return left * right  # type: ignore[operator]


@function("*")
def times_list(env: Env, left: Int, right: Listed) -> Any:
    return repeat_list(env, right, left)


def _microseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


@function("*")
def scale_span(ts: Span, n: Number) -> timedelta:
    return timedelta(microseconds=_microseconds(ts) * n)


@function("*")
def times_span(n: Number, ts: Span) -> timedelta:
    return timedelta(microseconds=_microseconds(ts) * n)


def _share(run: Run, left: Any, right: Any) -> None:
    """Count a division, which takes the longer the longer both numbers are."""
    if isinstance(left, int) and isinstance(right, int):
        run.step(left.bit_length() * right.bit_length() >> 17)


@function("/")
def divide(env: Env, left: Number, right: Number) -> Any:
    _share(env[None], left, right)
    if isinstance(left, int) and isinstance(right, int):
        return left // right
    return left / right


@function("/")
def ratio(ts1: Span, ts2: Span) -> float:
    return float(_microseconds(ts1)) / _microseconds(ts2)


@function("/")
def shrink_span(ts: Span, n: Number) -> timedelta:
    return timedelta(microseconds=_microseconds(ts) / n)


@function("mod")
def remainder(env: Env, left: Number, right: Number) -> Any:
    _share(env[None], left, right)
    return left % right


@function("unary +")
def same_number(op: Number) -> Any:
    return +op


@function("unary +")
def same_span(ts: Span) -> Any:
    return ts


@function("unary -")
def negative(op: Number) -> Any:
    return -op


@function("unary -")
def negative_span(ts: Span) -> Any:
    return -ts


@function("not")
def negation(arg: Value) -> bool:
    return not arg


@function("in")
def part_of(left: Text, right: Text) -> bool:
    return left in right


@function("in")
def element_of(value: Value, collection: Items) -> bool:
    return value in collection


@function("=~")
def matches(string: Text, pattern: Text) -> bool:
    return re.search(pattern, string) is not None


@function("=~")
def matches_regex(string: Text, regexp: Pattern) -> bool:
    return regexp.search(string) is not None


@function("!~")
def differs(string: Text, pattern: Text) -> bool:
    return re.search(pattern, string) is None


@function("!~")
def differs_regex(string: Text, regexp: Pattern) -> bool:
    return regexp.search(string) is None


@function("[]")
def element(list_: Listed, index: Int) -> Any:
    return list_[index]


@function("[]")
def value_of(dict_: Dict, key: Value) -> Any:
    return dict_[key]


@function("[]")
def value_or(dict_: Dict, key: Value, default: Value) -> Any:
    return dict_.get(key, default)


@function("list display")
def make_list(*args: Value) -> tuple[Any, ...]:
    return args


@cache
def site(name: str, arity: int = 2) -> Site:
    """An operator as other functions use it: `sum` adds, `max` compares."""
    return Site(name, [family.overloads[name]], [UNKNOWN] * arity)


OF_INTEGERS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "=": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
"""What the operators do with two integers, for those that cannot fail then, nor make much of little."""


def binary(name: str, env: Env) -> Callable[[Any, Any], Any]:
    """An operator as a function of two values."""
    prepared, known = site(name).prepared, site(name).cache
    direct = OF_INTEGERS[name]

    def apply(left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            return direct(left, right)
        kinds = (type(left), type(right))
        call, with_env = known.get(kinds) or prepared(kinds)
        return call(env, left, right) if with_env else call(left, right)

    return apply
