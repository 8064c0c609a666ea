"""Expressions that are nothing but a variable, and the variables whose truth a condition asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from st2lang.expressions.embedded import Embedded


def variable_of(embedded: Embedded) -> str:
    """The name in `ctx().name`, `ctx(name)` or `ctx('name')`; "" for any other expression."""
    if embedded.node is None or embedded.inert:
        return ""
    if embedded.language == "yaql":
        return _yaql_variable(embedded.node)
    return _jinja_variable(_only(embedded))


def truth_values(embedded: Embedded) -> Iterator[str]:
    """The variables that stand alone in a condition or beside `and`, `or` and `not`."""
    if embedded.node is None or embedded.inert:
        return
    yaql = embedded.language == "yaql"
    pending = [embedded.node if yaql else _only(embedded)]
    while pending:
        node = pending.pop()
        name = _yaql_variable(node) if yaql else _jinja_variable(node)
        if name:
            yield name
        else:
            pending += _yaql_operands(node) if yaql else _jinja_operands(node)


def _only(embedded: Embedded) -> Any:
    from st2lang.expressions.jinja_ast import Output, Template

    match embedded.node:
        case Template(body=(Output(values=(only,)),)):
            return only
        case _:
            return None


def _yaql_variable(node: Any) -> str:
    from st2lang.expressions.yaql_ast import Call, Keyword, Literal, Member, ungrouped
    from st2lang.symbols.yaql import is_context

    match ungrouped(node):
        case Member(receiver=receiver, member=Keyword(name=name)) if is_context(receiver):
            return name
        case Call(name="ctx", args=(Keyword(name=name) | Literal(value=str(name)),)):
            return name
        case _:
            return ""


def _yaql_operands(node: Any) -> list[Any]:
    from st2lang.expressions.yaql_ast import Binary, Unary, ungrouped

    match ungrouped(node):
        case Binary(operator="and" | "or", left=left, right=right):
            return [right, left]
        case Unary(operator="not", operand=operand):
            return [operand]
        case _:
            return []


def _jinja_variable(node: Any) -> str:
    from st2lang.expressions.jinja_ast import Argument, Attribute, Call, Const, Name
    from st2lang.symbols.jinja import is_context

    match node:
        case Attribute(base=base, name=name) if is_context(base):
            return name
        case Call(function=Name(name="ctx"), arguments=(Argument(value=Const(value=str(name))),)):
            return name
        case _:
            return ""


def _jinja_operands(node: Any) -> list[Any]:
    from st2lang.expressions.jinja_ast import Binary, Unary

    match node:
        case Binary(operator="and" | "or", left=left, right=right):
            return [right, left]
        case Unary(operator="not", operand=operand):
            return [operand]
        case _:
            return []
