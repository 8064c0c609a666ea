"""The tree of Jinja's tags, `{% … %}`, and which names they bind.

Kept apart from `jinja_ast` because most texts in a workflow have no tags: this module is loaded when
the first one is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.expressions.jinja_ast import Attribute, Call, Filter, Name, Node, TupleDisplay
from st2lang.record import field, record
from st2lang.source import Span

Body = tuple[Node, ...]


@record
class Binding(Node):
    """A name (or tuple of names) that gets a value.

    `value` is the expression of a `with`, or the default of a parameter; for a name that is imported
    from another template it is a `Const` of what the name is there. `target` is what it is called here.
    """

    target: Node
    value: Node | None
    span: Span = field(compare=False)


@record
class If(Node):
    """`branches`: the tests of `if` and every `elif` with their bodies; `otherwise`: that of `else`."""

    branches: tuple[tuple[Node, Body], ...]
    otherwise: Body
    span: Span = field(compare=False)


@record
class For(Node):
    """`for target in iterable if condition recursive`; `otherwise` is for no items at all."""

    target: Node
    iterable: Node
    condition: Node | None
    recursive: bool
    body: Body
    otherwise: Body
    span: Span = field(compare=False)


@record
class Set(Node):
    """`set target = value`; or, with a `body` instead of `value`, a block with optional filters."""

    target: Node
    value: Node | None
    filter: Node | None
    body: Body | None
    span: Span = field(compare=False)


@record
class With(Node):
    """A scope with variables of its own. Values do not see the variables beside them."""

    bindings: tuple[Binding, ...]
    body: Body
    span: Span = field(compare=False)


@record
class Macro(Node):
    """`macro name(parameters)`."""

    name: Name
    parameters: tuple[Binding, ...]
    body: Body
    span: Span = field(compare=False)


@record
class CallBlock(Node):
    """`call(parameters) call`: the body is what `caller()` gives in the macro that is called."""

    parameters: tuple[Binding, ...]
    call: Call
    body: Body
    span: Span = field(compare=False)


@record
class FilterBlock(Node):
    """A body that goes through filters; the innermost of them has no base."""

    filter: Filter
    body: Body
    span: Span = field(compare=False)


@record
class Block(Node):
    """A named part that an extending template may replace."""

    name: str
    scoped: bool
    required: bool
    body: Body
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)


@record
class Autoescape(Node):
    """A body in which escaping is on or off."""

    value: Node
    body: Body
    span: Span = field(compare=False)


@record
class Load(Node):
    """Another template is used: `kind` is "extends", "include", "import" or "from".

    `names` are what an import binds; `with_context` is None where nothing is said.
    """

    kind: str
    template: Node
    names: tuple[Binding, ...]
    ignore_missing: bool
    with_context: bool | None
    span: Span = field(compare=False)


def target_names(target: Node) -> Iterator[Name]:
    """The names that an assignment to `target` sets. `ns.x` sets an attribute, not a name."""
    waiting = [target]
    while waiting:
        match waiting.pop():
            case Name() as name:
                yield name
            case TupleDisplay(items):
                waiting.extend(reversed(items))
            case Attribute():
                pass


def names_set(node: Node) -> tuple[Name, ...]:
    """The names that a statement sets for what follows it."""
    match node:
        case Set(target):
            return tuple(target_names(target))
        case Macro(name):
            return (name,)
        case Load(names=bindings):
            return tuple(name for binding in bindings for name in target_names(binding.target))
    return ()


def names_inside(node: Node) -> tuple[Name, ...]:
    """The names that a statement sets for its own body only.

    Jinja adds names that are not written: `loop` in a `for`; `varargs`, `kwargs` and `caller` in a
    `macro` that uses them.
    """
    match node:
        case For(target):
            return tuple(target_names(target))
        case With(bindings) | Macro(parameters=bindings) | CallBlock(bindings):
            return tuple(name for binding in bindings for name in target_names(binding.target))
    return ()
