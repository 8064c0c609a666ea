"""A Jinja expression as the YAQL expression that means the same."""

from __future__ import annotations

from st2lang.expressions.jinja_ast import (
    Argument,
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Filter,
    Item,
    ListDisplay,
    Name,
    Node,
    Test,
    Unary,
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
from st2lang.types import ANY

_ORDER = ("<", "<=", ">", ">=")
_CONSTANTS = {True: "true", False: "false", None: "null"}


def translate(node: Node, about: Translated) -> str:
    """The YAQL text of a node. Raises `UntranslatableError`."""
    match node:
        case Const(value=str(value)):
            return string(value)
        case Const(value=bool() | None as value):
            return _CONSTANTS[value]
        case Const():
            return number(about.text_of(node))
        case ListDisplay(items=items):
            return f"[{', '.join(translate(item, about) for item in items)}]"
        case Unary(operator="not", operand=operand):
            return f"not {_operand(operand, about)}"
        case Binary(operator="and" | "or" as word, left=left, right=right):
            return f" {word} ".join(_beside(part, word, about) for part in (left, right))
        case Compare(first=first, rest=((operator, second),)):
            return _compared(operator, first, second, about)
        case Test(base=base, name="none", arguments=(), negated=negated) if _is_set(base, about):
            return f"{_operand(base, about)} {'!=' if negated else '='} null"
        case Filter(base=Node() as base, name="length" | "count", arguments=()):
            return f"len({translate(base, about)})"
        case Call():
            return _call(node, about)
        case Attribute(base=base, name=name):
            return _member(base, name, about)
        case Item(base=base, index=Const(value=key) as index):
            return _item(base, key, index, about)
        case _:
            raise UntranslatableError


def _compared(operator: str, left: Node, right: Node, about: Translated) -> str:
    sides = _operand(left, about), _operand(right, about)
    if operator in ("in", "not in"):
        about.need(right, is_list, "a list")
        inside = f"{sides[0]} in {sides[1]}"
        return inside if operator == "in" else f"not ({inside})"
    if operator in _ORDER:
        kinds = [about.type_of(side) for side in (left, right)]
        fits = is_string if any(map(is_string, kinds)) else is_number
        for side in (left, right):
            about.need(side, fits, "a text" if fits is is_string else "a number")
    elif operator not in ("==", "!="):
        raise UntranslatableError
    return f"{sides[0]} {'=' if operator == '==' else operator} {sides[1]}"


def _operand(node: Node, about: Translated) -> str:
    text = translate(node, about)
    return f"({text})" if isinstance(node, Binary | Unary | Compare | Test) else text


def _beside(node: Node, word: str, about: Translated) -> str:
    """An operand of `and` or `or`, in brackets unless they would say nothing."""
    text = translate(node, about)
    other = isinstance(node, Binary) and node.operator in ("and", "or") and node.operator != word
    return f"({text})" if other else text


def _call(call: Call, about: Translated) -> str:
    if not isinstance(call.function, Name) or any(a.name or a.stars for a in call.arguments):
        raise UntranslatableError
    name, arguments = call.function.name, call.arguments
    if name == "ctx":
        match arguments:
            case (Argument(value=Const(value=str(variable))),):
                return f"ctx({attribute(variable)})"
            case _:
                raise UntranslatableError
    return f"{shared(name)}({', '.join(translate(a.value, about) for a in arguments)})"


def _member(base: Node, name: str, about: Translated) -> str:
    if _is_call(base, "ctx", 0):
        return f"ctx().{attribute(name)}"
    if about.type_of(base) != ANY or not _is_call(base, "task", 1):
        about.need(base, is_dict, "a mapping")
    return f"{_postfix(base, about)}.{attribute(name)}"


def _item(base: Node, key: object, index: Node, about: Translated) -> str:
    if isinstance(key, str):
        if _is_call(base, "ctx", 0):
            return f"ctx().{attribute(key)}"
        about.need(base, is_dict, "a mapping")
        return f"{_postfix(base, about)}[{string(attribute(key))}]"
    if type(key) is not int:
        raise UntranslatableError
    about.need(base, is_list, "a list")
    return f"{_postfix(base, about)}[{number(about.text_of(index))}]"


def _is_call(node: Node, name: str, arguments: int) -> bool:
    return (
        isinstance(node, Call)
        and isinstance(node.function, Name)
        and node.function.name == name
        and len(node.arguments) == arguments
    )


def _is_set(node: Node, about: Translated) -> bool:
    """Whether a value is there whenever the expression has one: to a test, what is not is undefined."""
    if isinstance(node, Attribute) and _is_call(node.base, "ctx", 0):
        return about.is_certain(node.name)
    return isinstance(node, Call)


def _postfix(node: Node, about: Translated) -> str:
    """What a dot or a bracket follows."""
    if not isinstance(node, Call | Attribute | Item):
        raise UntranslatableError
    return translate(node, about)
