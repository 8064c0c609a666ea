"""When does a transition fire? What its condition says for a task that succeeded, and for one that failed.

Three answers: True and False where the condition alone decides, None where it depends on data.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from st2lang.dialects.model import Transition, Value
from st2lang.expressions.embedded import Embedded, scan
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.expressions import jinja_ast, yaql_ast


def fires(transition: Transition, succeeded: bool) -> bool | None:
    """Whether a transition is taken when its task ended as succeeded, or as failed."""
    if transition.outcome != "any":
        return (transition.outcome == "success") is succeeded
    return True if transition.when is None else truth(transition.when, succeeded)


def truth(when: Value, succeeded: bool) -> bool | None:
    """What a condition gives for the outcome of its task; None when that depends on data."""
    if not isinstance(when.node, Scalar) or not when.node.is_string:
        return None
    return truth_of(when.node.value, succeeded)


@lru_cache(maxsize=8192)
def truth_of(when: str, succeeded: bool) -> bool | None:
    """The same for a condition as text."""
    text = scan(when)
    if text.mixed or not text.whole:
        return None
    try:
        return _embedded(text.expressions[0], succeeded)
    except RecursionError:  # hundreds of nested parentheses: nothing a person wrote
        return None


def _embedded(embedded: Embedded, succeeded: bool) -> bool | None:
    if embedded.node is None or embedded.inert:
        return None
    if embedded.language == "yaql":
        return _yaql(embedded.yaql, succeeded)
    from st2lang.expressions.jinja_ast import Output, Template

    match embedded.node:
        case Template(body=(Output(values=(only,)),)):
            return _jinja(only, succeeded)
        case _:
            return None


_OUTCOMES = {"succeeded": (True, False), "failed": (False, True), "completed": (True, True)}
"""What Orquesta's functions give for a task that succeeded, and for one that failed."""


def _outcome(name: str, succeeded: bool) -> bool | None:
    pair = _OUTCOMES.get(name)
    return None if pair is None else pair[0 if succeeded else 1]


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return True if left and right else None


def _or(left: bool | None, right: bool | None) -> bool | None:
    if left or right:
        return True
    return False if left is False and right is False else None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _yaql(node: yaql_ast.Node, succeeded: bool) -> bool | None:
    from st2lang.expressions.yaql_ast import Binary, Call, Literal, Unary, ungrouped

    match ungrouped(node):
        case Literal(value=bool(value)):
            return value
        case Call(name=name, args=()):
            return _outcome(name, succeeded)
        case Unary(operator="not", operand=inner):
            return _not(_yaql(inner, succeeded))
        case Binary(operator="and", left=left, right=right):
            return _and(_yaql(left, succeeded), _yaql(right, succeeded))
        case Binary(operator="or", left=left, right=right):
            return _or(_yaql(left, succeeded), _yaql(right, succeeded))
        case Binary(operator="=" | "!=" as operator, left=left, right=right):
            a, b = _yaql(left, succeeded), _yaql(right, succeeded)
            return None if a is None or b is None else (a == b) is (operator == "=")
        case _:
            return None


def _jinja(node: jinja_ast.Node, succeeded: bool) -> bool | None:
    from st2lang.expressions.jinja_ast import Binary, Call, Compare, Const, Name, Unary

    match node:
        case Const(value=bool(value)):
            return value
        case Call(function=Name(name=name), arguments=()):
            return _outcome(name, succeeded)
        case Unary(operator="not", operand=inner):
            return _not(_jinja(inner, succeeded))
        case Binary(operator="and", left=left, right=right):
            return _and(_jinja(left, succeeded), _jinja(right, succeeded))
        case Binary(operator="or", left=left, right=right):
            return _or(_jinja(left, succeeded), _jinja(right, succeeded))
        case Compare(first=first, rest=((("==" | "!=") as operator, second),)):
            a, b = _jinja(first, succeeded), _jinja(second, succeeded)
            return None if a is None or b is None else (a == b) is (operator == "==")
        case _:
            return None
