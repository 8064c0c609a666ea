"""Which expressions a string has, held against the way Orquesta looks for them: by the regular expressions
of `orquesta/expressions/yql.py` and `jinja.py`."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from st2lang.expressions.embedded import scan

PARTS = [
    "<%",
    "%>",
    "{{",
    "}}",
    "{%",
    "%}",
    " ",
    "\n",
    "ctx().x",
    "1",
    "'a'",
    "if 1",
    "endif",
    "-",
    "text",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=9).map("".join)


@given(TEXTS)
def test_yaql_is_what_orquesta_finds(text: str) -> None:
    live = [
        (e.start, e.end) for e in scan(text).expressions if e.language == "yaql" and not e.inert
    ]
    assert live == [match.span() for match in re.finditer("<%.*?%>", text)]


@given(TEXTS)
def test_languages_are_what_orquesta_finds(text: str) -> None:
    live = {e.language for e in scan(text).expressions if not e.inert}
    yaql = bool(re.search("<%.*?%>", text))
    jinja = bool(re.search("{{.*?}}|{%.*?%}", text))
    assert live == {name for name, there in (("yaql", yaql), ("jinja", jinja)) if there}
    assert scan(text).mixed is (yaql and jinja)


@given(TEXTS)
@example("<%\n%>{%%}")
def test_expressions_stand_in_order_and_apart(text: str) -> None:
    found = scan(text)
    if not found.mixed:
        spans = [(e.start, e.end) for e in found.expressions]
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)), spans


@given(TEXTS)
def test_trees_stand_on_their_text(text: str) -> None:
    for embedded in scan(text).expressions:
        span = embedded.error.span if embedded.error else embedded.node.span  # type: ignore[union-attr]
        assert 0 <= embedded.base + span.start <= embedded.base + span.end <= len(text)


WHOLE = [
    ("<% ctx().x %>", True),
    ("<% ctx().x %> ", False),
    ("<% ctx().x %>\n", False),
    ("<% ctx().x %><% 1 %>", False),
    ("{{ ctx().x }}", True),
    (" {{ ctx().x }}", False),
    ("{{ ctx().x }}{{ 1 }}", False),
    ("{% if 1 %}a{% endif %}", False),
    ("text", False),
    ("<%\nctx().x %>", False),
]


@pytest.mark.parametrize(("text", "whole"), WHOLE)
def test_what_keeps_its_type(text: str, whole: bool) -> None:
    assert scan(text).whole is whole


def test_orquesta_ends_jinja_at_the_first_brackets() -> None:
    (found,) = scan("{{ {'a': {}} }}").expressions
    assert found.error is not None
    assert "first `}}`" in found.error.help
    (chain,) = scan("{{ {'a': {}} }}", yaql=False).expressions
    assert chain.error is None
