"""How YAQL refers to things: `ctx().x`, `ctx(x)`, `task(t)`, `item(x)`, `result()`, `st2kv('k')`.

Facts: orquesta/expressions/functions/workflow.py; a bare word as an argument is a string in YAQL.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.expressions.yaql_ast import (
    Argument,
    Binary,
    Call,
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
    children,
    ungrouped,
)
from st2lang.source import Span
from st2lang.symbols import Use

Found = tuple[Use, str, Span, bool]

GUARDS = frozenset({"get", "containsKey"})
"""Methods of the context that do not mind an unset variable."""

TASK_FUNCTIONS = frozenset({"task", "task_status", "task_state"})
ITEM_FUNCTIONS = frozenset({"item"})
KEY_FUNCTIONS = frozenset({"st2kv"})

_SAME_DATA = (Binary, Group, ListDisplay, Member, Unary)
"""Nodes around which `$` means what it means outside; the arguments of calls may be lambdas."""


def uses(node: Node) -> Iterator[Found]:
    """(use, name, span of the name, guarded) for every reference below a node, in the order of the text."""
    pending = [(node, True)]
    while pending:
        current, top = pending.pop()
        found, rest = _use(current, top)
        if found is not None:
            yield found
        top = top and isinstance(current, _SAME_DATA)
        pending.extend((child, top) for child in reversed(rest))


def _use(node: Node, top: bool) -> tuple[Found | None, tuple[Node, ...]]:
    """The reference that a node makes itself, and the nodes below it that are still to be looked at."""
    match node:
        case Member(receiver=receiver, member=Keyword(name, span)) if is_context(receiver):
            return (Use.VARIABLE, name, span, False), ()
        case Member(receiver=receiver, member=Call(name=name, args=args)) if is_context(receiver):
            variable = _string(args[0]) if args and name in GUARDS else None
            if variable is not None:
                return (Use.VARIABLE, *variable, True), _nodes(args[1:])
            return (Use.CONTEXT, "", receiver.span, True), _nodes(args)
        case Index(receiver=receiver, args=(only,)) if is_context(receiver):
            variable = _string(only)
            if variable is not None:
                return (Use.VARIABLE, *variable, False), ()
            return (Use.CONTEXT, "", receiver.span, True), _nodes((only,))
        case Call():
            return _call(node)
        case Member(receiver=Variable(name="$"), member=Keyword(name, span)) if top:
            return (Use.NAME, name, Span(node.receiver.span.start, span.end), False), ()
        case Member(receiver=receiver, member=Keyword()):
            return None, (receiver,)
        case _:
            return None, children(node)


def _call(node: Call) -> tuple[Found | None, tuple[Node, ...]]:
    name, args = node.name, node.args
    first = _string(args[0]) if args else None
    rest = _nodes(args[1:]) if first else _nodes(args)
    if name == "ctx":
        if first:
            return (Use.VARIABLE, *first, False), rest
        return (Use.CONTEXT, "", node.name_span, bool(args)), rest
    if name in TASK_FUNCTIONS and first:
        return (Use.TASK, *first, False), rest
    if name in ITEM_FUNCTIONS:
        text, span = first or ("", node.name_span)
        return (Use.ITEM, text, span, False), rest
    if name == "result":
        return (Use.RESULT, "", node.name_span, False), rest
    if name in KEY_FUNCTIONS and first:
        return (Use.KEY, *first, False), rest
    return None, _nodes(args)


def is_context(node: Node) -> bool:
    """True for `ctx()`, in parentheses or not."""
    node = ungrouped(node)
    return isinstance(node, Call) and node.name == "ctx" and not node.args


def _string(argument: Argument) -> tuple[str, Span] | None:
    """The text of a literal or a bare word, with the span of its characters (quotes left out)."""
    match argument:
        case Keyword(name, span):
            return name, span
        case Literal(value=str(value), span=span):
            inside = Span(span.start + 1, span.end - 1)
            return value, inside if inside.end - inside.start == len(value) else span
        case NamedArgument(name=Keyword(), value=value):
            return _string(value) if isinstance(value, Literal) else None
        case _:
            return None


def _nodes(args: tuple[Argument, ...]) -> tuple[Node, ...]:
    return tuple(a for a in args if a is not None)
