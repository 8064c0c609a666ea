"""The parser accepts and rejects what the `yaql` package does, with the same tree or place."""

from __future__ import annotations

from itertools import product

import pytest
from expressions.yaql.yaql_oracle import (
    Rejected,
    accepted_by_package,
    assert_agreement,
    our_tree,
    package_tree,
)
from expressions.yaql.yaql_texts import ACCEPTED, FACTOR, expressions, mutations, soup
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.expressions.yaql import parse


@pytest.mark.parametrize("text", ACCEPTED)
def test_case(text: str) -> None:
    assert not isinstance(package_tree(text), Rejected)
    assert_agreement(text)


@pytest.mark.parametrize("text", ACCEPTED)
def test_every_prefix_of_a_case(text: str) -> None:
    for end in range(len(text)):
        assert_agreement(text[:end])


@settings(max_examples=300 * FACTOR)
@given(expressions())
def test_grammatical_text(text: str) -> None:
    assert not isinstance(our_tree(text), Rejected)
    assert_agreement(text)


@settings(max_examples=600 * FACTOR)
@given(soup())
def test_tokens_in_no_order(text: str) -> None:
    assert_agreement(text)


@settings(max_examples=600 * FACTOR)
@given(mutations(ACCEPTED))
def test_edited_expressions(text: str) -> None:
    assert_agreement(text)


@settings(max_examples=200 * FACTOR)
@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    assert_agreement(text)


@settings(max_examples=200 * FACTOR)
@given(st.text("\\xuUN{}0123456789afnqz'`\"é\n", max_size=14), st.sampled_from("'\"`"))
def test_escapes(content: str, quote: str) -> None:
    assert_agreement(quote + content + quote)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "1" + ")" * 3000,
        "(" * 3000,
        "f(" * 3000 + ")" * 2999,
        "[" * 3000 + "]" * 3000,
        "not " * 3000 + "x",
        "-" * 3000,
        "a" + ".b" * 3000,
        "a -> " * 3000 + "b",
        "f(" + "," * 3000 + "1)",
        "'" + "\\'" * 30_000,
        "`" * 30_001,
        " " * 30_000,
        "a =" + " " * 30_000,
        "9" * 4000,
        "9" * 5000,
        "9" * 400 + ".5",
    ],
    ids=lambda text: f"{text[:6]}…{len(text)}",
)
def test_long_and_deep_text_is_accepted_alike(text: str) -> None:
    assert isinstance(parse(text), ExpressionSyntaxError) != accepted_by_package(text)


@pytest.mark.parametrize("brackets", ["f({})", "[{}]", "{{{}}}", "a[{}]"])
def test_all_short_argument_lists(brackets: str) -> None:
    """Which arguments may be left out is the oddest part of the grammar."""
    for length in range(7):
        for pieces in product(("1", "a => b", ","), repeat=length):
            assert_agreement(brackets.format(" ".join(pieces)))
