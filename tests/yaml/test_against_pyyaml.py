"""The loader that StackStorm uses is the measure: the same data, the same texts refused."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.problem import Severity
from st2lang.yaml import parse, to_data

STRICTER = {
    "duplicate-key",
    "yaml-duplicate-anchor",
    "yaml-multiple-documents",
    "yaml-recursive-alias",
    "yaml-too-deep",
}
"""What we refuse and PyYAML loads."""


def same(ours: Any, theirs: Any) -> bool:
    """Equality that knows NaN, and that 1 is not true."""
    if isinstance(theirs, dict):
        return (
            isinstance(ours, dict)
            and len(ours) == len(theirs)
            and all(k in ours and same(ours[k], v) for k, v in theirs.items())
        )
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, float) and math.isnan(theirs):
        return isinstance(ours, float) and math.isnan(ours)
    return type(ours) is type(theirs) and bool(ours == theirs)


def compare(text: str) -> None:
    file = parse(text)
    errors = {p.check for p in file.problems if p.severity is Severity.ERROR} - STRICTER
    try:
        theirs = pyyaml.load(text, Loader=getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader))
    except (pyyaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError, KeyError):
        assert file.problems, text
        return
    assert not errors, (text, file.problems)
    if not file.problems:
        ours = to_data(file.documents[0]) if file.documents else None
        assert same(ours, theirs), text


def test_the_corpus_loads_the_same(corpus: Path) -> None:
    for path in sorted(corpus.glob("**/*.yaml")):
        compare(path.read_text(encoding="utf-8"))


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20),
    st.dates(), st.binary(max_size=8),
    st.sampled_from(["yes", "0o17", "017", "1:30", "1e3", "~", "=", "<<", "0x1f", "1_000", ".inf", "2020-01-01", "on"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(
    value=VALUES,
    flow=st.sampled_from([True, False, None]),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.sampled_from([20, 80, 1000]),
    unicode=st.booleans(),
)
def test_what_pyyaml_writes(
    value: Any, flow: bool | None, style: str | None, width: int, unicode: bool
) -> None:
    compare(
        pyyaml.safe_dump(
            value, default_flow_style=flow, default_style=style, width=width, allow_unicode=unicode
        )
    )


PIECES = st.lists(
    st.sampled_from(
        ["a", "b: ", "- ", "\n", "\n  ", "\n    ", ": ", "'", '"', "[", "]", "{", "}", ", ", "|", ">", "#x", " #x", "&a ",
         "*a", "!!str ", "? ", "1", "yes", "~", "<<: ", "---\n", "...\n", "\t", "\\", "%", "@", "`", "😀", "\u2028"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(PIECES)
def test_any_pieces(text: str) -> None:
    compare(text)


@pytest.mark.parametrize(
    "word",
    [
        "yes",
        "Yes",
        "YES",
        "no",
        "on",
        "off",
        "true",
        "True",
        "null",
        "~",
        "0",
        "00",
        "017",
        "08",
        "0b11",
        "0x1F",
        "1_0",
        "+1",
        "-0",
        "1:30",
        "190:20:30",
        "1.5",
        "1e3",
        "1.e+3",
        ".5",
        ".inf",
        "-.INF",
        ".nan",
        "1.2.3",
        "2020-01-01",
        "2020-1-1",
        "2020-01-01T00:00:00Z",
        "=",
        "<<",
        "0o7",
        "12e03",
        "1,2",
        "y",
        "n",
    ],
)
def test_words(word: str) -> None:
    compare(f"a: {word}")
