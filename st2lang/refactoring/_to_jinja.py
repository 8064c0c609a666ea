"""A YAQL expression as the Jinja expression that means the same."""

from __future__ import annotations

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
    Node,
    Unary,
    ungrouped,
)
from st2lang.refactoring._translation import (
    Translated,
    UntranslatableError,
    attribute,
    is_dict,
    is_list,
    is_number,
    is_string,
    number,
    shared,
    string,
)
from st2lang.source import Span
from st2lang.types import ANY

_ORDER = ("<", "<=", ">", ">=")
_CONSTANTS = {True: "true", False: "false", None: "none"}


def translate(node: Node, about: Translated) -> str:
    """The Jinja text of a node. Raises `UntranslatableError`."""
    match node:
        case Literal(value=str(value)):
            return string(value)
        case Literal(value=bool() | None as value):
            return _CONSTANTS[value]
        case Literal():
            return number(about.text_of(node))
        case Group(inner=inner):
            return f"({translate(inner, about)})"
        case ListDisplay(items=items):
            return f"[{', '.join(_arguments(items, about))}]"
        case Unary(operator="not", operand=operand):
            return f"not {_operand(operand, about)}"
        case Binary(operator="and" | "or" as word, left=left, right=right):
            parts = (_beside(part, word, about) for part in (left, right))
            return f" {word} ".join(parts)
        case Binary(operator=operator, left=left, right=right):
            return _compared(operator, left, right, about)
        case Call():
            return _call(node, about)
        case Member():
            return _member(node, about)
        case Index(receiver=receiver, args=(Literal() as key,)):
            return _index(receiver, key, about)
        case _:
            raise UntranslatableError


def _compared(operator: str, left: Node, right: Node, about: Translated) -> str:
    if operator == "in":
        about.need(right, is_list, "a list")
        return f"{_operand(left, about)} in {_operand(right, about)}"
    if operator in _ORDER:
        kinds = [about.type_of(side) for side in (left, right)]
        fits = is_string if any(map(is_string, kinds)) else is_number
        for side in (left, right):
            about.need(side, fits, "a text" if fits is is_string else "a number")
    elif operator not in ("=", "!="):
        raise UntranslatableError
    jinja = "==" if operator == "=" else operator
    return f"{_operand(left, about)} {jinja} {_operand(right, about)}"


def _operand(node: Node, about: Translated) -> str:
    text = translate(node, about)
    return f"({text})" if isinstance(node, Binary | Unary) else text


def _beside(node: Node, word: str, about: Translated) -> str:
    """An operand of `and` or `or`, in brackets unless they would say nothing."""
    text = translate(node, about)
    other = isinstance(node, Binary) and node.operator in ("and", "or") and node.operator != word
    return f"({text})" if other else text


def _arguments(items: tuple[Argument, ...], about: Translated) -> list[str]:
    if any(item is None for item in items):
        raise UntranslatableError
    return [translate(item, about) for item in items if item is not None]


def _call(call: Call, about: Translated) -> str:
    match call:
        case Call(name="ctx", args=()):
            raise UntranslatableError  # all variables at once
        case Call(name="ctx", args=(Keyword(name=name) | Literal(value=str(name)),)):
            return f"ctx({string(attribute(name))})"
        case Call(name="item" | "task" | "task_status" as function, args=(Keyword(name=name),)):
            return f"{function}({string(name)})"
        case Call(name="len", args=(only,)) if only is not None:
            return _length(only, about)
        case Call(name=name, args=args):
            return f"{shared(name)}({', '.join(_arguments(args, about))})"


def _length(node: Node, about: Translated) -> str:
    text = translate(node, about)
    simple = isinstance(ungrouped(node), Call | Member | Index)
    return f"{text} | length" if simple and not text.endswith("| length") else f"({text}) | length"


def _member(node: Member, about: Translated) -> str:
    if node.null_safe:
        raise UntranslatableError
    match node.member:
        case Keyword(name=name):
            if node.receiver == _EVERYTHING:
                return f"ctx().{attribute(name)}"
            if about.type_of(node.receiver) != ANY or not _is_task(node.receiver):
                about.need(node.receiver, is_dict, "a mapping")
            return f"{_postfix(node.receiver, about)}.{attribute(name)}"
        case Call(name="len", args=()):
            return _length(node.receiver, about)
        case _:
            raise UntranslatableError


def _is_task(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "task"


def _index(receiver: Node, key: Literal, about: Translated) -> str:
    if isinstance(key.value, str):
        about.need(receiver, is_dict, "a mapping")
        return f"{_postfix(receiver, about)}[{string(attribute(key.value))}]"
    if type(key.value) is not int:
        raise UntranslatableError
    about.need(receiver, is_list, "a list")
    return f"{_postfix(receiver, about)}[{number(about.text_of(key))}]"


def _postfix(node: Node, about: Translated) -> str:
    """What a dot or a bracket follows."""
    if not isinstance(node, Call | Member | Index) or (
        isinstance(node, Call) and node.name == "len"
    ):
        raise UntranslatableError
    text = translate(node, about)
    if text.endswith("| length"):
        raise UntranslatableError
    return text


_EVERYTHING = Call("ctx", (), Span(0, 0), Span(0, 0))
