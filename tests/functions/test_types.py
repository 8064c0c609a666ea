"""The lattice of types: laws, and what people read."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from st2lang import types
from st2lang.types import (
    ANY,
    BOOLEAN,
    DICT,
    INTEGER,
    LIST,
    NEVER,
    NULL,
    NUMBER,
    STRING,
    Dict,
    List,
    Type,
    assignable,
    from_json_schema,
    join,
    of_value,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=8,
)
leaves = st.sampled_from(
    [ANY, NEVER, NULL, BOOLEAN, INTEGER, NUMBER, STRING, types.DATETIME, types.REGEX]
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.builds(List, inner)
        | st.builds(Dict, inner)
        | st.builds(lambda a, b: Dict(a, (("k", b),)), inner, inner)
        | st.builds(join, inner, inner)
    ),
    max_leaves=5,
)


@given(anything, anything)
def test_join_is_commutative(first: Type, second: Type) -> None:
    assert join(first, second) == join(second, first)


@given(anything)
def test_join_has_its_ends(kind: Type) -> None:
    assert join(kind, kind) == kind
    assert join(kind, NEVER) == kind
    assert join(kind, ANY) == ANY


@given(anything, anything)
def test_a_join_takes_both(first: Type, second: Type) -> None:
    both = join(first, second)
    assert assignable(first, both) is not False
    assert assignable(second, both) is not False


@given(anything)
def test_a_type_takes_itself(kind: Type) -> None:
    assert assignable(kind, kind) is True
    assert assignable(kind, ANY) is True
    assert assignable(NEVER, kind) is True
    assert assignable(ANY, kind) in (True, None)


@given(json_values, json_values)
def test_a_value_fits_the_join_with_any_other(first: object, second: object) -> None:
    assert assignable(of_value(first), join(of_value(first), of_value(second))) is not False


@given(json_values)
def test_types_are_readable(value: object) -> None:
    text = str(of_value(value))
    assert text
    assert "(" not in text or " or " in text


@pytest.mark.parametrize(
    ("value", "target", "answer"),
    [
        (INTEGER, NUMBER, True),
        (NUMBER, INTEGER, None),
        (STRING, INTEGER, False),
        (BOOLEAN, INTEGER, False),
        (NULL, STRING, False),
        (ANY, STRING, None),
        (join(STRING, NULL), STRING, None),
        (join(STRING, NULL), INTEGER, False),
        (STRING, join(STRING, NULL), True),
        (List(INTEGER), List(STRING), False),
        (List(INTEGER), List(NUMBER), True),
        (List(INTEGER), LIST, True),
        (List(NEVER), List(STRING), True),
        (LIST, List(STRING), None),
        (LIST, STRING, False),
        (LIST, DICT, False),
        (of_value({"a": 1}), Dict(ANY, (("a", STRING),)), False),
        (of_value({"a": 1}), Dict(NEVER, (("a", INTEGER),)), True),
        (of_value({"b": 1}), Dict(ANY, (("a", STRING),)), True),
    ],
)
def test_assignable(value: Type, target: Type, answer: bool | None) -> None:
    assert assignable(value, target) is answer


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.5, "number"),
        ("a", "string"),
        ([], "empty list"),
        (["a"], "list of strings"),
        ([1, "a"], "list of (strings or integers)"),
        ([["a"]], "list of lists of strings"),
        ([1, 2.5], "list of numbers"),
        ({"a": 1}, "dict"),
        ([{"a": 1}], "list of dicts"),
        (datetime.date(2024, 2, 29), "datetime"),
        (datetime.timedelta(1), "timespan"),
        (b"a", "bytes"),
        ({1}, "list of integers"),
        (object(), "any value"),
    ],
)
def test_of_value(value: object, text: str) -> None:
    assert str(of_value(value)) == text


def test_deep_and_selfreferring_values_end() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert str(of_value(endless)).startswith("list of lists")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, STRING),
        ({"type": ["string", "null"]}, join(STRING, NULL)),
        ({"type": ["integer", "number"]}, NUMBER),
        ({}, ANY),
        (None, ANY),
        ({"type": "strnig"}, ANY),
        ({"type": []}, ANY),
        ({"type": 5}, ANY),
        ({"type": "array"}, LIST),
        ({"type": "array", "items": {"type": "integer"}}, List(INTEGER)),
        ({"type": "object"}, DICT),
        (
            {"type": "object", "properties": {"a": {"type": "string"}}},
            Dict(ANY, (("a", STRING),)),
        ),
        (
            {"type": "object", "properties": {}, "additionalProperties": False},
            Dict(NEVER),
        ),
        ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, join(STRING, BOOLEAN)),
    ],
)
def test_from_json_schema(schema: object, expected: Type) -> None:
    assert from_json_schema(schema) == expected


def test_big_unions_are_anything() -> None:
    assert types.join_all([STRING, INTEGER, BOOLEAN, NULL]) != ANY
    assert types.join_all([STRING, INTEGER, BOOLEAN, NULL, types.DATETIME]) == ANY


def test_joined_dicts_keep_what_they_share() -> None:
    both = join(of_value({"a": 1, "b": 2}), of_value({"a": "x"}))
    assert types.field(both, "a") == join(INTEGER, STRING)
    assert types.field(both, "b") == INTEGER
