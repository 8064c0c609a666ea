"""The parser accepts and rejects what jinja2 does, with the same tree and the same text."""

from __future__ import annotations

import pytest
from expressions.jinja.jinja_oracle import (
    REJECTED,
    our_expression,
    our_template,
    their_expression,
    their_template,
)
from expressions.jinja.jinja_texts import (
    FACTOR,
    TEMPLATES,
    blocks,
    expressions,
    mutations,
    soup,
    whitespace,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def assert_same_template(text: str) -> None:
    assert our_template(text) == their_template(text)


def assert_same_expression(text: str) -> None:
    assert our_expression(text) == their_expression(text)


@pytest.mark.parametrize("text", TEMPLATES)
def test_every_prefix_and_suffix_of_a_template(text: str) -> None:
    assert our_template(text) != REJECTED
    for cut in range(len(text)):
        assert_same_template(text[:cut])
        assert_same_template(text[cut:])


@settings(max_examples=400 * FACTOR)
@given(expressions())
def test_grammatical_expressions(text: str) -> None:
    assert_same_expression(text)
    assert_same_template("{{" + text + "}}")


@settings(max_examples=300 * FACTOR)
@given(soup())
def test_tokens_in_no_order(text: str) -> None:
    assert_same_expression(text)


@settings(max_examples=400 * FACTOR)
@given(blocks())
def test_tags(text: str) -> None:
    assert_same_template(text)


@settings(max_examples=500 * FACTOR)
@given(mutations())
def test_edited_templates(text: str) -> None:
    assert_same_template(text)


@settings(max_examples=400 * FACTOR)
@given(whitespace())
def test_whitespace_around_delimiters(text: str) -> None:
    assert_same_template(text)


@settings(max_examples=200 * FACTOR)
@given(st.text(max_size=20), st.sampled_from(["{{", "{%", "{#", ""]))
def test_any_text(text: str, opening: str) -> None:
    assert_same_template(opening + text)
    assert_same_expression(text)


@settings(max_examples=300 * FACTOR)
@given(st.text("\\xuUN{}0123456789afnqz'`\"é\r\n😀", max_size=12), st.sampled_from("'\""))
def test_escapes(content: str, quote: str) -> None:
    assert_same_expression(quote + content + quote)


@settings(max_examples=200 * FACTOR)
@given(st.text("0123456789_.eExXbBoOaf+-٣", max_size=10))
def test_numbers(text: str) -> None:
    assert_same_expression(text)


@settings(max_examples=200 * FACTOR)
@given(st.text("aéz_1²\u0301\u00b7٣=. ", max_size=8))
def test_names(text: str) -> None:
    assert_same_expression(f"f({text})")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "{#",
            "{#\n",
            "{# ",
            "{% raw %}",
            "{% raw %}\n",
            "{% raw %} ",
            "{% raw -%}  ",
            "{{",
            "{%",
        ),
        "{{ '\\N{LATIN SMALL LETTER A}\\N{DIGIT ONE}' }}",
        "{{ '\\N{LATIN SMALL LETTER R WITH TILDE}' }}",
        "{{ '\\777\\x41\\u0041\\U00000041\\\n\\q\\8\\\r\nz\\ud800' }}",
        "{{ '\\U00110000' }}",
        "{{ " + "1" * 5000 + " }}",
        "{{ 0x" + "f" * 5000 + " }}",
        "\x1c {% if a %}\x85 {%- endif %}",
        "{{ a\u00a0b }}{{\u2003a\x0b}}",
        "\ud800{{ '\ud800' }}",
    ],
)
def test_odd_text(text: str) -> None:
    assert_same_template(text)
