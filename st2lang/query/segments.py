"""The code regions of a string, finished or not, and what they consist of.

`expressions.embedded` finds what the engines evaluate. An editor is asked about text that is no expression
yet (`<% ctx().`), or no longer: here every region that begins with a delimiter counts, and one that is
never closed ends with its line, or where the next one begins. `lex` cuts a region into lexemes and steps
over what belongs to no language, so that colours and names survive a missing bracket or quote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache, lru_cache

from st2lang.expressions import _yaql_tables, jinja, jinja_ast, yaql, yaql_ast
from st2lang.expressions.embedded import Embedded
from st2lang.expressions.errors import ExpressionSyntaxError, Rejection
from st2lang.expressions.jinja_lexer import Scanner
from st2lang.expressions.lalr import END, ERROR, Lexer, Token
from st2lang.patterns import lazy
from st2lang.record import record
from st2lang.source import Span

_OPENING = lazy(r"<%|\{\{[-+]?|\{%[-+]?|\{#[-+]?")
_OPENING_JINJA = lazy(r"\{\{[-+]?|\{%[-+]?|\{#[-+]?")
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_CLOSING = {
    "<%": lazy(r"%>"),
    "{{": lazy(r"[-+]?\}\}"),
    "{%": lazy(r"[-+]?%\}"),
    "{#": lazy(r"[-+]?#\}"),
}
_CLOSING_QUOTED = {
    "{{": lazy(rf"(?:{_QUOTED}|[^'\"])*?(?P<close>[-+]?\}}\}})", re.DOTALL),
    "{%": lazy(rf"(?:{_QUOTED}|[^'\"])*?(?P<close>[-+]?%\}})", re.DOTALL),
}
_END_RAW = lazy(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_LINE_END = lazy(r"[\r\n]|\Z")


@record
class Segment:
    """A region of code in a string; all offsets count in the string.

    `opening` is `<%`, `{{`, `{%` or `{#`. `start:base` is the opening delimiter (a Jinja sign included),
    `base:stop` the code, `stop:end` the closing delimiter, empty when there is none.
    """

    language: str
    opening: str
    start: int
    base: int
    stop: int
    end: int

    @property
    def closed(self) -> bool:
        """False while the closing delimiter is missing."""
        return self.end > self.stop


@lru_cache(maxsize=2048)
def segments(text: str, yaql: bool = True) -> tuple[Segment, ...]:
    """The code regions of a string in their order. With `yaql=False` (ActionChain) only Jinja counts."""
    return tuple(_segments(text, _OPENING if yaql else _OPENING_JINJA))


def _segments(text: str, opening: re.Pattern[str]) -> Iterator[Segment]:
    at = 0
    while match := opening.search(text, at):
        kind = match[0][:2]
        stop, end = _closing(text, kind, match.end())
        language = "yaql" if kind == "<%" else "jinja"
        yield Segment(language, kind, match.start(), match.end(), stop, end)
        at = end
        if kind == "{%" and text[match.end() : stop].strip() == "raw":
            raw = _END_RAW.search(text, end)
            at = raw.end() if raw else len(text)


def _closing(text: str, kind: str, base: int) -> tuple[int, int]:
    """Where the code ends, and where its closing delimiter does."""
    quoted = _CLOSING_QUOTED.get(kind)
    found = quoted.match(text, base) if quoted else None
    if found:
        stop, end = found.span("close")
    else:
        plain = _CLOSING[kind].search(text, base)
        stop, end = plain.span() if plain else (len(text), len(text))
    again = text.find(kind, base, stop)
    if end > stop and (again < 0 or _parses(kind, text[base:stop])):
        return stop, end
    line = _LINE_END.search(text, base)
    stop = min(line.start() if line else len(text), again if again >= 0 else len(text))
    return stop, stop


def _parses(kind: str, code: str) -> bool:
    """True for code that is an expression although it has a delimiter in it, in quotes."""
    return kind in _PARSERS and _PARSERS[kind](code) is not None


def _yaql_tree(code: str) -> yaql_ast.Node | None:
    found = yaql.parse(code)
    return None if isinstance(found, ExpressionSyntaxError) else found


def _jinja_tree(code: str) -> jinja_ast.Template | None:
    found = jinja.parse_expression(code)
    if isinstance(found, ExpressionSyntaxError):
        return None
    span = Span(0, len(code))
    return jinja_ast.Template((jinja_ast.Output((found,), span),), span)


_PARSERS: dict[str, Callable[[str], yaql_ast.Node | jinja_ast.Template | None]] = {
    "<%": _yaql_tree,
    "{{": _jinja_tree,
}


def tree(text: str, segment: Segment) -> Embedded | None:
    """A region read by itself, where the whole string cannot be read; None when it is no expression either.

    So one unfinished `{{ … }}` does not hide what the others in the same text mean.
    """
    parser = _PARSERS.get(segment.opening)
    node = parser(text[segment.base : segment.stop]) if parser is not None else None
    if node is None:
        return None
    return Embedded(segment.language, segment.start, segment.end, segment.base, node)


class Form(Enum):
    """What a lexeme is."""

    NAME = "name"
    FUNCTION = "function"
    VARIABLE = "variable"
    STRING = "string"
    NUMBER = "number"
    WORD = "word"
    OPERATOR = "operator"
    MARK = "mark"


@record
class Lexeme:
    """One word of an expression; offsets count in the code that was cut. `FUNCTION` is a name that is
    called (its bracket is a lexeme of its own), `WORD` a keyword, `MARK` a bracket, comma or dot."""

    form: Form
    text: str
    start: int
    end: int


_YAQL_WORDS = frozenset({"true", "false", "null", "and", "or", "not", "in", "mod"})
_JINJA_VALUES = frozenset({"true", "false", "none", "True", "False", "None"})
_MARKS = frozenset("()[]{},.:;") | {"?."}


@lru_cache(maxsize=4096)
def lex(language: str, code: str) -> tuple[Lexeme, ...]:
    """The lexemes of a piece of code, whatever its state; characters that begin none are left out."""
    found = _yaql(code) if language == "yaql" else _jinja(code)
    return tuple(found)


@cache
def _yaql_lexer() -> Lexer:
    return Lexer(_yaql_tables)


def _yaql(code: str) -> Iterator[Lexeme]:
    at = 0
    while at < len(code):
        tokens = _yaql_lexer().tokenize(code[at:])
        for token in tokens:
            yield from _yaql_lexeme(token, at)
        kind, _, _, end = tokens[-1]
        if kind != ERROR:
            return
        at += end


def _yaql_lexeme(token: Token, base: int) -> Iterator[Lexeme]:
    kind, text, start, end = token
    start, end = start + base, end + base
    if kind in (END, ERROR):
        return
    if kind == "FUNCTION":
        yield Lexeme(Form.FUNCTION, text[:-1], start, end - 1)
        yield Lexeme(Form.MARK, "(", end - 1, end)
        return
    if kind in ("NAME", "STRING", "NUMBER", "VARIABLE"):
        form = Form[kind]
    elif text in _YAQL_WORDS:
        form = Form.WORD
    else:
        form = Form.MARK if text in _MARKS else Form.OPERATOR
    yield Lexeme(form, text, start, end)


def _jinja(code: str) -> Iterator[Lexeme]:
    tokens = list(_jinja_tokens(code))
    for i, (kind, text, start, end) in enumerate(tokens):
        after = tokens[i + 1][1] if i + 1 < len(tokens) else ""
        before = tokens[i - 1][1] if i else ""
        if kind == "STRING":
            form = Form.STRING
        elif kind in ("INTEGER", "FLOAT"):
            form = Form.NUMBER
        elif text[0].isalpha() or text[0] == "_" or not text.isascii():
            keyword = kind not in ("NAME", "KEY") or text in _JINJA_VALUES
            called = after == "(" and kind == "NAME"
            form = Form.FUNCTION if called or before == "|" else Form.NAME
            if keyword and before not in (".", "|"):
                form = Form.WORD
        else:
            form = Form.MARK if text in _MARKS else Form.OPERATOR
        yield Lexeme(form, text, start, end)


def _jinja_tokens(code: str) -> Iterator[Token]:
    """The tokens as far as they go, and again behind what is none."""
    at = 0
    while at < len(code):
        last = at
        try:
            for kind, text, start, end in Scanner(code[at:]).tokens(""):
                if kind != END:
                    yield kind, text, at + start, at + end
                    last = at + end
            return
        except Rejection as rejection:
            wrong = at + rejection.error.span.start
            at = wrong + 1 if wrong >= last else _skip_one(code, last)


def _skip_one(code: str, at: int) -> int:
    """Behind the next character that is no blank."""
    while at < len(code) and code[at].isspace():
        at += 1
    return at + 1
