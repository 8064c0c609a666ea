"""YAQL's values: what data becomes on the way into an expression, and results on the way out.

Inside an expression lists are tuples, dicts are frozen and hashable and sets are frozensets, as in
`yaql.language.utils`; some functions give real lists and dicts, which differ in that they cannot be
keys or members of sets. Everything lazy is an iterator of Python.
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    Sequence,
    Set,
    ValuesView,
)
from typing import Any

from st2lang.functions.failure import EvaluationError

ITERATIONS = 1_000_000
"""How many elements one lazy list may give."""

STEPS = 10_000_000
"""How many elements and calls of lambdas one evaluation may take altogether."""

SIZE = 50_000_000
"""How many characters or elements one repeated text or list, or bits one number, may have."""


class FrozenDict(dict[Any, Any]):
    """A dict that may be a key: nothing here ever changes one."""

    __slots__ = ("_hash",)
    _hash: int

    def __hash__(self) -> int:  # type: ignore[override]
        try:
            return self._hash
        except AttributeError:
            value = 0
            for pair in dict.items(self):
                value ^= hash(pair)
            self._hash = value
            return value

    def keys(self) -> KeysView[Any]:  # type: ignore[override]
        return KeysView(self)

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        return ValuesView(self)

    def items(self) -> ItemsView[Any, Any]:  # type: ignore[override]
        return ItemsView(self)


class Rule:
    """`key => value` once both sides are known."""

    __slots__ = ("destination", "source")

    def __init__(self, source: Any, destination: Any) -> None:
        self.source = source
        self.destination = destination


class LazyRule:
    """`key => value` whose sides are evaluated when they are asked for."""

    __slots__ = ("destination", "source")

    def __init__(self, source: Callable[[], Any], destination: Callable[[], Any]) -> None:
        self.source = source
        self.destination = destination


class Names:
    """What `let`, `with`, `def` and `unpack` give: the names that the right side of `->` sees."""

    __slots__ = ("env",)

    def __init__(self, env: Env) -> None:
        self.env = env


class Run:
    """One evaluation: the workflow around it and how many steps are left."""

    __slots__ = ("left", "scope")

    def __init__(self, scope: Any = None) -> None:
        self.scope = scope
        self.left = STEPS


Env = dict[Any, Any]
"""The names an expression sees: `$1` (which is `$`), `$x`; functions as `f(`; the `Run` under None."""

ATOMS = frozenset((str, int, float, bool, type(None)))


def freeze(value: Any) -> Any:
    """Data as YAQL sees it. Costs the size of the value."""
    kind = type(value)
    if kind in ATOMS:
        return value
    if kind is list or kind is tuple:
        return tuple([x if type(x) in ATOMS else freeze(x) for x in value])
    if kind is dict:
        return FrozenDict([(k, v if type(v) in ATOMS else freeze(v)) for k, v in value.items()])
    return _freeze_other(value)


def _freeze_other(value: Any) -> Any:
    if isinstance(value, FrozenDict | str | bytes | frozenset | Iterator):
        return value
    if isinstance(value, Mapping):
        return FrozenDict([(freeze(k), freeze(v)) for k, v in value.items()])
    if isinstance(value, Sequence):
        return tuple(map(freeze, value))
    if isinstance(value, Set):
        return frozenset(map(freeze, value))
    return value


def thaw(value: Any, run: Run) -> Any:
    """A result as plain data: tuples and iterators as lists, frozen dicts as dicts.

    Raises `EvaluationError` for what is no data, and TypeError for a set with members that are lists
    or dicts once they are thawed, as the package does.
    """
    kind = type(value)
    if kind in ATOMS:
        return value
    if kind is tuple or kind is list:
        return [x if type(x) in ATOMS else thaw(x, run) for x in value]
    if isinstance(value, dict):
        return {thaw(k, run): thaw(v, run) for k, v in dict.items(value)}
    if isinstance(value, Mapping):
        return {thaw(k, run): thaw(v, run) for k, v in value.items()}
    if isinstance(value, Set):
        return {thaw(x, run) for x in value}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [thaw(x, run) for x in limited(value, run)]
    if isinstance(value, Rule | Names):
        what = "`=>` makes a pair" if isinstance(value, Rule) else "names without a `->`"
        raise EvaluationError(f"{what}, which is no value", "value")
    return value


def limited(iterable: Iterable[Any], run: Run) -> Iterator[Any]:
    """The same elements; an error once there are too many of them."""
    for count, item in enumerate(iterable):
        run.left -= 1
        if count >= ITERATIONS or run.left < 0:
            raise too_long()
        yield item


def too_long() -> EvaluationError:
    """The error for a list without end, or an evaluation that takes too many steps."""
    return EvaluationError(f"the list has more than {ITERATIONS:,} elements, or none last", "limit")


def check_size(size: int) -> None:
    """Raise for a text, list or number that would be too large."""
    if size > SIZE:
        raise EvaluationError("the value takes too much memory", "limit")
