"""How Jinja refers to things: as in YAQL by functions in Orquesta, by plain names in an ActionChain.

Names that the template itself binds (`for`, `set`, macros, imports) are no references, wherever in the
template they stand: this errs on the quiet side.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.expressions.jinja_ast import (
    Argument,
    Attribute,
    Call,
    Const,
    Filter,
    Item,
    Name,
    Node,
    Test,
    children,
    walk,
)
from st2lang.source import Span
from st2lang.symbols import Use
from st2lang.symbols.yaql import GUARDS, ITEM_FUNCTIONS, KEY_FUNCTIONS, TASK_FUNCTIONS, Found

_GUARDING_TESTS = frozenset({"defined", "undefined"})
_GUARDING_FILTERS = frozenset({"default", "d"})
_BINDING = frozenset({"For", "Set", "Macro", "With", "CallBlock", "Load"})
_ALWAYS = frozenset(
    [
        "loop",
        "varargs",
        "kwargs",
        "caller",
        "self",
        "super",
        "range",
        "dict",
        "lipsum",
        "cycler",
        "joiner",
        "namespace",
    ]
)
"""What Jinja puts into a template by itself (jinja2.defaults.DEFAULT_NAMESPACE and block variables)."""


def uses(node: Node, orquesta: bool = True) -> Iterator[Found]:
    """(use, name, span of the name, guarded) for every reference below a node."""
    bound: frozenset[str] | None = None
    pending: list[tuple[Node, bool]] = [(node, False)]
    while pending:
        current, guarded = pending.pop()
        if isinstance(current, Name):
            if bound is None:
                bound = _bound(node)
            if current.name not in bound:
                use = Use.NAME if orquesta else Use.VARIABLE
                yield use, current.name, current.span, guarded
            continue
        found, rest, guards = _use(current, orquesta, guarded)
        if found is not None:
            yield found
        pending.extend((child, guards) for child in reversed(rest))


def _use(node: Node, orquesta: bool, guarded: bool) -> tuple[Found | None, list[Node], bool]:
    """The reference that a node makes, the nodes still to be looked at, and whether those are guarded."""
    match node:
        case Attribute(base=base, name=name, name_span=span) if orquesta and is_context(base):
            return (Use.VARIABLE, name, span, guarded), [], False
        case Item(base=base, index=Const(value=str(name), span=span)) if orquesta and is_context(
            base
        ):
            return (Use.VARIABLE, name, _inside(name, span), guarded), [], False
        case Attribute(base=base) | Item(base=base, index=Const()):
            return None, [base], guarded
        case Call():
            return _call(node, orquesta, guarded)
        case Test(base=base, name=name) if name in _GUARDING_TESTS:
            return None, [base], True
        case Filter(base=base, name=name, arguments=arguments) if name in _GUARDING_FILTERS:
            return None, [b for b in (base, *arguments) if b is not None], True
        case _:
            return None, children(node), False


def _call(node: Call, orquesta: bool, guarded: bool) -> tuple[Found | None, list[Node], bool]:
    arguments: list[Node] = list(node.arguments)
    function = node.function
    if isinstance(function, Attribute) and orquesta and is_context(function.base):
        first = _string(node.arguments)
        if first and function.name in GUARDS:
            return (Use.VARIABLE, *first, True), arguments[1:], False
        return (Use.CONTEXT, "", function.base.span, True), arguments, False
    if not isinstance(function, Name):
        return None, [function, *arguments], guarded
    if not orquesta:
        return None, arguments, False
    return _function(node, function, arguments, guarded)


def _function(
    node: Call, function: Name, arguments: list[Node], guarded: bool
) -> tuple[Found | None, list[Node], bool]:
    name, span = function.name, function.span
    first = _string(node.arguments)
    rest = arguments[1:] if first else arguments
    if name == "ctx":
        if first:
            return (Use.VARIABLE, *first, guarded), rest, False
        return (Use.CONTEXT, "", span, bool(arguments)), rest, False
    if name in TASK_FUNCTIONS and first:
        return (Use.TASK, *first, False), rest, False
    if name in ITEM_FUNCTIONS:
        return (Use.ITEM, *(first or ("", span)), False), rest, False
    if name == "result":
        return (Use.RESULT, "", span, False), rest, False
    if name in KEY_FUNCTIONS and first:
        return (Use.KEY, *first, False), rest, False
    return None, arguments, False


def is_context(node: Node) -> bool:
    """True for `ctx()`."""
    return (
        isinstance(node, Call)
        and isinstance(node.function, Name)
        and node.function.name == "ctx"
        and not node.arguments
    )


def _string(arguments: tuple[Argument, ...]) -> tuple[str, Span] | None:
    """The text of a first argument that is a literal, with the span of its characters."""
    if not arguments or arguments[0].stars:
        return None
    value = arguments[0].value
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value, _inside(value.value, value.span)
    return None


def _inside(text: str, span: Span) -> Span:
    inner = Span(span.start + 1, span.end - 1)
    return inner if inner.end - inner.start == len(text) else span


def _bound(node: Node) -> frozenset[str]:
    """Every name that the template binds itself, and those that Jinja always has."""
    statements = [n for n in walk(node) if type(n).__name__ in _BINDING]
    names = set(_ALWAYS)
    if statements:
        from st2lang.expressions.jinja_statements import names_inside, names_set

        for statement in statements:
            names.update(n.name for n in (*names_set(statement), *names_inside(statement)))
    return frozenset(names)
