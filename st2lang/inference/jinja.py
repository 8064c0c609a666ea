"""The types of Jinja expressions and templates: literals, operators, filters and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang import functions, types
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
    Output,
    Slice,
    Template,
    Test,
    TupleDisplay,
    Unary,
)
from st2lang.functions.calls import result_type
from st2lang.functions.record import Function, Kind
from st2lang.symbols import Use
from st2lang.symbols.jinja import is_context
from st2lang.types import ANY, BOOLEAN, STRING, Type

if TYPE_CHECKING:
    from st2lang.inference import Lookup

_DEPTH = 60
"""Expressions nested deeper are not looked into."""

_METHODS_OF_DICTS = frozenset(name for name in dir(dict) if not name.startswith("_"))
"""Names that `x.name` takes as the method of a dict rather than as a key."""


def infer_template(node: Template | Node, language: str, lookup: Lookup) -> Type:
    """The type of a whole text: that of its expression when it is one `{{ … }}`, else text."""
    match node:
        case Template(body=(Output(values=(only,)),)):
            return infer(only, language, lookup)
        case Template():
            return STRING
        case _:
            return infer(node, language, lookup)


def infer(node: Node, language: str, lookup: Lookup) -> Type:
    """The type of an expression's value. `ANY` when it is not certain; never raises."""
    try:
        return _Walk(language, lookup).infer(node, _DEPTH)
    except RecursionError:  # deep expressions of variables that lead to other deep expressions
        return ANY


class _Walk:
    """One way through a tree; the two things that every step needs are its attributes."""

    def __init__(self, language: str, lookup: Lookup) -> None:
        self.language = language
        self.lookup = lookup

    def infer(self, node: Node | None, depth: int) -> Type:
        if not depth:
            return ANY
        depth -= 1
        match node:
            case Const(value=value):
                return types.of_value(value)
            case Name(name=name):
                return self.lookup(Use.VARIABLE, name) if self.language == "jinja-chain" else ANY
            case ListDisplay(items=items) | TupleDisplay(items=items):
                return types.List(types.join_all(self.infer(item, depth) for item in items))
            case DictDisplay(pairs=pairs):
                return self.dict(pairs, depth)
            case Attribute(base=base, name=name):
                return self.attribute(base, name, depth)
            case Item(base=base, index=index):
                return self.item(base, index, depth)
            case Call():
                return self.call(node, depth)
            case Filter(base=base, name=name, arguments=arguments):
                record = functions.lookup(self.language, name, Kind.FILTER)
                return self.apply(record, arguments, depth, [self.infer(base, depth)])
            case _:
                return self.operation(node, depth)

    def operation(self, node: Node | None, depth: int) -> Type:
        match node:
            case Test() | Compare() | Unary(operator="not"):
                return BOOLEAN
            case Conditional(then=then, otherwise=otherwise):
                return types.join(self.infer(then, depth), self.infer(otherwise, depth))
            case Binary(operator="and" | "or", left=left, right=right):
                return types.join(self.infer(left, depth), self.infer(right, depth))
            case Binary(operator=operator, left=left, right=right):
                return self.operator(operator, (left, right), depth)
            case Unary(operator=operator, operand=operand):
                return self.operator(operator, (operand,), depth)
            case _:
                return ANY

    def operator(self, operator: str, operands: tuple[Node, ...], depth: int) -> Type:
        record = functions.lookup(self.language, operator, Kind.OPERATOR)
        if record is None:
            return ANY
        return result_type(record, [self.infer(operand, depth) for operand in operands])

    def dict(self, pairs: tuple[tuple[Node, Node], ...], depth: int) -> Type:
        fields: dict[str, Type] = {}
        for key, value in pairs:
            match key:
                case Const(value=str(name)):
                    fields[name] = self.infer(value, depth)
                case _:
                    return types.DICT
        return types.Dict(types.NEVER, tuple(sorted(fields.items())))

    def attribute(self, base: Node, name: str, depth: int) -> Type:
        if is_context(base) and self.language == "jinja":
            return self.lookup(Use.VARIABLE, name)
        match base:
            case Call(
                function=Name(name="task"), arguments=(Argument(value=Const(value=str(task))), *_)
            ) if name == "result":
                return self.lookup(Use.TASK, task)
        kind = self.infer(base, depth)
        if not isinstance(kind, types.Dict) or name in _METHODS_OF_DICTS:
            return ANY
        return types.field(kind, name) or ANY

    def item(self, base: Node, index: Node, depth: int) -> Type:
        match index:
            case Const(value=str(name)) if is_context(base) and self.language == "jinja":
                return self.lookup(Use.VARIABLE, name)
        kind = self.infer(base, depth)
        match kind, index:
            case (types.List(), Slice()) | (types.STRING, Slice()):
                return kind
            case types.List(element=element), Const(value=int()):
                return element
            case types.Dict(), Const(value=str(name)):
                return types.field(kind, name) or ANY
            case _:
                return ANY

    def call(self, node: Call, depth: int) -> Type:
        if not isinstance(node.function, Name):
            return ANY
        name = node.function.name
        known = self.workflow_function(name, node.arguments)
        if known is not None:
            return known
        return self.apply(functions.lookup(self.language, name), node.arguments, depth, [])

    def workflow_function(self, name: str, arguments: tuple[Argument, ...]) -> Type | None:
        """What Orquesta's own functions give: what the workflow knows of the name."""
        first = arguments[0].value if arguments else None
        text = first.value if isinstance(first, Const) and isinstance(first.value, str) else ""
        match name, len(arguments):
            case "ctx", 0:
                return types.DICT
            case "ctx", 1 if text:
                return self.lookup(Use.VARIABLE, text)
            case "item", _:
                return ANY if arguments and not text else self.lookup(Use.ITEM, text)
            case "result", 0:
                return self.lookup(Use.RESULT, "")
            case (("ctx" | "st2kv"), _):
                return ANY
            case _:
                return None

    def apply(
        self,
        record: Function | None,
        arguments: tuple[Argument, ...],
        depth: int,
        positional: list[Type],
    ) -> Type:
        if record is None or any(a.stars for a in arguments):
            return ANY
        positional += [self.infer(a.value, depth) for a in arguments if not a.name]
        keywords = {a.name: self.infer(a.value, depth) for a in arguments if a.name}
        return result_type(record, positional, keywords)
