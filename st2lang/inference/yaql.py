"""The types of YAQL expressions: literals, operators and the signatures of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang import functions, types
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
)
from st2lang.functions.calls import result_type
from st2lang.functions.record import Kind
from st2lang.symbols import Use
from st2lang.symbols.yaql import is_context
from st2lang.types import ANY, NULL, STRING, Type

if TYPE_CHECKING:
    from st2lang.inference import Lookup

_DEPTH = 60
"""Expressions nested deeper are not looked into."""

_WITH_PROPERTIES = (types.DATETIME, types.TIMESPAN)


def infer(node: Argument, lookup: Lookup) -> Type:
    """The type of an expression's value. `ANY` when it is not certain; never raises."""
    try:
        return _infer(node, lookup, _DEPTH)
    except RecursionError:  # deep expressions of variables that lead to other deep expressions
        return ANY


def _infer(node: Argument, lookup: Lookup, depth: int) -> Type:
    if not depth:
        return ANY
    depth -= 1
    match node:
        case Literal(value=value):
            return types.of_value(value)
        case Keyword():
            return STRING
        case Group(inner=inner):
            return _infer(inner, lookup, depth)
        case ListDisplay(items=items):
            return types.List(types.join_all(_infer(item, lookup, depth) for item in items))
        case DictDisplay(items=items):
            return _dict(items, lookup, depth)
        case Unary(operator=operator, operand=operand):
            return _operator(operator, (operand,), lookup, depth)
        case Binary(operator="->"):
            return ANY
        case Binary(operator=operator, left=left, right=right):
            return _operator(operator, (left, right), lookup, depth)
        case Call():
            return _call(node, None, lookup, depth)
        case Index():
            return _index(node, lookup, depth)
        case Member():
            kind = _member(node, lookup, depth)
            return types.join(kind, NULL) if node.null_safe else kind
        case _:
            return ANY


def _dict(items: tuple[Argument, ...], lookup: Lookup, depth: int) -> Type:
    fields: dict[str, Type] = {}
    for item in items:
        match item:
            case NamedArgument(name=Keyword(name=name) | Literal(value=str(name)), value=value):
                fields[name] = _infer(value, lookup, depth)
            case _:
                return types.DICT
    return types.Dict(types.NEVER, tuple(sorted(fields.items())))


def _operator(operator: str, operands: tuple[Node, ...], lookup: Lookup, depth: int) -> Type:
    record = functions.lookup("yaql", operator, Kind.OPERATOR)
    if record is None:
        return ANY
    return result_type(record, [_infer(operand, lookup, depth) for operand in operands])


def _member(node: Member, lookup: Lookup, depth: int) -> Type:
    match node.member:
        case Keyword(name=name) if is_context(node.receiver):
            return lookup(Use.VARIABLE, name)
        case Keyword(name=name):
            return _attribute(node.receiver, name, lookup, depth)
        case Call() as call:
            return _call(call, _infer(node.receiver, lookup, depth), lookup, depth)
        case _:
            return ANY


def _attribute(receiver: Node, name: str, lookup: Lookup, depth: int) -> Type:
    match receiver:
        case Call(name="task", args=(Keyword(name=task) | Literal(value=str(task)), *_)) if (
            name == "result"
        ):
            return lookup(Use.TASK, task)
    kind = _infer(receiver, lookup, depth)
    if kind in _WITH_PROPERTIES:
        record = functions.lookup("yaql", name, Kind.PROPERTY)
        return ANY if record is None else result_type(record, [kind])
    return _key(kind, name)


def _key(kind: Type, name: str) -> Type:
    if isinstance(kind, types.List):
        return types.List(_key(kind.element, name))
    return types.field(kind, name) or ANY


def _index(node: Index, lookup: Lookup, depth: int) -> Type:
    match node.args:
        case (Keyword(name=name) | Literal(value=str(name)),) if is_context(node.receiver):
            return lookup(Use.VARIABLE, name)
    kind = _infer(node.receiver, lookup, depth)
    match kind, node.args:
        case types.List(element=element), (only,):
            return element if _infer(only, lookup, depth) == types.INTEGER else ANY
        case types.Dict(), (Keyword(name=name) | Literal(value=str(name)),):
            return _key(kind, name)
        case _:
            return ANY


def _call(call: Call, receiver: Type | None, lookup: Lookup, depth: int) -> Type:
    if receiver is None:
        known = _workflow_function(call, lookup)
        if known is not None:
            return known
    record = functions.lookup("yaql", call.name)
    if record is None:
        return ANY
    positional = [] if receiver is None else [receiver]
    keywords = {}
    for argument in call.args:
        match argument:
            case NamedArgument(name=Keyword(name=name), value=value):
                keywords[name] = _infer(value, lookup, depth)
            case None | NamedArgument():
                return ANY
            case _:
                positional.append(_infer(argument, lookup, depth))
    return result_type(record, positional, keywords, receiver is not None)


def _workflow_function(call: Call, lookup: Lookup) -> Type | None:
    """What Orquesta's own functions give: what the workflow knows of the name."""
    match call:
        case Call(name="ctx", args=(Keyword(name=name) | Literal(value=str(name)),)):
            return lookup(Use.VARIABLE, name)
        case Call(name="item", args=()):
            return lookup(Use.ITEM, "")
        case Call(name="item", args=(Keyword(name=name) | Literal(value=str(name)),)):
            return lookup(Use.ITEM, name)
        case Call(name="result", args=()):
            return lookup(Use.RESULT, "")
        case Call(name="ctx", args=()):
            return types.DICT
        case Call(name="ctx" | "item" | "st2kv"):
            return ANY
        case _:
            return None
