"""Code regions agree with what the engines evaluate wherever an expression is finished."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from st2lang.document import Document
from st2lang.expressions.embedded import scan
from st2lang.query.segments import lex, segments
from st2lang.source import Source

MARKS = ["<%", "%>", "{{", "}}", "{%", "%}", "{#", "#}", " ", "\n"]
CODE = [
    "ctx()",
    ".x",
    "('y')",
    "+",
    "(",
    "[1]",
    "raw",
    "$.a",
    "|",
    "1.5",
    "not",
    "=>",
    "é",
    "?.",
    "-",
    '"',
    "'",
]
PARTS = st.lists(st.sampled_from(MARKS + CODE), max_size=20).map("".join)


@given(PARTS, st.booleans())
def test_regions_are_in_order_and_apart(text: str, yaql: bool) -> None:
    last = 0
    for segment in segments(text, yaql):
        assert last <= segment.start < segment.base <= segment.stop <= segment.end <= len(text)
        assert text.startswith(segment.opening, segment.start)
        last = segment.end


@given(PARTS, st.sampled_from(["yaql", "jinja"]))
def test_lexemes_are_the_text_where_they_stand(code: str, language: str) -> None:
    last = 0
    for word in lex(language, code):
        assert last <= word.start < word.end <= len(code)
        assert code[word.start : word.end] == word.text
        last = word.end


@given(PARTS)
def test_what_orquesta_evaluates_is_a_region(text: str) -> None:
    found = scan(text)
    regions = {(s.start, s.end) for s in segments(text) if s.closed}
    for embedded in found.expressions:
        if embedded.node is not None and embedded.language == "yaql" and not found.mixed:
            inner = text[embedded.start + 2 : embedded.end - 2]
            if not any(mark in inner for mark in ("{{", "{%", "{#", "<%")):
                before = text[: embedded.start]
                if not any(mark in before for mark in ("<%", "{{", "{%", "{#")):
                    assert (embedded.start, embedded.end) in regions


def test_what_the_corpus_evaluates_is_a_region(corpus: Path) -> None:
    count = 0
    for path in sorted((corpus / "packs").glob("*/actions/**/*.yaml")):
        document = Document(Source(str(path), path.read_text(encoding="utf-8")))
        for place in document.places:
            regions = {(s.start, s.end) for s in segments(place.text.text, place.orquesta)}
            for embedded in place.text.expressions:
                if embedded.node is None or (embedded.language == "jinja" and not place.orquesta):
                    continue
                if embedded.language == "jinja" and "{%" in place.text.text:
                    continue
                count += 1
                assert (embedded.start, embedded.end) in regions, place.text.text
    assert count > 500
