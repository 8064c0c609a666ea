"""What both directions of translating an expression have in common."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING

from st2lang import functions, types
from st2lang.functions.record import Kind
from st2lang.patterns import lazy
from st2lang.record import field, record
from st2lang.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from st2lang.query.nodes import AnyNode


class UntranslatableError(Exception):
    """The expression has no equal in the other language, or none that is certain."""


@record(frozen=False)
class Translated:
    """A translation in the making.

    `assumes` are the conditions under which both mean the same. `is_certain` tells whether a variable is
    set whenever the expression is evaluated.
    """

    type_of: Callable[[AnyNode], Type]
    text_of: Callable[[AnyNode], str]
    is_certain: Callable[[str], bool]
    assumes: list[str] = field(default_factory=list)

    def need(self, node: AnyNode, fits: Callable[[Type], bool], what: str) -> None:
        """Hold that a value is of some types: known, else assumed. Raises where it is known not to be."""
        kind = self.type_of(node)
        if fits(kind):
            return
        if kind != types.ANY and not isinstance(kind, types.Union):
            raise UntranslatableError
        condition = f"`{self.text_of(node)}` is {what}"
        if condition not in self.assumes:
            self.assumes.append(condition)


def is_dict(kind: Type) -> bool:
    """Whether a value is certain to be a mapping."""
    return isinstance(kind, types.Dict)


def is_number(kind: Type) -> bool:
    """Whether a value is certain to be a number."""
    return kind in (types.INTEGER, types.NUMBER)


def is_string(kind: Type) -> bool:
    """Whether a value is certain to be a text."""
    return kind == types.STRING


def is_list(kind: Type) -> bool:
    """Whether a value is certain to be a list."""
    return isinstance(kind, types.List)


_TRAPS = ("<%", "%>", "{{", "}}", "{%", "%}", "{#", "#}", "\\")
_NUMBER = lazy(r"\d{1,15}(\.\d{1,15})?")
_NAME = lazy(r"[A-Za-z][A-Za-z0-9_]*")
_WORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "true",
        "false",
        "null",
        "none",
        "mod",
        "matches",
        "loop",
        "self",
    ]
)
_METHODS = frozenset(name for kind in (dict, list, str, int, float) for name in dir(kind))


def string(value: str) -> str:
    """A text as a literal that both languages read alike. Raises where there is none."""
    if not value.isprintable() or any(trap in value for trap in _TRAPS):
        raise UntranslatableError
    if "'" not in value:
        return f"'{value}'"
    if '"' in value:
        raise UntranslatableError
    return f'"{value}"'


def number(written: str) -> str:
    """A number as written, where both languages read it alike."""
    if _NUMBER.fullmatch(written) is None:
        raise UntranslatableError
    return written


def attribute(name: str) -> str:
    """A name behind a dot that is a key in both languages, never a method."""
    if _NAME.fullmatch(name) is None or name in _METHODS or name in _WORDS or iskeyword(name):
        raise UntranslatableError
    return name


SHARED = frozenset(
    [
        "succeeded",
        "failed",
        "completed",
        "result",
        "item",
        "task_status",
        "task",
        "basename",
        "dirname",
        "regex_match",
        "regex_replace",
        "regex_search",
        "regex_substring",
        "version_compare",
        "version_equal",
        "version_less_than",
        "version_match",
        "version_more_than",
        "to_json_string",
        "to_yaml_string",
        "from_json_string",
        "from_yaml_string",
        "to_human_time_from_seconds",
    ]
)
"""Functions that are one and the same in both languages when called with plain arguments."""


def shared(name: str) -> str:
    """A function that both languages have. Raises for others."""
    known = all(functions.lookup(table, name, Kind.FUNCTION) for table in ("yaql", "jinja"))
    if name not in SHARED or not known:
        raise UntranslatableError
    return name
