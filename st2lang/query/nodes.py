"""The expression trees of both languages, gone through in one way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, cast

from st2lang.expressions import jinja_ast, yaql_ast
from st2lang.expressions.embedded import Embedded
from st2lang.source import Span

AnyNode: TypeAlias = yaql_ast.Node | jinja_ast.Node


def children(node: AnyNode) -> Sequence[AnyNode]:
    """The nodes directly below a node, mostly in the order of the text."""
    if isinstance(node, jinja_ast.Node):
        return jinja_ast.children(node)
    return yaql_ast.children(node)


def walk(node: AnyNode) -> Iterator[AnyNode]:
    """The node and all nodes below it, parents first."""
    pending: list[AnyNode] = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(children(current)))


def name_span(node: AnyNode) -> Span | None:
    """Where a node that is more than its name has the name: of a call, a filter, an attribute."""
    return cast("Span | None", getattr(node, "name_span", None))


def around(embedded: Embedded, offset: int) -> tuple[AnyNode, ...]:
    """The nodes around a place in an expression, the innermost first.

    `offset` counts in the string that the expression stands in. A node's end still belongs to it; of
    two that touch at the offset the later one is taken. Empty for an expression that does not parse.
    """
    if embedded.node is None:
        return ()
    at = offset - embedded.base
    found: list[AnyNode] = []
    node: AnyNode | None = embedded.node
    while node is not None and at in node.span:
        found.append(node)
        inside = [child for child in children(node) if at in child.span]
        node = max(inside, key=lambda child: child.span.start, default=None)
    return tuple(reversed(found))
