"""Compiles YAQL's tree to closures: functions of the names that the expression sees.

Functions are looked up, arguments put in order and constants checked when an expression is compiled;
what is left for the evaluation is a look into a dict by the types of the arguments. Data from the
workflow is *raw* as long as the expression only picks parts of it: lists and dicts are turned into
YAQL's frozen ones when something else is done with them.
"""

from __future__ import annotations

from st2lang.evaluation.attributes import compile_attribute
from st2lang.evaluation.calls import (
    Pair,
    Slot,
    compile_call,
    compile_slots,
    item_call,
    operation,
)
from st2lang.evaluation.code import Code, freezing, null_safe, raising
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
    Variable,
)
from st2lang.functions.dispatch import UNKNOWN
from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import Env, FrozenDict, Names, Rule
from st2lang.source import Span


def compile_node(node: Node) -> Code:
    """The closure of a tree. Whatever is wrong with it is raised when it is evaluated."""
    match node:
        case Literal(value) | Keyword(value):
            return Code(lambda env: value, constant=value)
        case Variable(name):
            return _variable(name)
        case Group(inner):
            return compile_node(inner)._replace(constant=UNKNOWN)
        case Unary(operator, operand, span):
            name = operator if operator == "not" else f"unary {operator}"
            return operation(name, [compile_node(operand)], span)
        case Binary(operator, left, right, place):
            return _binary(operator, compile_node(left), compile_node(right), place)
        case Member(receiver, member, safe):
            return _member(compile_node(receiver), member, safe)
        case Call(name, args, place):
            return compile_call(name, None, _slots(args), place)
        case Index(receiver, args, span):
            return item_call(compile_node(receiver), _slots(args), span)
        case ListDisplay(items, span):
            return compile_slots("list display", _slots(items), span)
        case DictDisplay(items, span):
            return _dict(_slots(items), span)
        case NamedArgument():
            return _rule(_pair(node))


def _slots(args: tuple[Argument, ...]) -> list[Slot]:
    return [
        None if arg is None else _pair(arg) if isinstance(arg, NamedArgument) else compile_node(arg)
        for arg in args
    ]


def _pair(node: NamedArgument) -> Pair:
    name = node.name.name if isinstance(node.name, Keyword) else None
    return Pair(name, compile_node(node.name), compile_node(node.value))


_WORKFLOW = {"$__vars": "variables", "$__current_task": "task", "$__current_item": "item"}
"""Names that Orquesta puts into the context of every expression."""


def _variable(name: str) -> Code:
    if name == "$__state":
        return Code(
            lambda env: env[None].scope and env[None].scope.variables.get("__state"), raw=True
        )
    if name in _WORKFLOW:
        attribute = _WORKFLOW[name]
        return Code(lambda env: getattr(env[None].scope, attribute, None), raw=True)
    key = "$1" if name == "$" else name
    return Code(lambda env: env.get(key))


def _binary(operator: str, left: Code, right: Code, place: Span) -> Code:
    if operator not in ("and", "or", "->"):
        return operation(operator, [left, right], place)
    one, two = freezing(left), freezing(right)
    simple = left.simple and right.simple
    if operator == "and":
        return Code(lambda env: one(env) and two(env), simple=simple)
    if operator == "or":
        return Code(lambda env: one(env) or two(env), simple=simple)

    def send(env: Env) -> object:
        names = one(env)
        if not isinstance(names, Names):
            message = "`->` needs names on its left: `let`, `with`, `def` or `unpack`"
            raise EvaluationError(message, "no-match", place)
        return two(names.env)

    return Code(send, simple=simple)


def _member(receiver: Code, member: Node, safe: bool) -> Code:
    if safe:
        return null_safe(receiver, lambda code: _member(code, member, safe=False))
    match member:
        case Keyword(name, place):
            return compile_attribute(receiver, name, place)
        case Call(name, args, place):
            return compile_call(name, receiver, _slots(args), place)
        case other:
            return raising("after a dot comes a name or the call of a method", other.span)


def _dict(items: list[Slot], place: Span) -> Code:
    pairs = [item for item in items if isinstance(item, Pair)]
    if len(pairs) != len(items):
        return raising("a dict is made of `key => value` pairs", place)
    parts = [(freezing(pair.source), freezing(pair.destination)) for pair in pairs]
    codes = [code for pair in pairs for code in pair[1:]]

    def run(env: Env) -> FrozenDict:
        try:
            return FrozenDict([(key(env), value(env)) for key, value in parts])
        except TypeError as error:
            message = f"a list or dict of this kind cannot be a key: {error}"
            raise EvaluationError(message, "type", place) from error

    return Code(run, simple=all(code.simple for code in codes))


def _rule(pair: Pair) -> Code:
    source, destination = freezing(pair.source), freezing(pair.destination)
    simple = pair.source.simple and pair.destination.simple
    return Code(lambda env: Rule(source(env), destination(env)), simple=simple)
