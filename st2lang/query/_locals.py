"""Names that an expression binds itself: Jinja's `set`, `for` and macros, YAQL's `let` and `as`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.expressions import jinja_ast
from st2lang.expressions.embedded import Embedded
from st2lang.expressions.yaql_ast import Call, Keyword, NamedArgument, Variable
from st2lang.query.nodes import AnyNode, walk
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.expressions.jinja_ast import Template

Found = tuple[str, Span, bool]


def names(embedded: Embedded) -> Iterator[Found]:
    """(name, span from the base, whether it is bound there) for every such name of an expression.

    The scopes inside one template are not told apart: two loops that use the same name share it.
    """
    if isinstance(embedded.node, jinja_ast.Template):
        yield from _jinja(embedded.node)
    elif embedded.node is not None:
        yield from _yaql(embedded.node)


def _jinja(template: Template) -> Iterator[Found]:
    statements = [
        n for n in jinja_ast.walk(template) if type(n).__module__.endswith("jinja_statements")
    ]
    if not statements:
        return
    from st2lang.expressions.jinja_statements import names_inside, names_set

    bound = {name.span: name.name for s in statements for name in (*names_set(s), *names_inside(s))}
    known = set(bound.values())
    for span, name in bound.items():
        yield name, span, True
    for node in jinja_ast.walk(template):
        if isinstance(node, jinja_ast.Name) and node.name in known and node.span not in bound:
            yield node.name, node.span, False


def _yaql(tree: AnyNode) -> Iterator[Found]:
    bound: dict[Span, str] = {}
    for node in walk(tree):
        match node:
            case Call(name="let", args=args):
                for argument in args:
                    match argument:
                        case NamedArgument(name=Keyword(name=name, span=span)):
                            bound[span] = name
            case Call(name="as", args=args):
                for argument in args:
                    match argument:
                        case NamedArgument(value=Keyword(name=name, span=span)):
                            bound[span] = name
    if not bound:
        return
    for span, name in bound.items():
        yield name, span, True
    known = set(bound.values())
    for node in walk(tree):
        if isinstance(node, Variable) and node.name[1:] in known:
            yield node.name[1:], Span(node.span.start + 1, node.span.end), False
