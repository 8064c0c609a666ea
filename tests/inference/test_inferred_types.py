"""What is inferred must admit what the reference packages give: for every documented example of every
function, and for made-up expressions."""

from __future__ import annotations

import pytest
from functions.oracles import run_yaql
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang import functions, types
from st2lang.expressions.embedded import scan
from st2lang.functions import Example
from st2lang.inference import infer
from st2lang.symbols import Use
from st2lang.types import Type

EXAMPLES = [
    pytest.param(language, example, id=f"{language}:{record.kind.value}:{record.name}:{number}")
    for language in functions.LANGUAGES
    for record in functions.table(language).values()
    for number, example in enumerate(record.examples)
]


def _nothing(use: Use, name: str) -> Type:
    return types.ANY


def inferred(expression: str, language: str) -> Type:
    """The type of the expression alone in a string."""
    text = f"<% {expression} %>" if language == "yaql" else f"{{{{ {expression} }}}}"
    found = scan(text, language != "jinja-chain").expressions
    assert len(found) == 1, text
    return infer(found[0], language, _nothing)


@pytest.mark.parametrize(("language", "example"), EXAMPLES)
def test_result_of_example_fits(language: str, example: Example) -> None:
    kind = inferred(example.expression, language)
    assert types.assignable(types.of_value(example.result), kind) is not False, str(kind)


NUMBERS = st.integers(0, 9).map(str) | st.sampled_from(["2.5", "0.0"])
LEAVES = NUMBERS | st.sampled_from(["'a'", "''", "true", "null", "[1, 'b']", "{k => 1}", "word"])


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "mod", "=", "!=", "<", ">", "in", "and", "or"])
    binary = st.builds("({} {} {})".format, inner, operators, inner)
    methods = st.sampled_from(
        [
            "len()",
            "select($)",
            "where($)",
            "keys()",
            "toUpper()",
            "get(k)",
            "first(1)",
            "split(',')",
        ]
    )
    return (
        binary
        | st.builds("({}).{}".format, inner, methods)
        | st.builds("[{}, {}]".format, inner, inner)
        | st.builds("[{}, {}][1]".format, inner, inner)
        | st.builds("{{k => {}}}.k".format, inner)
        | st.builds("str({})".format, inner)
        | st.builds("(not {})".format, inner)
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(LEAVES, _nested, max_leaves=6))
def test_what_yaql_gives_fits(expression: str) -> None:
    try:
        result = run_yaql(expression)
    except Exception:
        return  # an expression that fails has no type
    kind = inferred(expression, "yaql")
    assert types.assignable(types.of_value(_plain(result)), kind) is not False, str(kind)


def _plain(value: object) -> object:
    """YAQL's own frozen collections as lists and dicts."""
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return value
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value]
