"""The tree of a YAQL expression.

It says what was written: parentheses and omitted arguments are kept, nothing is resolved. Every
`span` counts from the start of the text that was parsed and takes no part in equality.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from st2lang.record import field, record
from st2lang.source import Span


@record
class Literal:
    """A string (its decoded text), a number, `true`, `false` or `null`. The span includes quotes."""

    value: str | int | float | bool | None
    span: Span = field(compare=False)


@record
class Keyword:
    """A bare word: the name after a dot, the name of a named argument, `x` in `ctx(x)`."""

    name: str
    span: Span = field(compare=False)


@record
class Variable:
    """`$`, `$1` or `$x`; the name includes the dollar."""

    name: str
    span: Span = field(compare=False)


@record
class Call:
    """`name(args)`. The right-hand side of a `Member` when it is a method call."""

    name: str
    args: tuple[Argument, ...]
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)


@record
class Member:
    """`receiver.member` or, null-safe, `receiver?.member`.

    The member is a `Keyword` (an attribute) or a `Call` (a method) in all expressions that make sense;
    the grammar allows anything.
    """

    receiver: Node
    member: Node
    null_safe: bool
    span: Span = field(compare=False)


@record
class Index:
    """`receiver[args]`."""

    receiver: Node
    args: tuple[Argument, ...]
    span: Span = field(compare=False)


@record
class ListDisplay:
    """`[items]`."""

    items: tuple[Argument, ...]
    span: Span = field(compare=False)


@record
class DictDisplay:
    """`{items}`; the items should be `NamedArgument`s, the grammar allows others."""

    items: tuple[Argument, ...]
    span: Span = field(compare=False)


@record
class Unary:
    """`+x`, `-x` or `not x`. The operator stands at the start of the span."""

    operator: str
    operand: Node
    span: Span = field(compare=False)


@record
class Binary:
    """`left operator right`, `->` included."""

    operator: str
    left: Node
    right: Node
    operator_span: Span = field(compare=False)
    span: Span = field(compare=False)


@record
class Group:
    """`(inner)`. Not the same as the inner node: `a.(b)` has no attribute, `f((x))` no bare word."""

    inner: Node
    span: Span = field(compare=False)


@record
class NamedArgument:
    """`name => value`, as a named argument or the item of a dict. The name may be any expression."""

    name: Node
    value: Node
    span: Span = field(compare=False)


Node: TypeAlias = (
    Literal
    | Keyword
    | Variable
    | Call
    | Member
    | Index
    | ListDisplay
    | DictDisplay
    | Unary
    | Binary
    | Group
    | NamedArgument
)

Argument: TypeAlias = Node | None
"""None where the argument was left out: `f(, x)`."""


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, in the order of the text."""
    match node:
        case Literal() | Keyword() | Variable():
            return ()
        case Call(args=items) | ListDisplay(items=items) | DictDisplay(items=items):
            return tuple(item for item in items if item is not None)
        case Member(receiver=first, member=second) | NamedArgument(name=first, value=second):
            return (first, second)
        case Binary(left=first, right=second):
            return (first, second)
        case Unary(operand=inner) | Group(inner=inner):
            return (inner,)
        case Index(receiver=receiver, args=items):
            return (receiver, *(item for item in items if item is not None))


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes below it, parents first, in the order of the text."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(children(current)))


def ungrouped(node: Node) -> Node:
    """The node inside any number of parentheses."""
    while isinstance(node, Group):
        node = node.inner
    return node
