"""Texts as editors change them, in each of the protocol's units of position."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp
from st2server.convert import Converter
from st2server.documents import Documents
from st2server.projects import Projects

from st2lang.source import Source, Span

ENCODINGS = ("utf-8", "utf-16", "utf-32")
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
CHARACTERS = st.sampled_from("ab: \t-é漢𝔣😀\u2028\x0b\x0c\x85\n")
TEXTS = st.lists(CHARACTERS | st.just("\r\n"), max_size=40).map("".join)


def units(text: str, encoding: str) -> int:
    codec, width = CODECS[encoding]
    return len(text.encode(codec)) // width


def lines(text: str) -> list[str]:
    """As the protocol ends them, and as it does not: at U+2028 or a form feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_positions_and_offsets_are_inverse(text: str, encoding: str) -> None:
    source, converter = Source("a.yaml", text), Converter(encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue  # between the two halves of a line break there is no position
        position = converter.position(source, offset)
        before = lines(text[:offset])
        assert (position.line, position.character) == (
            len(before) - 1,
            units(before[-1], encoding),
        )
        assert converter.offset(source, position) == offset


@given(TEXTS, st.integers(0, 60), st.integers(0, 200), st.sampled_from(ENCODINGS))
def test_any_position_is_somewhere(text: str, line: int, character: int, encoding: str) -> None:
    offset = Converter(encoding).offset(Source("a.yaml", text), lsp.Position(line, character))
    assert 0 <= offset <= len(text)


@pytest.mark.parametrize(
    ("encoding", "character"), [("utf-8", 2), ("utf-8", 3), ("utf-16", 2), ("utf-16", 1)]
)
def test_inside_a_character_is_its_start(encoding: str, character: int) -> None:
    position = lsp.Position(0, character)
    source = Source("a.yaml", "a😀b" if encoding == "utf-8" else "😀b")
    start = 1 if encoding == "utf-8" else (0 if character == 1 else 1)
    assert Converter(encoding).offset(source, position) == start


@given(st.data(), TEXTS, st.sampled_from(ENCODINGS))
def test_edits_one_after_the_other(draw: st.DataObject, text: str, encoding: str) -> None:
    converter = Converter(encoding)
    documents = Documents(Projects(), converter)
    uri = "untitled:a"
    documents.open(lsp.TextDocumentItem(uri, "yaml", 1, text))
    for version in range(2, 2 + draw.draw(st.integers(1, 4))):
        start = draw.draw(st.integers(0, len(text)))
        end = draw.draw(st.integers(start, len(text)))
        if any(text[at - 1 : at + 1] == "\r\n" for at in (start, end)):
            continue
        new = draw.draw(TEXTS)
        place = converter.range(Source("", text), Span(start, end))
        text = text[:start] + new + text[end:]
        changed = documents.change(
            uri, version, [lsp.TextDocumentContentChangePartial(range=place, text=new)]
        )
        assert changed is not None
        assert changed.source.text == text
        assert changed.version == version
