"""Parts of a condition whose value is certain: literals, and comparisons of values that can never, or can
only, be equal. Used by `constant-condition`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from st2lang import types
from st2lang.source import Span
from st2lang.types import Type

if TYPE_CHECKING:
    from st2lang.dialects.model import Task
    from st2lang.document import Document
    from st2lang.expressions.embedded import Embedded
    from st2lang.inference import Lookup

Constant = tuple[Span, str, str]
"""A part of an expression, what is wrong with it, and what to do."""

_NUMERIC = (types.BOOLEAN, types.INTEGER, types.NUMBER)
"""Types whose values may be equal to one another: `1`, `1.0` and `true`."""


def constants(document: Document, task: Task, embedded: Embedded) -> Iterator[Constant]:
    """The parts of a condition, joined by `and`, `or` and `not`, that have only one possible value."""
    from st2lang.inference import Inference

    lookup = Inference.of(document).lookup(task)
    if embedded.language == "yaql":
        yield from _yaql(embedded.node, lookup)
    else:
        from st2lang.expressions.jinja_ast import Output, Template

        match embedded.node:
            case Template(body=(Output(values=(only,)),)):
                yield from _jinja(only, lookup)


def _yaql(root: Any, lookup: Lookup) -> Iterator[Constant]:
    from st2lang.expressions.yaql_ast import Binary, Keyword, Literal, Unary, ungrouped
    from st2lang.inference.yaql import infer

    pending = [root]
    while pending:
        node = ungrouped(pending.pop())
        match node:
            case Binary(operator="and" | "or", left=left, right=right):
                pending += [right, left]
            case Unary(operator="not", operand=operand):
                pending.append(operand)
            case Binary(operator="=" | "!=" as operator, left=left, right=right):
                yield from _compared(
                    node.span,
                    operator == "=",
                    (ungrouped(left), infer(left, lookup)),
                    (ungrouped(right), infer(right, lookup)),
                    (Literal, Keyword),
                )
            case Keyword(name=name):
                help = f"Write `ctx().{name}` for the variable."
                yield node.span, f"`{name}` is a text here, which is always true", help
            case Literal(value=value) if not isinstance(value, bool):
                yield node.span, _always(bool(value), "a literal"), ""


def _jinja(root: Any, lookup: Lookup) -> Iterator[Constant]:
    from st2lang.expressions.jinja_ast import Binary, Compare, Const, Unary
    from st2lang.inference.jinja import infer

    pending = [root]
    while pending:
        node = pending.pop()
        match node:
            case Binary(operator="and" | "or", left=left, right=right):
                pending += [right, left]
            case Unary(operator="not", operand=operand):
                pending.append(operand)
            case Compare(first=left, rest=((("==" | "!=") as operator, right),)):
                yield from _compared(
                    node.span,
                    operator == "==",
                    (left, infer(left, "jinja", lookup)),
                    (right, infer(right, "jinja", lookup)),
                    (Const,),
                )
            case Const(value=value) if not isinstance(value, bool):
                yield node.span, _always(bool(value), "a literal"), ""


def _compared(
    span: Span,
    equal: bool,
    left: tuple[Any, Type],
    right: tuple[Any, Type],
    literals: tuple[type, ...],
) -> Iterator[Constant]:
    """A test for equality (or, without `equal`, for difference)."""
    if isinstance(left[0], literals) and isinstance(right[0], literals):
        same = _value(left[0]) == _value(right[0])
        yield span, _always(same is equal, "a comparison of two literals"), ""
    elif _never_equal(left[1], right[1]):
        kinds = f"{_article(left[1])} with {_article(right[1])}"
        yield span, _always(not equal, f"a comparison of {kinds}"), _advice(left, right)


def _value(node: Any) -> object:
    return getattr(node, "value", None) if hasattr(node, "value") else node.name


def _always(value: bool, what: str) -> str:
    return f"this is always {'true' if value else 'false'}: {what}"


def _advice(left: tuple[Any, Type], right: tuple[Any, Type]) -> str:
    """For `x = 'true'` with a boolean `x`, and the like."""
    for (node, _), (_, kind) in ((left, right), (right, left)):
        value = getattr(node, "value", None)
        if isinstance(value, str) and value.lower() in ("true", "false") and kind == types.BOOLEAN:
            return f"Compare with `{value.lower()}` without quotes."
    return ""


def _article(kind: Type) -> str:
    return f"{'an' if str(kind)[0] in 'aeiou' else 'a'} {kind}"


def _never_equal(left: Type, right: Type) -> bool:
    """True when no value of one type is equal to one of the other.

    A test for null is nothing to complain about, even where null seems impossible.
    """
    ours, theirs = _groups(left), _groups(right)
    return bool(ours and theirs) and "" not in ours | theirs and not ours & theirs


def _groups(kind: Type) -> frozenset[str]:
    """The groups of comparable values that a type belongs to, null left out; "" is one not known."""
    members = kind.members if isinstance(kind, types.Union) else (kind,)
    return frozenset(_group(member) for member in members if member != types.NULL)


def _group(kind: Type) -> str:
    if kind in _NUMERIC:
        return "number"
    if isinstance(kind, types.List):
        return "list"
    if isinstance(kind, types.Dict):
        return "dict"
    return "string" if kind == types.STRING else ""
