"""JSONPath: what the package jsonpath-rw 1.4 gives, which StackStorm uses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from st2lang.functions._jsonpath import query
from st2lang.functions.values import freeze

STORE: dict[str, Any] = {
    "book": [{"t": "a", "p": 1, "tags": ["x", "y"]}, {"t": "b", "p": 2}],
    "bike": {"p": 3},
    "a-b": 1,
    "a b": 2,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$", [STORE]),
        ("book[0].t", ["a"]),
        ("$.book[*].p", [1, 2]),
        ("book[1:].t", ["b"]),
        ("book[0:2].t", ["a", "b"]),
        ("book[-1].t", ["b"]),
        ("book[7]", None),
        ("$..p", [1, 2, 3]),
        ("$.bike.*", [3]),
        ("bike[*].p", [3]),
        ("bike[0:1]", [{"p": 3}]),
        ("book.t", None),
        ("'a b'", [2]),
        ('$["a b", a-b]', [2, 1]),
        ("book[*].t,p", ["a", 1, "b", 2]),
        ("$.bike|book.p", [3]),
        ("$.book|nope[0].p", [1]),
        ("(bike|nope).p", [3]),
        ("book[*].(tags[0]|t)", ["x", "a", "b"]),
        ("book[*] where tags", [STORE["book"][0]]),
        ("bike.p.`parent`", [{"p": 3}]),
        ("bike.`this`.p", [3]),
        ("bike.p.$.a-b", [1]),
        ("book[0].t[*]", ["a"]),
        (r"'a\-b'", [1]),
    ],
)
def test_query(text: str, expected: Any) -> None:
    assert query(STORE, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("$..p", None), ("book[*].p", [1, 2]), ("bike.*", [3]), ("$.book[0].t", ["a"])],
)
def test_query_of_what_yaql_has_frozen(text: str, expected: Any) -> None:
    assert query(freeze(STORE), text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "$.", "..p", "a.[", "a[", "a[?(@.p>1)]", "a b", "a,*", "`len`", "$ $", "a[1", "'", "[0,1]",
     "bike[0]", "a-b[0]", "`parent`", "(a", "&", "a & b"],
)  # fmt: skip
def test_no_query_or_unfit_data(text: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        query(STORE, text)


@given(st.text("$.[]*ab0:'|,()` &@where-", max_size=12))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    assert isinstance(_answer(text), list | type(None) | str)


def _answer(text: str) -> Any:
    try:
        return query(STORE, text)
    except (ValueError, TypeError, KeyError) as error:
        return str(error)
