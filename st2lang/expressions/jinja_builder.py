"""Makes the nodes of Jinja expressions: one function for each alias of `jinja.lark`.

Called by the driver as `function(span, *children)`. What the grammar accepts and jinja2's parser does
not is rejected here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from st2lang.expressions.errors import ExpressionSyntaxError, Rejection
from st2lang.expressions.jinja_ast import (
    Argument,
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Const,
    DictDisplay,
    Filter,
    Item,
    ListDisplay,
    Name,
    Node,
    Slice,
    Test,
    TupleDisplay,
    Unary,
)
from st2lang.expressions.jinja_strings import decode
from st2lang.expressions.lalr import Token
from st2lang.source import Span

CONSTANTS = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}


class Dotted(NamedTuple):
    """The name of a filter or test."""

    name: str
    span: Span


Arguments = tuple[Argument, ...]
Operator = str


def reject(span: Span, message: str, advice: str = "") -> Rejection:
    """The exception that makes the driver return an error."""
    return Rejection(ExpressionSyntaxError(span, message, help=advice))


def span_of(token: Token) -> Span:
    """Where a token is."""
    return Span(token[2], token[3])


def name(span: Span, token: Token) -> Node:
    word = token[1]
    return Const(CONSTANTS[word], span) if word in CONSTANTS else Name(word, span)


def integer(span: Span, token: Token) -> Node:
    try:
        return Const(int(token[1].replace("_", ""), 0), span)
    except ValueError:  # more digits than Python converts
        raise reject(span, "the number has too many digits") from None


def decimal(span: Span, token: Token) -> Node:
    if not token[1].isascii():
        raise reject(span, f"`{token[1]}` is not a number, its digits have to be 0 to 9")
    return Const(float(token[1].replace("_", "")), span)


def string(span: Span, *tokens: Token) -> Node:
    return Const("".join([decode(text, start) for _, text, start, _ in tokens]), span)


def list_display(span: Span, *items: Node) -> Node:
    return ListDisplay(items, span)


def tuple_display(span: Span, *items: Node) -> Node:
    return TupleDisplay(items, span)


def dict_display(span: Span, *pairs: tuple[Node, Node]) -> Node:
    return DictDisplay(pairs, span)


def pair(span: Span, key: Node, value: Node) -> tuple[Node, Node]:
    return key, value


def attribute(span: Span, base: Node, token: Token) -> Node:
    return Attribute(base, token[1], span_of(token), span)


def numbered_item(span: Span, base: Node, token: Token) -> Node:
    return Item(base, integer(span_of(token), token), span)


def item(span: Span, base: Node, *indexes: Node) -> Node:
    if len(indexes) == 1:
        return Item(base, indexes[0], span)
    inside = (
        Span(indexes[0].span.start, indexes[-1].span.end)
        if indexes
        else Span(span.end - 1, span.end - 1)
    )
    return Item(base, TupleDisplay(indexes, inside), span)


def slice_(span: Span, *parts: Node | Token) -> Node:
    bounds: list[Node | None] = [None]
    for part in parts:
        if isinstance(part, Node):
            bounds[-1] = part
        else:
            bounds.append(None)
    lower, upper, step, *_ = (*bounds, None)
    return Slice(lower, upper, step, span)


def positional(span: Span, value: Node) -> Argument:
    return Argument(value, None, "", None, span)


def keyword(span: Span, key: Token, value: Node) -> Argument:
    return Argument(value, key[1], "", span_of(key), span)


def spread(span: Span, stars: Token, value: Node) -> Argument:
    return Argument(value, None, stars[1], None, span)


def arguments(span: Span, *passed: Argument) -> Arguments:
    """In Jinja's order: positional; then keywords with at most one `*` among them; `**` last."""
    seen = ""
    stars = False
    for argument in passed:
        kind = argument.stars or ("=" if argument.name is not None else "")
        if seen == "**":
            raise reject(argument.span, "no argument can follow `**`")
        if kind == "" and (seen or stars):
            behind = "an unpacked" if stars else "a keyword"
            raise reject(argument.span, f"a positional argument cannot follow {behind} argument")
        if kind == "*" and stars:
            raise reject(argument.span, "a call can have only one `*` argument")
        stars = stars or kind == "*"
        seen = kind or seen
    return passed


def call(span: Span, function: Node, passed: Arguments) -> Node:
    return Call(function, passed, span)


def dotted(span: Span, *tokens: Token) -> Dotted:
    return Dotted(".".join([text for _, text, _, _ in tokens]), span)


def filter_(span: Span, base: Node, called: Dotted, passed: Arguments = ()) -> Node:
    return Filter(base, called.name, passed, called.span, span)


def is_(span: Span, negation: Token | None = None) -> bool:
    return negation is not None


def is_test(
    span: Span, base: Node, negated: bool, called: Dotted, passed: Arguments | Node = ()
) -> Node:
    """A test with nothing behind its name is not followed by another: `x is a is b` is refused."""
    if isinstance(base, Test) and base.span == (span.start, base.name_span.end):
        raise reject(called.span, "tests cannot be chained", "Put the first one in parentheses.")
    if isinstance(passed, Node):
        passed = (positional(passed.span, passed),)
    return Test(base, called.name, passed, negated, called.span, span)


def comparator(span: Span, *tokens: Token) -> Operator:
    return " ".join([text for _, text, _, _ in tokens])


def compare(span: Span, first: Node, *rest: Operator | Node) -> Node:
    return Compare(first, tuple(zip(rest[::2], rest[1::2], strict=True)), span)  # type: ignore[arg-type]


def binary(span: Span, left: Node, operator: Token, right: Node) -> Node:
    return Binary(operator[1], left, right, span)


def unary(span: Span, operator: Token, operand: Node) -> Node:
    return Unary(operator[1], operand, span)


def conditional(span: Span, then: Node, test: Node, otherwise: Node | None = None) -> Node:
    return Conditional(test, then, otherwise, span)


ACTIONS: dict[str, Callable[..., object]] = {
    function.__name__.rstrip("_"): function
    for function in (
        *(name, integer, decimal, string, list_display, tuple_display, dict_display, pair),
        *(attribute, numbered_item, item, slice_, positional, keyword, spread, arguments, call),
        *(dotted, filter_, is_, is_test, comparator, compare, binary, unary, conditional),
    )
}
