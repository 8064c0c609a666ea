"""Finds the part of a template that fails, by running it once more with marks around its parts.

jinja2 knows lines only. So each part of its tree is wrapped in two filters, one before the part is
evaluated and one after; the part that was begun last is the one that fails. The marks are numbers by
what a part is and the how manieth of its kind, and our own tree of the text has the places of those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from types import GeneratorType
from typing import Any, NamedTuple, cast

from jinja2 import Undefined, nodes, pass_context
from jinja2.visitor import NodeTransformer

from st2lang.evaluation.rewrite import DONE
from st2lang.expressions import jinja_ast as ast
from st2lang.source import Span

BEGIN, LOOP = "__begin", "__loop"
"""The filters before a part, and around what a loop goes through; `DONE` is the one after a part."""

_OPERATORS = {
    nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/", nodes.FloorDiv: "//",
    nodes.Mod: "%", nodes.Pow: "**",
}  # fmt: skip

_ORDER: dict[type[nodes.Node], tuple[str, ...]] = {
    nodes.For: ("target", "iter", "test", "body", "else_"),
    nodes.CallBlock: ("args", "defaults", "call", "body"),
    nodes.FilterBlock: ("filter", "body"),
}
"""Where jinja2 has the parts of a node in another order than our tree."""


class Mark(NamedTuple):
    """A part: what it is, the name in it, and the how manieth of these it is."""

    kind: str
    name: Any
    number: int = 0


class Trace:
    """One run of a marked template."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._begun: list[int] = []
        self._made: list[tuple[Undefined, int]] = []

    def marked(self, template: nodes.Template) -> nodes.Template:
        """The template with the filters around all parts that can fail."""
        numbers: dict[int, int] = {}
        counts: Counter[Mark] = Counter()
        for node in _inside_out(template):
            for mark in _marks_of(node):
                numbers[id(node)] = len(self.marks)
                self.marks.append(mark._replace(number=counts[mark]))
                counts[mark] += 1
        changed = _Marker(numbers).visit(template)
        assert isinstance(changed, nodes.Template)
        return changed

    def filters(self) -> dict[str, Callable[..., Any]]:
        """What is called while the template runs."""
        return {
            name: _in_context(call)
            for name, call in ((BEGIN, self._begin), (DONE, self._done), (LOOP, self._loop))
        }

    def failing(self, value: object = None) -> Mark | None:
        """The part that has failed, where one is known; `value` is undefined if that is the failure."""
        for undefined, index in self._made:
            if undefined is value:
                return self.marks[index]
        return self.marks[self._begun[-1]] if self._begun else None

    def _begin(self, index: int) -> int:
        self._begun.append(index)
        return index

    def _done(self, index: int, value: Any) -> Any:
        if isinstance(
            value, GeneratorType
        ):  # A filter: it works only when its result is looked at.
            made = list(value)
            self._remember(index, *made)
            value = iter(made)
        self._remember(index, value)
        self._begun.pop()
        return value

    def _loop(self, items: Any, index: int) -> Any:
        self._begun.append(index)
        iter(items)
        self._begun.pop()
        return items

    def _remember(self, index: int, *values: Any) -> None:
        known = {id(undefined) for undefined, _ in self._made}
        for value in values:
            if isinstance(value, Undefined) and id(value) not in known:
                self._made.append((value, index))


def _in_context(call: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that jinja2 does not evaluate while it compiles."""
    return pass_context(lambda context, *values: call(*values))


def place_of(mark: Mark, tree: ast.Node) -> Span | None:
    """The place of a part in our tree of the same text; None where the trees are not alike."""
    places = [
        place
        for node in _inside_out_of_ours(tree)
        for kind, name, place in _places_of(node)
        if (kind, name) == (mark.kind, mark.name)
    ]
    return places[mark.number] if mark.number < len(places) else None


def _inside_out(node: nodes.Node) -> Iterator[nodes.Node]:
    for name in _ORDER.get(type(node), node.fields):
        value = getattr(node, name, None)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, nodes.Node):
                yield from _inside_out(child)
    yield node


def _marks_of(node: nodes.Node) -> Iterator[Mark]:
    match node:
        case nodes.Name(name=name) | nodes.Macro(name=name):
            yield Mark("name", name)
        case nodes.NSRef(name=name, attr=attribute):
            yield Mark("name", name)
            yield Mark("attribute", attribute)
        case nodes.Getattr(attr=name):
            yield Mark("attribute", name)
        case nodes.Getitem() | nodes.Call() | nodes.Compare() | nodes.CondExpr() | nodes.Dict():
            yield Mark(type(node).__name__, None)
        case nodes.Filter(name=name):
            yield Mark("filter", name)
        case nodes.Test(name=name):
            yield Mark("test", name)
        case nodes.BinExpr() if type(node) in _OPERATORS:
            yield Mark("operator", _OPERATORS[type(node)])
        case nodes.Neg() | nodes.Pos():
            yield Mark("sign", node.operator)


def _inside_out_of_ours(node: ast.Node) -> Iterator[ast.Node]:
    for child in ast.children(node):
        yield from _inside_out_of_ours(child)
    yield node


def _places_of(node: ast.Node) -> Iterator[tuple[str, Any, Span]]:
    match node:
        case ast.Name(name, place):
            yield "name", name, place
        case ast.Attribute(name=name, name_span=place):
            yield "attribute", name, place
        case ast.Item(span=place):
            yield "Getitem", None, place
        case ast.Call(function=function, span=place):
            named = isinstance(function, ast.Attribute)
            where = function.name_span if isinstance(function, ast.Attribute) else function.span
            yield "Call", None, where if named or isinstance(function, ast.Name) else place
        case ast.Compare(span=place):
            yield "Compare", None, place
        case ast.Conditional(span=place):
            yield "CondExpr", None, place
        case ast.DictDisplay(span=place):
            yield "Dict", None, place
        case ast.Filter(name=name, name_span=place):
            yield "filter", name, place
        case ast.Test(name=name, name_span=place):
            yield "test", name, place
        case ast.Binary(operator, left, right):
            yield "operator", operator, Span(left.span.end, right.span.start)
        case ast.Unary(operator, _, place) if operator != "not":
            yield "sign", operator, place


class _Marker(NodeTransformer):
    """Puts the filters around the nodes that have numbers."""

    def __init__(self, numbers: dict[int, int]) -> None:
        self._numbers = numbers

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        if isinstance(node, nodes.CallBlock):
            self._numbers.pop(id(node.call), None)
        index = None if _is_bare(node) else self._numbers.get(id(node))
        loop = self._numbers.get(id(node.iter)) if isinstance(node, nodes.For) else None
        self.generic_visit(node)
        if isinstance(node, nodes.For) and loop is not None:
            node.iter = _filter(LOOP, node.iter, _number(loop, node))
        if index is None:
            return node
        return _filter(DONE, _filter(BEGIN, _number(index, node)), cast(nodes.Expr, node))


def _is_bare(node: nodes.Node) -> bool:
    """Whether jinja2 needs a node as it is."""
    match node:
        case nodes.NSRef() | nodes.Filter(node=None):
            return True
        case nodes.Name(ctx=use):
            return bool(use != "load")
    return not isinstance(node, nodes.Expr)


def _number(value: int, place: nodes.Node) -> nodes.Expr:
    return nodes.Const(value, lineno=place.lineno)


def _filter(name: str, node: nodes.Node, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(
        cast(nodes.Expr, node), name, list(arguments), [], None, None, lineno=node.lineno
    )
