"""Makes the nodes of Jinja tags: one function for each alias of `tag` in `jinja.lark`.

A tag with a body gives an `Opening` with a node that has no body yet; `jinja_blocks` fills it in. Loaded
when the first `{% … %}` is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from st2lang.expressions.jinja_ast import (
    Attribute,
    Call,
    Const,
    Filter,
    Name,
    Node,
    Output,
    TupleDisplay,
)
from st2lang.expressions.jinja_builder import (
    ACTIONS as EXPRESSION_ACTIONS,
)
from st2lang.expressions.jinja_builder import (
    CONSTANTS,
    Arguments,
    Dotted,
    reject,
    span_of,
)
from st2lang.expressions.jinja_statements import (
    Autoescape,
    Binding,
    Block,
    CallBlock,
    FilterBlock,
    For,
    If,
    Load,
    Macro,
    Set,
    With,
)
from st2lang.expressions.lalr import Token
from st2lang.source import Span


class Opening(NamedTuple):
    """A tag with a body: its name and its node, which has no body yet."""

    word: str
    node: Node


class Marker(NamedTuple):
    """A tag that ends a body: `elif` with its test, `else`, `endif`, `endblock` with or without a name."""

    word: str
    test: Node | None = None
    name: Token | None = None


Tag = Opening | Marker | Node


def target(span: Span, node: Node) -> Node:
    """Names and tuples of names, whatever the parentheses."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, TupleDisplay):
            waiting += part.items
        elif not isinstance(part, Name):
            raise reject(part.span, "only a name, or several, can be assigned to")
    return node


def namespace(span: Span, owner: Token, attribute: Token) -> Node:
    return Attribute(_new_name(owner), attribute[1], span_of(attribute), span)


def _new_name(token: Token) -> Name:
    if token[1] in CONSTANTS:
        raise reject(span_of(token), f"`{token[1]}` is a value, it cannot be assigned to")
    return Name(token[1], span_of(token))


def if_tag(span: Span, test: Node) -> Opening:
    return Opening("if", If(((test, ()),), (), span))


def elif_tag(span: Span, test: Node) -> Marker:
    return Marker("elif", test)


def else_tag(span: Span) -> Marker:
    return Marker("else")


def end_tag(span: Span, word: Token, name: Token | None = None) -> Marker:
    return Marker(word[1], name=name)


def for_tag(span: Span, target: Node, iterable: Node, *rest: Node | Token) -> Opening:
    condition = next((part for part in rest if isinstance(part, Node)), None)
    recursive = any(not isinstance(part, Node) for part in rest)
    return Opening("for", For(target, iterable, condition, recursive, (), (), span))


def set_tag(span: Span, target: Node, value: Node) -> Node:
    return Set(target, value, None, None, span)


def set_block_tag(span: Span, target: Node, filters: Node | None = None) -> Opening:
    return Opening("set", Set(target, None, filters, (), span))


def assignment(span: Span, target: Node, value: Node) -> Binding:
    return Binding(target, value, span)


def with_tag(span: Span, *bindings: Binding) -> Opening:
    return Opening("with", With(bindings, (), span))


def parameter(span: Span, token: Token, default: Node | None = None) -> Binding:
    return Binding(_new_name(token), default, span)


def _parameters(bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
    seen = False
    for binding in bindings:
        if seen and binding.value is None:
            raise reject(
                binding.span, "a parameter without a default cannot follow one with a default"
            )
        seen = seen or binding.value is not None
    return bindings


def macro_tag(span: Span, name: Token, *parameters: Binding) -> Opening:
    return Opening("macro", Macro(_new_name(name), _parameters(parameters), (), span))


def call_tag(span: Span, *parts: Node) -> Opening:
    *parameters, called = parts
    if not isinstance(called, Call):
        raise reject(called.span, "`{% call %}` needs the call of a macro")
    bindings = tuple(part for part in parameters if isinstance(part, Binding))
    return Opening("call", CallBlock(_parameters(bindings), called, (), span))


def first_filter(span: Span, called: Dotted, passed: Arguments = ()) -> Filter:
    return Filter(None, called.name, passed, called.span, span)


def filter_tag(span: Span, filters: Filter) -> Opening:
    return Opening("filter", FilterBlock(filters, (), span))


def block_tag(span: Span, name: Token, *flags: Token) -> Opening:
    kinds = {kind for kind, *_ in flags}
    node = Block(name[1], "SCOPED" in kinds, "REQUIRED" in kinds, (), span_of(name), span)
    return Opening("block", node)


def autoescape_tag(span: Span, value: Node) -> Opening:
    return Opening("autoescape", Autoescape(value, (), span))


def print_tag(span: Span, *values: Node) -> Node:
    return Output(values, span)


def context(span: Span, word: Token) -> bool:
    return word[0] == "WITH"


def extends_tag(span: Span, template: Node) -> Node:
    return Load("extends", template, (), False, None, span)


def include_tag(span: Span, template: Node, *rest: Token | bool) -> Node:
    with_context = next((part for part in rest if isinstance(part, bool)), None)
    ignore_missing = any(not isinstance(part, bool) for part in rest)
    return Load("include", template, (), ignore_missing, with_context, span)


def import_tag(span: Span, template: Node, name: Token, context: bool | None = None) -> Node:
    binding = Binding(_new_name(name), None, span_of(name))
    return Load("import", template, (binding,), False, context, span)


def import_name(span: Span, token: Token) -> Token:
    return token


def imported(span: Span, original: Token, alias: Token | None = None) -> Binding:
    known = _new_name(original)
    if known.name.startswith("_"):
        raise reject(
            known.span, f"`{known.name}` begins with an underscore, such names cannot be imported"
        )
    return Binding(_new_name(alias) if alias else known, Const(known.name, known.span), span)


def from_tag(span: Span, template: Node, *rest: Binding | bool) -> Node:
    with_context = next((part for part in rest if isinstance(part, bool)), None)
    names = tuple(part for part in rest if isinstance(part, Binding))
    return Load("from", template, names, False, with_context, span)


ACTIONS: dict[str, Callable[..., object]] = EXPRESSION_ACTIONS | {
    function.__name__: function
    for function in (
        *(target, namespace, if_tag, elif_tag, else_tag, end_tag, for_tag, set_tag, set_block_tag),
        *(
            assignment,
            with_tag,
            parameter,
            macro_tag,
            call_tag,
            first_filter,
            filter_tag,
            block_tag,
        ),
        *(autoescape_tag, print_tag, context, extends_tag, include_tag, import_tag, import_name),
        *(imported, from_tag),
    )
}
