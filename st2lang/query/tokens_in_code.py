"""The words of the code in strings that are no names: strings, numbers, operators, attributes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from st2lang.dialects.model import Piece
from st2lang.query.segments import Form, Lexeme, Segment, lex, segments
from st2lang.yaml import Scalar, walk

if TYPE_CHECKING:
    from st2lang.document import Document

Word = tuple[str, int, int]
"""The name of a `TokenType`, and the characters of the string."""

_FORMS = {
    Form.STRING: "STRING",
    Form.NUMBER: "NUMBER",
    Form.WORD: "KEYWORD",
    Form.OPERATOR: "OPERATOR",
    Form.VARIABLE: "VARIABLE",
}


def strings(document: Document) -> Iterator[tuple[Piece, bool]]:
    """Every string that may hold code, once, and whether YAQL is code in it.

    Also those that no engine evaluates where they stand: under an unknown key, or in metadata.
    """
    seen: set[tuple[int, int]] = set()
    scalars: set[int] = set()
    for place in document.places:
        key = id(place.piece.scalar), place.piece.start
        if key not in seen:
            seen.add(key)
            scalars.add(key[0])
            yield place.piece, place.orquesta
    yaql = document.kind == "orquesta"
    for path, node in walk(document.root) if document.root is not None else ():
        if isinstance(node, Scalar) and id(node) not in scalars and _has_code(node.value, yaql):
            yield Piece(node, 0, len(node.value), path), yaql


def _has_code(text: str, yaql: bool) -> bool:
    return "{{" in text or "{%" in text or (yaql and "<%" in text)


@lru_cache(maxsize=4096)
def words(text: str, yaql: bool) -> tuple[Word, ...]:
    """The words of a string's code, delimiters included, in their order. Remembered by the text."""
    return tuple(_words(text, yaql))


def _words(text: str, yaql: bool) -> Iterator[Word]:
    for segment in segments(text, yaql):
        if segment.opening == "{#":
            yield "COMMENT", segment.start, segment.end
            continue
        yield "MACRO", segment.start, segment.base
        yield from _code(text, segment)
        if segment.closed:
            yield "MACRO", segment.stop, segment.end


def _code(text: str, segment: Segment) -> Iterator[Word]:
    lexemes = lex(segment.language, text[segment.base : segment.stop])
    for i, lexeme in enumerate(lexemes):
        before = lexemes[i - 1].text if i else ""
        after = lexemes[i + 1].text if i + 1 < len(lexemes) else ""
        name = _name(segment.language, lexeme, before, after)
        if name:
            yield name, segment.base + lexeme.start, segment.base + lexeme.end


def _name(language: str, lexeme: Lexeme, before: str, after: str) -> str:
    match lexeme.form:
        case Form.FUNCTION:
            return "METHOD" if before in (".", "?.") else "FUNCTION"
        case Form.NAME:
            if before in (".", "?."):
                return "PROPERTY"
            if after in ("=>", "="):
                return "PARAMETER"
            return "PROPERTY" if language == "yaql" else "VARIABLE"
        case _:
            return _FORMS.get(lexeme.form, "")
