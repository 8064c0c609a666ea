"""Names that stand behind a dot after something that holds them all.

`item().x` is `item(x)` where the items have names (orquesta/specs/native/v1/models.py puts them into a
mapping); an ActionChain has `__results.node` beside `node`, and `st2kv.system.key` for the datastore.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.expressions import jinja_ast
from st2lang.expressions.embedded import Embedded
from st2lang.expressions.yaql_ast import Call, Keyword, Member, ungrouped
from st2lang.query.nodes import AnyNode, walk
from st2lang.source import Span
from st2lang.symbols import Use

Found = tuple[Use, str, Span]

RESULTS = "__results"
_SCOPES = frozenset({"system", "user"})


def uses(embedded: Embedded, orquesta: bool) -> Iterator[Found]:
    """(use, name, span from the base) for names behind a dot or in square brackets."""
    if embedded.node is None:
        return
    for node in walk(embedded.node):
        if orquesta:
            yield from _item(node)
        else:
            yield from _result(node)
            yield from _key(node)


def _item(node: AnyNode) -> Iterator[Found]:
    match node:
        case Member(receiver=receiver, member=Keyword(name=name, span=span)):
            match ungrouped(receiver):
                case Call(name="item", args=()):
                    yield Use.ITEM, name, span
            return
    step = _step(node)
    match getattr(node, "base", None):
        case jinja_ast.Call(function=jinja_ast.Name(name="item"), arguments=()) if step:
            yield Use.ITEM, *step


def _result(node: AnyNode) -> Iterator[Found]:
    step = _step(node)
    match getattr(node, "base", None):
        case jinja_ast.Name(name=name) if name == RESULTS and step:
            yield Use.TASK, *step


def _key(node: AnyNode) -> Iterator[Found]:
    step, base = _step(node), getattr(node, "base", None)
    if step is None or not isinstance(base, jinja_ast.Attribute) or base.name not in _SCOPES:
        return
    match base.base:
        case jinja_ast.Name(name="st2kv"):
            yield Use.KEY, f"{base.name}.{step[0]}", Span(base.name_span.start, step[1].end)


def _step(node: AnyNode) -> tuple[str, Span] | None:
    """What `.name` or `['name']` at the end of a node names."""
    match node:
        case jinja_ast.Attribute(name=name, name_span=span):
            return name, span
        case jinja_ast.Item(index=jinja_ast.Const(value=str(name), span=span)):
            inside = Span(span.start + 1, span.end - 1)
            return (name, inside) if len(name) == inside.end - inside.start else None
    return None
