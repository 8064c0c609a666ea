"""Calling an implementation: arguments to parameters, types to overloads, values to what is taken.

A call has *slots*: its positional arguments in order, then the named ones. What is known before the
arguments are (how many, how they are named, which are constants) is settled once, in `Site`; the
types of their values choose among the overloads that are left, and that choice is kept as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import REQUIRED, Overload, Takes
from st2lang.functions.values import Env

GAP: Any = object()
"""An argument that was left out: `f(, x)`."""

UNKNOWN: Any = object()
"""The type of an argument that is known only when the call is made."""


class Binding(NamedTuple):
    """How the slots of a call go to the parameters of an overload.

    `positional`: slots in the order of the Python function's parameters, or None for a default;
    `takes`: what is asked of each slot.
    """

    overload: Overload
    positional: tuple[int | None, ...]
    named: tuple[tuple[str, int], ...]
    takes: tuple[Takes | None, ...]

    @property
    def lazy(self) -> frozenset[int]:
        """The slots that are not evaluated before the call."""
        return frozenset(i for i, takes in enumerate(self.takes) if takes and takes.lazy)

    def narrower(self, other: Binding) -> bool:
        """Whether this one fits the same arguments more closely."""
        result = False
        for ours, theirs in zip(self.takes, other.takes, strict=True):
            if ours is None or theirs is None:
                continue
            if theirs.narrower(ours):
                return False
            result = result or ours.narrower(theirs)
        return result


def bind(overload: Overload, kinds: Sequence[Any], names: Sequence[str]) -> Binding | None:
    """The slots of a call as an overload takes them; None when it cannot.

    `kinds` are the types of the positional arguments, where known; `names` those of the others.
    """
    count = len(kinds)
    slots = {name: count + index for index, name in enumerate(names)}
    takes: list[Takes | None] = [None] * (count + len(names))
    positional: list[int | None] = []
    for index, parameter in enumerate(overload.parameters):
        slot: int | None = None
        if index < count and kinds[index] is not GAP:
            if parameter.name in slots:
                return None
            slot = index
        elif parameter.name in slots and (index >= count or kinds[index] is not GAP):
            slot = slots.pop(parameter.name)
        elif parameter.default is REQUIRED or parameter.name in slots:
            return None
        positional.append(slot)
        if slot is not None:
            takes[slot] = parameter.takes
    for index in range(len(overload.parameters), count):
        if overload.rest is None or kinds[index] is GAP:
            return None
        positional.append(index)
        takes[index] = overload.rest
    if slots and not overload.keywords:
        return None
    for slot in slots.values():
        takes[slot] = ANY_NAMED
    for wanted, kind in zip(takes, kinds, strict=False):
        if wanted and kind is not UNKNOWN and kind is not GAP and not _fits(wanted, kind):
            return None
    return Binding(overload, tuple(positional), tuple(slots.items()), tuple(takes))


ANY_NAMED = Takes("any value", object, nullable=True)


class PairExpression:
    """The type of an argument written as `a => b`."""


def _fits(takes: Takes, kind: type) -> bool:
    if takes.lazy == "rule":
        return kind is PairExpression
    return bool(takes.lazy) or kind is PairExpression or takes.takes(kind)


Prepared = tuple[Callable[..., Any], bool]
"""A function of the values in the slots; if the flag is set, `env` goes before them."""


class Site:
    """One call in an expression, or one way of calling by name: its overloads and its choices.

    `levels` are groups of overloads; a group counts only when none of the groups before has one that
    fits. Raises `EvaluationError` when no overload can take what is written.
    """

    __slots__ = ("arity", "cache", "lazy", "levels", "method", "name", "one")

    def __init__(
        self,
        name: str,
        levels: Sequence[Sequence[Overload]],
        kinds: Sequence[Any],
        names: Sequence[str] = (),
        method: bool = False,
    ) -> None:
        self.name, self.method = name, method
        self.arity = len(kinds) + len(names)
        bound = [[bind(overload, kinds, names) for overload in level] for level in levels]
        self.levels = [found for level in bound if (found := [b for b in level if b])]
        lazies = {binding.lazy for level in self.levels for binding in level}
        if not lazies:
            raise self.no_match(levels)
        if len(lazies) > 1:
            raise self.ambiguous()
        (self.lazy,) = lazies
        self.cache: dict[tuple[type, ...], Prepared] = {}

    def prepared(self, kinds: tuple[type, ...]) -> Prepared:
        """What to call with values of these types (those of lazy slots do not matter)."""
        found = self.cache.get(kinds)
        if found is None:
            found = self.cache[kinds] = _prepare(self._choose(kinds))
        return found

    def takes(self, slot: int) -> Takes:
        """What the first of the overloads takes in a slot."""
        takes = self.levels[0][0].takes[slot]
        return takes or ANY_NAMED

    def _choose(self, kinds: tuple[type, ...]) -> Binding:
        for level in self.levels:
            winner: Binding | None = None
            for binding in level:
                if not _matches(binding, kinds) or (winner and winner.narrower(binding)):
                    continue
                if winner and not binding.narrower(winner):
                    raise self.ambiguous()
                winner = binding
            if winner:
                return winner
        raise self.no_match([[b.overload for b in level] for level in self.levels], kinds)

    def ambiguous(self) -> EvaluationError:
        """The error for a call that means two things."""
        return EvaluationError(f"it is not clear which `{self.name}` is meant", "ambiguous")

    def no_match(
        self, levels: Sequence[Sequence[Overload]], kinds: Sequence[type] | None = None
    ) -> EvaluationError:
        """The error for a call that no overload takes."""
        from st2lang.functions.explain import no_match

        return no_match(self.name, [o for level in levels for o in level], kinds, self.method)


def _matches(binding: Binding, kinds: tuple[type, ...]) -> bool:
    return all(
        takes is None or takes.lazy or takes.takes(kind)
        for takes, kind in zip(binding.takes, kinds, strict=True)
    )


def _prepare(binding: Binding) -> Prepared:
    """The cheapest function that puts the slots where they belong."""
    overload = binding.overload
    converts = [
        (slot, takes.convert) for slot, takes in enumerate(binding.takes) if takes and takes.convert
    ]
    given = list(binding.positional)
    while given and given[-1] is None:  # a default, which Python has as well
        given.pop()
    straight = given == list(range(len(binding.takes))) and not binding.named
    if straight and not converts:
        return overload.call, overload.env
    if straight and len(converts) == 1 and converts[0][0] == 0:
        return _first_converted(overload, converts[0][1]), True
    return _rearranged(binding, converts), True


def _first_converted(overload: Overload, convert: Callable[[Any, Env], Any]) -> Callable[..., Any]:
    call = overload.call
    if overload.env:
        return lambda env, first, *rest: call(env, convert(first, env), *rest)
    return lambda env, first, *rest: call(convert(first, env), *rest)


def _rearranged(
    binding: Binding, converts: Sequence[tuple[int, Callable[[Any, Env], Any]]]
) -> Callable[..., Any]:
    overload = binding.overload
    places = [
        (slot, overload.parameters[index].default if slot is None else None)
        for index, slot in enumerate(binding.positional)
    ]

    def call(env: Env, *values: Any) -> Any:
        slots = list(values)
        for slot, convert in converts:
            slots[slot] = convert(slots[slot], env)
        arguments = [default if slot is None else slots[slot] for slot, default in places]
        named = {name: slots[slot] for name, slot in binding.named}
        if overload.env:
            return overload.call(env, *arguments, **named)
        return overload.call(*arguments, **named)

    return call


def call_values(site: Site, env: Env, values: Sequence[Any]) -> Any:
    """Call with values that are known; where an overload wants an expression, it gets a constant."""
    values = [
        _constant(value, site.takes(slot)) if slot in site.lazy else value
        for slot, value in enumerate(values)
    ]
    call, with_env = site.prepared(tuple(map(type, values)))
    return call(env, *values) if with_env else call(*values)


def _constant(value: Any, takes: Takes) -> Callable[..., Any]:
    return value if callable(value) else lambda *_: value


Table = Mapping[str, Sequence[Overload]]
"""Implementations by name."""
