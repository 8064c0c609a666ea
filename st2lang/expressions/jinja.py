"""Parses Jinja 3.1 as Orquesta uses it: sandboxed, strict, with `trim_blocks` and `lstrip_blocks`.

Accepts and rejects what `jinja2.Environment.parse` and `compile_expression` accept and reject, without
their limit of nesting. Never raises; results are cached by text.

Two differences are known: jinja2 takes the string `"with"` for the word behind an imported name
(`{% from x import a "with" context %}`), and its list of the combining marks that a name may contain
is older than Python's.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from st2lang.expressions import _jinja_tables
from st2lang.expressions.errors import ExpressionSyntaxError, Rejection, unexpected
from st2lang.expressions.jinja_ast import Node, Output, Template
from st2lang.expressions.jinja_builder import ACTIONS
from st2lang.expressions.jinja_lexer import Scanner
from st2lang.expressions.lalr import Parser
from st2lang.record import replace
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.expressions.jinja_blocks import Blocks
    from st2lang.expressions.jinja_tags import Tag

_OPERAND = frozenset({"NAME", "STRING", "INTEGER", "FLOAT", "LSQB", "LBRACE"})
_SIGNED = _OPERAND | {"LPAR", "PLUS", "MINUS"}
_ARITHMETIC = {"PLUS", "MINUS", "STAR", "SLASH", "DOUBLE_SLASH", "PERCENT", "DOUBLE_STAR", "TILDE"}
_LOGIC = {"EQ", "NE", "LT", "LE", "GT", "GE", "AND", "OR", "IN", "NOT", "IS"}
_OPERATORS = frozenset(_ARITHMETIC | _LOGIC | {"VBAR"})
_WORDS = (
    ("an argument", _SIGNED | {"NOT", "KEY", "STAR", "DOUBLE_STAR"}),
    ("an expression", _SIGNED | {"NOT"}),
    ("an operator", _OPERATORS | {"DOT", "LPAR", "LSQB"}),
    ("an operator", _OPERATORS | {"LPAR"}),
    ("an operator", _OPERATORS),
    ("a value", _SIGNED),
    ("a value", _OPERAND | {"IF"}),
    ("a name", frozenset({"NAME"})),
    ("a string", frozenset({"STRING"})),
    ("a number", frozenset({"INTEGER"})),
    ("a parameter", frozenset({"KEY"})),
)
_FALLBACK = {kind: "NAME" for kind, text in _jinja_tables.LITERALS.items() if text.isalpha()} | {
    "KEY": "NAME"
}
_END = "the end of the expression"
_HINTS = {
    "=": "To compare, write `==`.",
    "|": "A filter has a name behind `|`. For a choice, write `or`.",
    "&": "Write `and`.",
    "!": "Write `not`.",
    "?": "Write `a if condition else b`.",
    "$": "`$` is YAQL. In Jinja a variable is `ctx().name`.",
}
"""What was probably meant by a token that cannot stand where it was found."""


@lru_cache(maxsize=8192)
def parse_expression(text: str) -> Node | ExpressionSyntaxError:
    """The tree of what stands between `{{` and `}}`, as `Environment.compile_expression` reads it:
    one expression and nothing after it, no tuple without parentheses."""
    tree = _expressions().parse(Scanner(text).tokens(""), "expression")
    return _with_hint(tree) if isinstance(tree, ExpressionSyntaxError) else tree


@lru_cache(maxsize=8192)
def parse_template(text: str) -> Template | ExpressionSyntaxError:
    """The tree of a whole text, as `Environment.parse` reads it."""
    try:
        return _template(text)
    except Rejection as rejection:
        return _with_hint(rejection.error)


def _template(text: str) -> Template:
    """The loop over texts, outputs and tags. Raises `Rejection`."""
    scanner = Scanner(text)
    body: list[Node] = []
    blocks = None
    while True:
        texts, opening = scanner.skip_text()
        body += texts
        if opening == "{{":
            body.append(_output(scanner))
        elif opening == "{%":
            blocks = blocks or _blocks(body)
            body = blocks.take(_tag(scanner), scanner.enclosed)
        else:
            break
    if blocks:
        blocks.check_closed()
    return Template(tuple(body), Span(0, len(text)))


def _blocks(body: list[Node]) -> Blocks:
    from st2lang.expressions.jinja_blocks import Blocks

    return Blocks(body)


def _output(scanner: Scanner) -> Output:
    value = _expressions().parse(scanner.tokens("{{"), "output")
    if isinstance(value, ExpressionSyntaxError):
        raise _rejection(value, "}}")
    return Output((value,), scanner.enclosed)


def _tag(scanner: Scanner) -> Tag:
    from st2lang.expressions.jinja_blocks import tag_tokens

    tag = _tags().parse(tag_tokens(scanner.tokens("{%")), "tag")
    if isinstance(tag, ExpressionSyntaxError):
        raise _rejection(tag, "%}")
    return tag


def _rejection(error: ExpressionSyntaxError, closing: str) -> Rejection:
    """The error, with the delimiter where the driver speaks of the end."""
    if _END in error.expected:
        words = tuple(f"`{closing}`" if word == _END else word for word in error.expected)
        error = unexpected(error.span, error.found, words)
    return Rejection(error)


def _with_hint(error: ExpressionSyntaxError) -> ExpressionSyntaxError:
    return error if error.help else replace(error, help=_HINTS.get(error.found, ""))


@cache
def _expressions() -> Parser[Node]:
    """For expressions alone: tags are built by a module that is not loaded for them."""
    actions = defaultdict(lambda: _not_loaded, ACTIONS)
    return Parser(_jinja_tables, actions, _WORDS, _FALLBACK)


@cache
def _tags() -> Parser[Tag]:
    from st2lang.expressions.jinja_tags import ACTIONS

    return Parser(_jinja_tables, ACTIONS, _WORDS, _FALLBACK)


def _not_loaded(span: Span, *children: object) -> None:
    raise AssertionError("an expression has no tags")
