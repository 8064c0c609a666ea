"""The tree of a Jinja expression, and of a template without tags.

Spans count characters of the text that was parsed; they take no part in equality. What tags build
is in `jinja_statements`, which is loaded when the first `{% … %}` is seen. Trees can be as deep as the
text is long: go through them with `walk` rather than by recursion.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.record import field, record
from st2lang.source import Span


class Node:
    """Anything in the tree. Every subclass has a `span`."""

    __slots__ = ()

    span: Span


@record
class Name(Node):
    """A variable that is read, or the target of an assignment."""

    name: str
    span: Span = field(compare=False)


@record
class Const(Node):
    """A literal: str, int, float, bool or None. Adjacent strings are one."""

    value: str | int | float | bool | None
    span: Span = field(compare=False)


@record
class ListDisplay(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]
    span: Span = field(compare=False)


@record
class TupleDisplay(Node):
    """`(a, b)`, with or without the parentheses, and `x[a, b]`."""

    items: tuple[Node, ...]
    span: Span = field(compare=False)


@record
class DictDisplay(Node):
    """`{a: b}`."""

    pairs: tuple[tuple[Node, Node], ...]
    span: Span = field(compare=False)


@record
class Attribute(Node):
    """`base.name`."""

    base: Node
    name: str
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)


@record
class Item(Node):
    """`base[index]`, also written `base.0`."""

    base: Node
    index: Node
    span: Span = field(compare=False)


@record
class Slice(Node):
    """`lower:upper:step` between square brackets."""

    lower: Node | None
    upper: Node | None
    step: Node | None
    span: Span = field(compare=False)


@record
class Argument(Node):
    """One argument of a call, a filter or a test.

    `name` is what a keyword argument is called; `stars` is "*" or "**" for unpacked ones.
    """

    value: Node
    name: str | None
    stars: str
    name_span: Span | None = field(compare=False)
    span: Span = field(compare=False)


@record
class Call(Node):
    """`function(arguments)`."""

    function: Node
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False)


@record
class Filter(Node):
    """`base|name(arguments)`. `base` is None for the first filter of a block."""

    base: Node | None
    name: str
    arguments: tuple[Argument, ...]
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)


@record
class Test(Node):
    """`base is name(arguments)`, or `is not`."""

    base: Node
    name: str
    arguments: tuple[Argument, ...]
    negated: bool
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)


@record
class Conditional(Node):
    """`then if test else otherwise`. Without `else` it is undefined when the test fails."""

    test: Node
    then: Node
    otherwise: Node | None
    span: Span = field(compare=False)


@record
class Binary(Node):
    """Two operands and one of `+ - * / // % ** ~ and or`."""

    operator: str
    left: Node
    right: Node
    span: Span = field(compare=False)


@record
class Compare(Node):
    """A chain: `first < a <= b` is one node. Operators: `== != < <= > >= in`, `not in`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    span: Span = field(compare=False)


@record
class Unary(Node):
    """`-`, `+` or `not` in front of an operand."""

    operator: str
    operand: Node
    span: Span = field(compare=False)


@record
class Text(Node):
    """What is printed as it stands. `value` is after whitespace control; empty texts are left out."""

    value: str
    span: Span = field(compare=False)


@record
class Output(Node):
    """`{{ value }}`, or `{% print a, b %}` with any number of values."""

    values: tuple[Node, ...]
    span: Span = field(compare=False)


@record
class Template(Node):
    """A whole text."""

    body: tuple[Node, ...]
    span: Span = field(compare=False)


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in the order of its fields (mostly the order of the text)."""
    found: list[Node] = []
    fields: tuple[str, ...] = node.__slots__
    for name in fields:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            _collect(value, found)
    return found


def _collect(values: tuple[object, ...], found: list[Node]) -> None:
    """Finds the nodes in a tuple; the tree nests tuples at most three deep."""
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            _collect(value, found)


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes below it, parents before children."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))
