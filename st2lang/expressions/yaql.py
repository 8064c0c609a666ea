"""Parses YAQL: exactly the language of the `yaql` package with `YaqlFactory()`, which Orquesta uses.

The grammar is `yaql.lark`; this module makes its tree and explains what it does not accept.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import cache, lru_cache

from st2lang.expressions import _yaql_tables as tables
from st2lang.expressions.errors import ExpressionSyntaxError, Rejection
from st2lang.expressions.lalr import Lexer, Parser, Token
from st2lang.expressions.yaql_ast import (
    Argument,
    Binary,
    Call,
    DictDisplay,
    Group,
    Index,
    Keyword,
    ListDisplay,
    Literal,
    Member,
    NamedArgument,
    Node,
    Unary,
    Variable,
)
from st2lang.patterns import lazy
from st2lang.source import Span

_ESCAPE = lazy(r"\\(?:U.{8}|u.{4}|x..|(?P<octal>[0-7]{1,3})|N\{[^}]+\}|[\\'\"abfnrtv])")

_VALUES = "STRING NUMBER TRUE FALSE NULL NAME VARIABLE FUNCTION LPAR INDEX LBRACE PLUS MINUS NOT"
_OPERATORS = (
    "DOT SAFE_DOT MATCHES MATCHES_NOT STAR SLASH MOD PLUS MINUS LESS MORE AT_MOST AT_LEAST DIFFERS "
    "EQUALS IN AND OR ARROW INDEX"
)
_WORDS = (
    ("a value", frozenset(_VALUES.split())),
    ("an operator", frozenset(_OPERATORS.split())),
)


@lru_cache(maxsize=4096)
def parse(text: str) -> Node | ExpressionSyntaxError:
    """The tree of an expression (the text between `<%` and `%>`), or why it is none. Never raises."""
    lexer, parser = _machine()
    result = parser.parse(lexer.tokenize(text), "value")
    if isinstance(result, ExpressionSyntaxError):
        from st2lang.expressions.yaql_hints import explain

        return explain(text, result)
    return result


@cache
def _machine() -> tuple[Lexer, Parser[Node]]:
    actions: dict[str, Callable[..., object]] = {
        "string": lambda span, token: Literal(_string(token), span),
        "number": lambda span, token: Literal(_number(token), span),
        "true": lambda span, token: Literal(True, span),
        "false": lambda span, token: Literal(False, span),
        "null": lambda span, token: Literal(None, span),
        "name": lambda span, token: Keyword(token[1], span),
        "variable": lambda span, token: Variable(token[1], span),
        "group": lambda span, inner: Group(inner, span),
        "call": _call,
        "list": lambda span, items: ListDisplay(items, span),
        "dict": lambda span, items: DictDisplay(items, span),
        "member": lambda span, left, dot, right: Member(left, right, dot[0] == "SAFE_DOT", span),
        "index": lambda span, receiver, items: Index(receiver, items, span),
        "unary": lambda span, token, operand: Unary(token[1], operand, span),
        "binary": lambda span, left, token, right: Binary(
            token[1], left, right, Span(*token[2:]), span
        ),
        "named": lambda span, name, value: NamedArgument(name, value, span),
        "arguments": _arguments,
    }
    return Lexer(tables), Parser(tables, actions, _WORDS)


def _call(span: Span, token: Token, args: tuple[Argument, ...]) -> Call:
    _, text, start, end = token
    return Call(text[:-1], args, Span(start, end - 1), span)


def _arguments(_: Span, *items: Node | Token) -> tuple[Argument, ...]:
    """Arguments without their commas, None for each one left out."""
    arguments: list[Argument] = []
    missing = True
    for item in items:
        if not isinstance(item, tuple):
            arguments.append(item)
            missing = False
        elif missing:
            arguments.append(None)
        else:
            missing = True
    return tuple(arguments)


def _number(token: Token) -> int | float:
    _, text, start, end = token
    try:
        return float(text) if "." in text else int(text)
    except ValueError:  # Python refuses to convert integers of thousands of digits
        message = f"the number has {len(text)} digits, more than can be read"
        raise Rejection(ExpressionSyntaxError(Span(start, end), message, found=text)) from None


def _string(token: Token) -> str:
    """The text that a string literal stands for (yaql/language/lexer.py)."""
    _, text, start, _ = token
    if "\\" not in text:
        return text[1:-1]
    if text[0] == "`":
        return text[1:-1].replace("\\`", "`")
    return _ESCAPE.sub(lambda match: _unescaped(match, start + 1), text[1:-1])


def _unescaped(match: re.Match[str], offset: int) -> str:
    escape = match[0]
    if octal := match["octal"]:
        return chr(int(octal, 8))
    try:
        return codecs.decode(escape, "unicode-escape")
    except ValueError:
        span = Span(offset + match.start(), offset + match.end())
        message = f"`{escape}` is not a character"
        raise Rejection(ExpressionSyntaxError(span, message, found=escape)) from None
