"""Strategies for texts that are, nearly are or are not YAQL, and the case files."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import strategies as st

FACTOR = int(os.environ.get("ST2C_FUZZ", "1"))
"""How many times the usual number of random cases to run."""

CASES = Path(__file__).parent / "cases"

ACCEPTED = [
    line
    for line in (CASES / "accepted.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]

NAMES = ["a", "b1", "_c", "ctx", "größe", "notes", "inner", "x_y"]
ATOMS = [
    *NAMES,
    *("$", "$1", "$x", "$__y", "0", "12", "1.50", "007", "true", "false", "null"),
    *("''", "'a b'", '"q\\"q"', "`v\\`v`", "'\\x41\\u00e9\\t'", "'<%'", "'\\q'", '"é😀"'),
]
BINARY = [*".", "?.", *"+-*/=<>", "mod", "=~", "!~", ">=", "<=", "!=", "in", "and", "or", "->"]
UNARY = ["+", "-", "not"]
SPACES = ["", " ", "\n", "\t", " \r\n ", "  "]
JUNK = ["__z", "1e5", "2x", "!", "?", "@", "'", '"', "`", "\\", "==", "&&", "|", ":", ";", "\xa0"]
TOKENS = [
    *ATOMS,
    *BINARY,
    *UNARY,
    *"()[]{},",
    *("f(", "g(", "not(", "__p(", "=>", ",", ",", ")", "]", "}", "'\\x4'", "'\\N{no}'"),
    *JUNK,
]


def _arguments(value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    named = st.tuples(value, value).map(" => ".join)
    gap = st.sampled_from([" , ", " , ", " ,, ", " ,,, "])
    positional = st.tuples(
        st.sampled_from(["", "", ",", ",,"]),
        st.lists(st.tuples(value, gap), min_size=1, max_size=3),
    ).map(lambda parts: parts[0] + "".join(v + g for v, g in parts[1]).rstrip(", "))
    several_named = st.lists(named, min_size=1, max_size=2).map(" , ".join)
    mixed = st.tuples(positional, st.sampled_from([" , ", " ,, "]), several_named).map("".join)
    return st.just("") | positional | several_named | mixed


def _larger(value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = _arguments(value)
    return st.one_of(
        st.tuples(value, st.sampled_from(BINARY), value).map(" ".join),
        st.tuples(st.sampled_from(UNARY), value).map(" ".join),
        value.map("( {} )".format),
        st.builds("{}({} )".format, st.sampled_from(NAMES), arguments),
        st.builds("{} . {}({} )".format, value, st.sampled_from(NAMES), arguments),
        arguments.map("[ {} ]".format),
        arguments.map("{{ {} }}".format),
        st.builds("{} [ {} ]".format, value, arguments),
    )


def expressions() -> st.SearchStrategy[str]:
    """Texts that the grammar generates."""
    return st.recursive(st.sampled_from(ATOMS), _larger, max_leaves=12)


def soup() -> st.SearchStrategy[str]:
    """Tokens in no order."""
    piece = st.tuples(st.sampled_from(TOKENS), st.sampled_from(SPACES)).map("".join)
    return st.lists(piece, max_size=12).map("".join)


@st.composite
def mutations(draw: st.DrawFn, seeds: list[str]) -> str:
    """A real expression with some tokens or characters deleted, replaced, inserted or moved."""
    text = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 1, 2, 5])))
        copied = draw(st.integers(0, len(text)))
        inserted = draw(st.just("") | st.sampled_from(TOKENS) | st.just(text[copied : copied + 4]))
        text = text[:start] + inserted + text[end:]
    return text
