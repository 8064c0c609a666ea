"""Calls that fit, calls that do not, and what calls return."""

from __future__ import annotations

import pytest

from st2lang import functions, types
from st2lang.functions import Kind, calls
from st2lang.functions.calls import check_call, result_type
from st2lang.types import ANY, INTEGER, NUMBER, STRING, List, Type


def _find(language: str, name: str) -> functions.Function:
    for kind in Kind:
        record = functions.lookup(language, name, kind)
        if record is not None:
            return record
    raise LookupError(name)


GOOD = [
    ("yaql", "succeeded", 0, (), False),
    ("yaql", "ctx", 1, (), False),
    ("yaql", "ctx", 0, ("key",), False),
    ("yaql", "st2kv", 1, ("decrypt", "default"), False),
    ("yaql", "len", 0, (), True),
    ("yaql", "len", 1, (), False),
    ("yaql", "replace", 2, (), True),
    ("yaql", "replace", 0, ("year", "month"), True),
    ("yaql", "dict", 0, ("a", "b", "c"), False),
    ("yaql", "switch", 3, (), False),
    ("yaql", "set", 0, ("a",), True),
    ("yaql", "let", 2, ("anything",), False),
    ("yaql", "zip", 3, ("pad",), False),
    ("yaql", "zip", 1, (), True),
    ("yaql", "random", 2, (), False),
    ("yaql", "datetime", 0, ("year", "month", "day"), False),
    ("jinja", "zip", 2, ("pad",), False),
    ("jinja", "default", 1, ("boolean",), True),
    ("jinja", "map", 0, ("attribute",), True),
    ("jinja", "map", 3, (), True),
    ("jinja", "selectattr", 3, (), True),
    ("jinja", "divisibleby", 1, (), True),
    ("jinja-chain", "decrypt_kv", 0, (), True),
]


@pytest.mark.parametrize(("language", "name", "positional", "keywords", "as_method"), GOOD)
def test_good_call(
    language: str, name: str, positional: int, keywords: tuple[str, ...], as_method: bool
) -> None:
    assert check_call(_find(language, name), positional, keywords, as_method) == []


BAD = [
    ("yaql", "succeeded", 1, (), False, calls.TOO_MANY, "takes no arguments, but 1 is given"),
    ("yaql", "len", 2, (), False, calls.TOO_MANY, "takes 1 argument, but 2 are given"),
    ("yaql", "len", 0, (), False, calls.MISSING, "takes 1 argument, but none are given"),
    ("yaql", "range", 4, (), False, calls.TOO_MANY, "takes 1 to 3 arguments"),
    ("yaql", "random", 1, (), False, calls.MISSING, "takes 0 or 2 arguments"),
    ("yaql", "st2kv", 2, (), False, calls.TOO_MANY, "`decrypt` and `default` must be named"),
    ("yaql", "st2kv", 1, ("decript",), False, calls.UNKNOWN, "did you mean `decrypt`?"),
    ("yaql", "to_json_string", 1, ("sort_keys",), False, calls.UNKNOWN, "`sortKeys`?"),
    ("yaql", "ctx", 1, ("key",), False, calls.REPEATED, "`key` twice"),
    ("yaql", "where", 2, (), False, calls.ONLY_A_METHOD, "write value.where(), not where(value)"),
    ("yaql", "regex_match", 1, (), True, calls.NOT_A_METHOD, "write regex_match(value)"),
    ("yaql", "regex_match", 1, (), False, calls.MISSING, "lacks the argument `pattern`"),
    ("yaql", "coalesce", 0, ("a",), False, calls.UNKNOWN, "has no argument `a`"),
    ("yaql", "toUpper", 1, (), True, calls.TOO_MANY, "takes no arguments, but 1 is given"),
    ("jinja", "regex_match", 0, (), False, calls.MISSING, "lacks the argument `value`"),
    ("jinja", "upper", 1, (), True, calls.TOO_MANY, "takes no arguments"),
    ("jinja", "default", 1, ("bool",), True, calls.UNKNOWN, "did you mean `boolean`?"),
    ("jinja", "divisibleby", 0, (), True, calls.MISSING, "lacks the argument `num`"),
]


@pytest.mark.parametrize(
    ("language", "name", "positional", "keywords", "as_method", "reason", "message"), BAD
)
def test_bad_call(
    language: str,
    name: str,
    positional: int,
    keywords: tuple[str, ...],
    as_method: bool,
    reason: str,
    message: str,
) -> None:
    problem, *_ = check_call(_find(language, name), positional, keywords, as_method)
    assert problem.reason == reason
    assert message in problem.message


def test_missing_arguments_of_filters() -> None:
    record = functions.lookup("jinja", "regex_replace", Kind.FILTER)
    assert record is not None
    (problem,) = check_call(record, 1)
    assert (problem.reason, problem.argument) == (calls.MISSING, "replacement")


def test_spread_arguments_may_be_any_number() -> None:
    assert check_call(_find("jinja", "upper"), 0, spread=True) == []
    assert check_call(_find("jinja", "regex_match"), 0, spread=True) == []


def test_known_receiver_leaves_out_other_overloads() -> None:
    replace = _find("yaql", "replace")
    assert check_call(replace, 0, as_method=True) == []
    assert check_call(replace, 0, as_method=True, receiver_type=STRING)


NAMES = List(STRING)
RETURNS: list[tuple[str, str, tuple[Type, ...], bool, Type]] = [
    ("yaql", "succeeded", (), False, types.BOOLEAN),
    ("yaql", "len", (NAMES,), True, INTEGER),
    ("yaql", "str", (ANY,), False, STRING),
    ("yaql", "ctx", (STRING,), False, ANY),
    ("yaql", "first", (NAMES,), True, STRING),
    ("yaql", "first", (NAMES, INTEGER), True, types.join(STRING, INTEGER)),
    ("yaql", "first", (ANY, INTEGER), True, ANY),
    ("yaql", "first", (List(types.NEVER), INTEGER), True, INTEGER),
    ("yaql", "where", (NAMES, ANY), True, NAMES),
    ("yaql", "where", (ANY, ANY), True, types.LIST),
    ("yaql", "select", (NAMES, INTEGER), True, List(INTEGER)),
    ("yaql", "range", (INTEGER,), False, List(INTEGER)),
    ("yaql", "concat", (STRING, STRING), False, STRING),
    ("yaql", "split", (STRING, STRING), True, NAMES),
    ("yaql", "+", (INTEGER, INTEGER), False, INTEGER),
    ("yaql", "+", (INTEGER, NUMBER), False, NUMBER),
    ("yaql", "+", (STRING, STRING), False, STRING),
    ("yaql", "+", (NAMES, List(INTEGER)), False, List(types.join(STRING, INTEGER))),
    ("yaql", "/", (INTEGER, INTEGER), False, INTEGER),
    ("yaql", "+", (types.BOOLEAN, types.BOOLEAN), False, ANY),
    ("yaql", "coalesce", (STRING, INTEGER), False, types.join_all([STRING, INTEGER, types.NULL])),
    ("jinja", "/", (INTEGER, INTEGER), False, NUMBER),
    ("jinja", "first", (NAMES,), True, STRING),
    ("jinja", "default", (STRING, INTEGER), True, types.join(STRING, INTEGER)),
    ("jinja", "length", (STRING,), True, INTEGER),
    ("jinja", "defined", (ANY,), True, types.BOOLEAN),
]


@pytest.mark.parametrize(("language", "name", "arguments", "as_method", "returns"), RETURNS)
def test_result_type(
    language: str, name: str, arguments: tuple[Type, ...], as_method: bool, returns: Type
) -> None:
    assert result_type(_find(language, name), arguments, as_method=as_method) == returns


def test_fields_of_a_task_record() -> None:
    record = result_type(_find("yaql", "task"), [STRING])
    assert types.field(record, "status") == STRING
    assert types.field(record, "state") is None
