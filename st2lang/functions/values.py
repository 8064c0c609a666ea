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

STEPS = 5_000_000
"""How many elements and calls of lambdas one evaluation may take altogether."""

SIZE = 10_000_000
"""How many characters or elements a text or list that an expression makes may have."""

BITS = 1_000_000
"""How many bits a number that an expression makes may have."""

_FREE = 10_000
"""Texts and lists of this size, and numbers of so many bits, cost no steps."""


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
    """One evaluation: the workflow around it, how many steps are left, what sets become in the end.

    `depth`: how many texts are being evaluated that come out of expressions themselves.
    """

    __slots__ = ("depth", "left", "scope", "sets")

    def __init__(self, scope: Any = None, sets: type = set) -> None:
        self.scope = scope
        self.left = STEPS
        self.sets = sets
        self.depth = 0

    def step(self, count: int = 1) -> None:
        """Count something that takes time. Raises `EvaluationError` when there has been too much."""
        self.left -= count
        if self.left < 0:
            raise too_long()

    def make(self, size: int) -> None:
        """Count a text or list of so many characters or elements that is about to be made.

        Raises `EvaluationError` when it is too large, or when there have been too many large ones.
        """
        if size > _FREE:
            if size > SIZE:
                raise too_large()
            self.step(size >> 4)

    def compute(self, bits: int) -> None:
        """The same for a number of so many bits."""
        if bits > _FREE:
            if bits > BITS:
                raise too_large()
            self.step(bits >> 3)

    def measure(self, value: Any) -> None:
        """Count the elements of a value on all its levels, before something is done with each."""
        if isinstance(value, str | bytes):
            self.make(len(value))
        elif isinstance(value, Mapping):
            self.step(len(value))
            for key, part in value.items():
                if type(key) not in _SMALL:
                    self.measure(key)
                if type(part) not in _SMALL:
                    self.measure(part)
        elif isinstance(value, Sequence | Set):
            self.step(len(value))
            for part in value:
                if type(part) not in _SMALL:
                    self.measure(part)


Env = dict[Any, Any]
"""The names an expression sees: `$1` (which is `$`), `$x`; functions as `f(`; the `Run` under None."""

ATOMS = frozenset((str, int, float, bool, type(None)))
_SMALL = ATOMS - {str}


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

    Raises `EvaluationError` for what is no data. If sets stay sets, one with members that are lists or
    dicts once they are thawed is a TypeError, as in the package.
    """
    kind = type(value)
    if kind in ATOMS:
        return value
    if kind is tuple or kind is list:
        run.step(len(value))
        return [x if type(x) in ATOMS else thaw(x, run) for x in value]
    if isinstance(value, Mapping):
        run.step(len(value))
        return {thaw(k, run): thaw(v, run) for k, v in value.items()}
    if isinstance(value, Set):
        run.step(len(value))
        return run.sets([thaw(x, run) for x in (ordered(value) if run.sets is list else value)])
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [thaw(x, run) for x in limited(value, run)]
    if isinstance(value, Rule | Names):
        what = "`=>` makes a pair" if isinstance(value, Rule) else "names without a `->`"
        raise EvaluationError(f"{what}, which is no value", "value")
    return value


def limited(iterable: Iterable[Any], run: Run) -> Iterator[Any]:
    """The same elements; an error once there are too many of them."""
    most = ITERATIONS
    for item in iterable:
        run.left -= 1
        most -= 1
        if most < 0 or run.left < 0:
            raise too_long()
        yield item


def ordered(members: Set[Any]) -> Iterable[Any]:
    """The members of a set in an order that is the same in every run of the program."""
    if isinstance(members, KeysView | ItemsView) or all(map(_steady, members)):
        return members
    try:
        return sorted(members)
    except TypeError:
        return sorted(members, key=repr)


def _steady(member: Any) -> bool:
    """Whether the hash of a member is always the same."""
    return isinstance(member, int | float) or (
        isinstance(member, tuple) and all(map(_steady, member))
    )


def too_long() -> EvaluationError:
    """The error for a list without end, or an evaluation that takes too many steps."""
    return EvaluationError(
        f"the list has more than {ITERATIONS:,} elements or none last, or all of it takes too long",
        "limit",
    )


def too_large() -> EvaluationError:
    """The error for a text, list or number that would be too large."""
    return EvaluationError("the value takes too much memory", "limit")
