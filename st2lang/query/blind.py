"""Uses that cannot be told: names made when the workflow runs, a context or result used as a whole, code
that does not parse. A rename that would have to guess about them is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from st2lang.expressions import jinja_ast, yaql_ast
from st2lang.expressions.embedded import Embedded
from st2lang.patterns import lazy
from st2lang.query import _dotted
from st2lang.query.nodes import AnyNode, children, walk
from st2lang.query.symbol import Kind, Symbol
from st2lang.query.written import item_owners
from st2lang.record import record
from st2lang.source import Span
from st2lang.symbols import Place, Use, jinja, yaql
from st2lang.symbols.yaql import TASK_FUNCTIONS

if TYPE_CHECKING:
    from st2lang.document import Document

_WORD = lazy(r"\w+")


@record
class BlindSpot:
    """A place that may or may not mean a thing; `why` says what stands there."""

    span: Span
    why: str


def spots(document: Document, symbol: Symbol) -> Iterator[BlindSpot]:
    """The places of a workflow of which it cannot be told whether they mean a thing."""
    workflow = document.workflow
    if workflow is None or symbol.kind not in (Kind.TASK, Kind.VARIABLE, Kind.OUTPUT, Kind.ITEM):
        return
    owners = item_owners(document, workflow)
    for place in document.places:
        task = place.task.name.text if place.task else ""
        if symbol.kind is Kind.ITEM and (not task or owners.get(task, task) != symbol.owner):
            continue
        yield from _unread(place, symbol.name)
        for embedded in place.text.expressions:
            if embedded.node is not None:
                for span, why in _in_expression(embedded, symbol.kind, place.orquesta):
                    yield BlindSpot(place.span_of(embedded, span), why)


def _unread(place: Place, name: str) -> Iterator[BlindSpot]:
    """Code that does not parse and has the name in it as a word."""
    text = place.text.text
    read = [e for e in place.text.expressions if e.node is not None]
    for match in _WORD.finditer(text):
        if match[0] != name or any(e.start <= match.start() < e.end for e in read):
            continue
        failed = any(
            e.start <= match.start() < e.end and e.node is None for e in place.text.expressions
        )
        if failed or _is_opened(text, match.start()):
            span = place.locate(*match.span())
            yield BlindSpot(span, "stands in an expression that cannot be read")


def _is_opened(text: str, offset: int) -> bool:
    """True behind a delimiter that is never closed."""
    before = text[:offset]
    pairs = (("<%", "%>"), ("{{", "}}"), ("{%", "%}"))
    return any(before.rfind(a) > before.rfind(b) for a, b in pairs)


def _in_expression(embedded: Embedded, kind: Kind, orquesta: bool) -> Iterator[tuple[Span, str]]:
    if kind is Kind.ITEM:
        yield from _whole_items(embedded)
    elif kind is Kind.TASK:
        yield from _dynamic_tasks(embedded, orquesta)
    if kind is not Kind.ITEM:
        yield from _whole_context(embedded, kind, orquesta)


def _whole_context(embedded: Embedded, kind: Kind, orquesta: bool) -> Iterator[tuple[Span, str]]:
    if orquesta and kind is not Kind.TASK:
        if embedded.language == "yaql":
            found = yaql.uses(cast("yaql_ast.Node", embedded.node))
        else:
            found = jinja.uses(cast("jinja_ast.Node", embedded.node))
        for use, _, span, _ in found:
            if use is Use.CONTEXT:
                yield span, "uses the context as a whole, or a variable whose name is computed"


def _dynamic_tasks(embedded: Embedded, orquesta: bool) -> Iterator[tuple[Span, str]]:
    node = cast("AnyNode", embedded.node)
    named = {span.start for use, _, span in _dotted.uses(embedded, orquesta) if use is Use.TASK}
    for current in walk(node):
        match current:
            case yaql_ast.Call(name=name, args=args, name_span=span) if (
                name in TASK_FUNCTIONS and args and not _is_literal(args[0])
            ):
                yield span, f"calls `{name}` with a name that is computed"
            case jinja_ast.Call(
                function=jinja_ast.Name(name=name, span=span), arguments=(first, *_)
            ) if orquesta and name in TASK_FUNCTIONS and not _is_literal(first.value):
                yield span, f"calls `{name}` with a name that is computed"
            case jinja_ast.Name(name=_dotted.RESULTS, span=span) if not orquesta:
                if not any(0 < start - span.end <= 2 for start in named):
                    yield span, f"uses `{_dotted.RESULTS}` as a whole"


def _is_literal(node: AnyNode | None) -> bool:
    match node:
        case yaql_ast.Keyword() | yaql_ast.Literal() | jinja_ast.Const():
            return True
        case yaql_ast.NamedArgument(value=yaql_ast.Literal()):
            return True
    return False


def _whole_items(embedded: Embedded) -> Iterator[tuple[Span, str]]:
    """`item()` with neither a name in it nor one behind a dot, or with a name that is computed."""
    node = cast("AnyNode", embedded.node)
    dotted = {
        id(child)
        for current in walk(node)
        for child in children(current)
        if isinstance(current, yaql_ast.Member | jinja_ast.Attribute | jinja_ast.Item)
    }
    for current in walk(node):
        match current:
            case yaql_ast.Call(name="item", args=args, span=span):
                whole = not args and id(current) not in dotted
                if whole or (args and not _is_literal(args[0])):
                    yield span, "uses the item as a whole, or a name in it that is computed"
            case jinja_ast.Call(
                function=jinja_ast.Name(name="item"), arguments=arguments, span=span
            ):
                whole = not arguments and id(current) not in dotted
                if whole or (arguments and not _is_literal(arguments[0].value)):
                    yield span, "uses the item as a whole, or a name in it that is computed"
