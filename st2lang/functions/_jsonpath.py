"""JSONPath as the package jsonpath-rw reads and evaluates it, which is StackStorm's.

Its own ways matter to workflows: `[*]` of a dict is the dict, `[0]` of a dict an error, `.` binds weaker
than `|`, and in YAQL `..` does not go into dicts and lists, because they are frozen there. Its successor
jsonpath-ng differs in all of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from st2lang.functions.values import FrozenDict


class _Part(NamedTuple):
    """A part of the data, and the part around it."""

    value: Any
    around: _Part | None


_Find = Callable[[_Part], list[_Part]]


def query(data: Any, text: str) -> list[Any] | None:
    """What a query finds, None for nothing.

    Raises ValueError for a text that is no query, and what looking up in unfit data raises.
    """
    return [part.value for part in _compiled(text)(_Part(data, None))] or None


@lru_cache(maxsize=256)
def _compiled(text: str) -> _Find:
    return _Parser(text).whole()


_TOKEN = re.compile(
    r"""[ \t\n]*(?:(?P<name>[a-zA-Z_@][\w@-]*)|(?P<number>-?\d+)|(?P<symbol>\.\.|[*.\[\]()$,:|&])
    |'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)"|`(?P<special>[^`]*)`)""",
    re.VERBOSE | re.ASCII,
)

_POWERS = {"..": 1, ".": 2, "|": 3, "where": 5}


class _Parser:
    """Tokens are pairs of kind and text; the kind of a symbol is the symbol itself."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at = text, list(_tokens(text)), 0

    def whole(self) -> _Find:
        found = self.path(0)
        if self.at < len(self.tokens):
            raise self.unfit()
        return found

    def unfit(self) -> ValueError:
        token = self.tokens[self.at][1] if self.at < len(self.tokens) else "the end"
        return ValueError(f"`{self.text}` is no JSONPath: {token!r} does not belong where it is")

    def kind(self, ahead: int = 0) -> str:
        position = self.at + ahead
        return self.tokens[position][0] if position < len(self.tokens) else ""

    def take(self, *kinds: str) -> str:
        if self.kind() not in kinds:
            raise self.unfit()
        self.at += 1
        return self.tokens[self.at - 1][1]

    def path(self, power: int) -> _Find:
        """What binds at least so strongly. Brackets are the weakest: `a|b[0]` is `(a|b)[0]`."""
        found = self.brackets() if self.kind() == "[" else self.plain()
        while True:
            operator = self.kind()
            if operator == "[" and not power:
                found = _child(found, self.brackets())
            elif _POWERS.get(operator, 0) > power:
                self.at += 1
                found = _OPERATIONS[operator](found, self.path(_POWERS[operator]))
            else:
                return found

    def plain(self) -> _Find:
        match self.kind():
            case "$":
                self.at += 1
                return _root
            case "(":
                self.at += 1
                found = self.path(0)
                self.take(")")
                return found
            case "special":
                special = {"this": _this, "parent": _parent}.get(self.take("special"))
                if special is None:
                    raise ValueError(f"`{self.text}` is no JSONPath: it knows `this` and `parent`")
                return special
            case "*":
                self.at += 1
                return _every
        return self.fields()

    def fields(self) -> _Find:
        names = [self.take("name")]
        while self.kind() == ",":
            self.at += 1
            names.append(self.take("name"))
        return lambda part: list(_fields(names, part))

    def brackets(self) -> _Find:
        self.take("[")
        found = self.inside()
        self.take("]")
        return found

    def inside(self) -> _Find:
        if self.kind() == "name":
            return self.fields()
        if self.kind() == "*":
            self.at += 1
            return lambda part: _slice(part, slice(None))
        if self.kind() == "number" and self.kind(1) == "]":
            index = int(self.take("number"))
            return lambda part: _index(part, index)
        start = int(self.take("number")) if self.kind() == "number" else None
        self.take(":")
        end = int(self.take("number")) if self.kind() == "number" else None
        return lambda part: _slice(part, slice(start, end))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while text[position:].strip(" \t\n"):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(
                f"`{text}` is no JSONPath: {text[position]!r} does not belong where it is"
            )
        position = match.end()
        kind = str(match.lastgroup)
        found = match[kind]
        if kind in ("single", "double"):
            yield "name", re.sub(r"\\(.)", r"\1", found)
        elif kind == "symbol" or found == "where":
            yield found, found
        else:
            yield kind, found


def _root(part: _Part) -> list[_Part]:
    while part.around is not None:
        part = part.around
    return [part]


def _this(part: _Part) -> list[_Part]:
    return [part]


def _parent(part: _Part) -> list[_Part]:
    if part.around is None:
        raise ValueError("there is nothing around the whole of the data")
    return [part.around]


def _every(part: _Part) -> list[_Part]:
    names = list(part.value) if isinstance(part.value, dict) else []
    return list(_fields(names, part))


def _fields(names: list[Any], part: _Part) -> Iterator[_Part]:
    for name in names:
        try:
            yield _Part(part.value[name], part)
        except (TypeError, KeyError):
            continue


def _index(part: _Part, index: int) -> list[_Part]:
    return [_Part(part.value[index], part)] if len(part.value) > index else []


def _slice(part: _Part, indices: slice) -> list[_Part]:
    value = part.value
    if isinstance(value, str | int) or _is_dict(value):
        part = _Part([value], part.around)
    return [_Part(part.value[i], part) for i in range(len(part.value))[indices]]


def _is_dict(value: object) -> bool:
    """Whether jsonpath-rw takes a value for a dict: not one that YAQL has frozen."""
    return isinstance(value, dict) and not isinstance(value, FrozenDict)


def _child(left: _Find, right: _Find) -> _Find:
    return lambda part: [found for outer in left(part) for found in right(outer)]


def _descendants(left: _Find, right: _Find) -> _Find:
    return lambda part: [found for outer in left(part) for found in _below(right, outer)]


def _below(find: _Find, part: _Part) -> Iterator[_Part]:
    """What is found in a part, and in all that is in it."""
    yield from find(part)
    value = part.value
    if isinstance(value, list):
        for inner in value:
            yield from _below(find, _Part(inner, part))
    elif _is_dict(value):
        for inner in value.values():
            yield from _below(find, _Part(inner, part))


_OPERATIONS: dict[str, Callable[[_Find, _Find], _Find]] = {
    ".": _child,
    "..": _descendants,
    "|": lambda left, right: lambda part: left(part) + right(part),
    "where": lambda left, right: lambda part: [found for found in left(part) if right(found)],
}
