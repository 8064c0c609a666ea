"""What the words of a file mean, for colours: keys, names, and the languages inside strings.

Tokens come in the order of the text, do not overlap and never go over a line break. The types and modifiers
are those of the Language Server Protocol where it has one that fits; an editor needs no settings to show
them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from st2lang.functions.record import Kind as FunctionKind
from st2lang.patterns import lazy
from st2lang.query import symbol as symbols
from st2lang.query._memo import per_document
from st2lang.query.symbol import Access, Kind, Occurrence
from st2lang.query.tokens_in_code import strings, words
from st2lang.query.tokens_of_keys import keys
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document

_LINE = lazy(r"[^\r\n]+")


class TokenType(Enum):
    """The kind of a word. `CLASS` is a task, `MACRO` a delimiter of an expression, `ENUM_MEMBER` a key of the
    datastore, `KEYWORD` a key that the language knows, an engine command, a word of an expression."""

    KEYWORD = "keyword"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    VARIABLE = "variable"
    PARAMETER = "parameter"
    PROPERTY = "property"
    ENUM_MEMBER = "enumMember"
    STRING = "string"
    NUMBER = "number"
    OPERATOR = "operator"
    MACRO = "macro"
    COMMENT = "comment"


class Modifier(Enum):
    """More about a word: that the name is defined here, is given a value here, is known to the language, should
    not be used any more."""

    DEFINITION = "definition"
    MODIFICATION = "modification"
    DEFAULT_LIBRARY = "defaultLibrary"
    DEPRECATED = "deprecated"


@record
class Token:
    """One word."""

    span: Span
    type: TokenType
    modifiers: frozenset[Modifier] = frozenset()


_TYPES = {
    Kind.TASK: TokenType.CLASS,
    Kind.COMMAND: TokenType.KEYWORD,
    Kind.VARIABLE: TokenType.VARIABLE,
    Kind.ENGINE: TokenType.VARIABLE,
    Kind.OUTPUT: TokenType.PROPERTY,
    Kind.ITEM: TokenType.VARIABLE,
    Kind.PARAMETER: TokenType.PARAMETER,
    Kind.ACTION: TokenType.FUNCTION,
    Kind.KEY: TokenType.ENUM_MEMBER,
    Kind.FUNCTION: TokenType.FUNCTION,
    Kind.LOCAL: TokenType.VARIABLE,
}

_NONE: frozenset[Modifier] = frozenset()
_ACCESS = {
    Access.DEFINE: frozenset({Modifier.DEFINITION}),
    Access.WRITE: frozenset({Modifier.MODIFICATION}),
    Access.READ: _NONE,
}


def find(document: Document, within: Span | None = None) -> tuple[Token, ...]:
    """The tokens of a file, or those that touch a part of it."""
    every = _every(document)
    if within is None:
        return every
    first = bisect_left(every, within.start, key=lambda t: t.span.end)
    last = bisect_right(every, within.end, key=lambda t: t.span.start)
    return every[first:last]


@per_document
def _every(document: Document) -> tuple[Token, ...]:
    """Names first; the words of the code around them and the keys give way where they overlap."""
    text = document.source.text
    named = _apart(_of_name(o) for o in symbols.occurrences(document))
    coded = list(_cut(_of_code(document), named))
    taken = sorted((*named, *coded), key=lambda t: t.span)
    keyed = _cut((Token(span, TokenType.KEYWORD) for span in keys(document)), taken)
    found = (part for token in (*taken, *keyed) for part in _lines(text, token))
    return tuple(sorted(found, key=lambda t: t.span))


def _of_name(occurrence: Occurrence) -> Token:
    symbol, modifiers = occurrence.symbol, _ACCESS[occurrence.access]
    kind = _TYPES[symbol.kind]
    if symbol.kind is Kind.ENGINE:
        modifiers = frozenset({Modifier.DEFAULT_LIBRARY})
    elif symbol.kind is Kind.FUNCTION:
        value = occurrence.scalar.value
        if value[occurrence.start - 1 : occurrence.start] == ".":
            kind = TokenType.METHOD
        modifiers = _of_function(symbol.name, symbol.owner)
    return Token(occurrence.span, kind, modifiers)


def _of_function(name: str, owner: str) -> frozenset[Modifier]:
    from st2lang import functions

    language, _, kind = owner.partition(" ")
    known = functions.lookup(language, name, FunctionKind(kind))
    if known is None:
        return _NONE
    deprecated = {Modifier.DEPRECATED} if known.deprecated else set()
    return frozenset({Modifier.DEFAULT_LIBRARY} | deprecated)


def _of_code(document: Document) -> Iterator[Token]:
    """The words of every string with code."""
    for piece, yaql in strings(document):
        for name, start, end in words(piece.text, yaql):
            yield Token(piece.locate(start, end), TokenType[name])


def _apart(tokens: Iterable[Token]) -> list[Token]:
    """Without tokens that begin inside the one before, and empty ones."""
    found: list[Token] = []
    for token in sorted(tokens, key=lambda t: t.span):
        if token.span.end > token.span.start and (
            not found or token.span.start >= found[-1].span.end
        ):
            found.append(token)
    return found


def _cut(tokens: Iterable[Token], taken: list[Token]) -> Iterator[Token]:
    """What is left of tokens where others, sorted and apart, are taken out."""
    ends = [t.span.end for t in taken]
    for token in _apart(tokens):
        start, end = token.span
        at = bisect_right(ends, start)
        while at < len(taken) and taken[at].span.start < end:
            if start < taken[at].span.start:
                yield Token(Span(start, taken[at].span.start), token.type, token.modifiers)
            start = taken[at].span.end
            at += 1
        if start < end:
            yield Token(Span(start, end), token.type, token.modifiers)


def _lines(text: str, token: Token) -> Iterator[Token]:
    """The parts of a token on each line, without indentation."""
    start, end = token.span
    if "\n" not in text[start:end] and "\r" not in text[start:end]:
        yield token
        return
    for line in _LINE.finditer(text, start, end):
        written = line[0].strip(" \t")
        if written:
            first = line.start() + line[0].index(written)
            yield Token(Span(first, first + len(written)), token.type, token.modifiers)
