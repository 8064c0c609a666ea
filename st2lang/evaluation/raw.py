"""Looks into data of the workflow as they lie: what is found is frozen, not all there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from st2lang.evaluation.code import Code, Evaluate, freezing
from st2lang.functions.dispatch import GAP
from st2lang.functions.values import ATOMS, Env, freeze


def raw_item(receiver: Code, index: Code, otherwise: Code) -> Code:
    """`receiver[index]` for raw data; whatever is no plain lookup is left to the other code."""
    before, wanted, instead = _looked_into(receiver), freezing(index), otherwise.run

    def run(env: Env) -> Any:
        value, key = before(env), wanted(env)
        if (type(value) is list and type(key) is int) or (
            type(key) in ATOMS and isinstance(value, Mapping)
        ):
            try:
                return value[key]
            except (KeyError, IndexError):
                pass
        return instead(env)

    return Code(run, True, otherwise.simple)


def raw_get(parts: Sequence[Code], otherwise: Code) -> Code:
    """`receiver.get(key, default)` for raw data."""
    before, instead = _looked_into(parts[0]), otherwise.run
    wanted = freezing(parts[1])
    default = freezing(parts[2]) if len(parts) > 2 else lambda env: None

    def run(env: Env) -> Any:
        value = before(env)
        if not isinstance(value, Mapping):
            return instead(env)
        key, missing = wanted(env), default(env)
        if type(key) not in ATOMS:
            return instead(env)
        found = value.get(key, GAP)
        return missing if found is GAP else freeze(found)

    return Code(run, False, otherwise.simple)


def _looked_into(receiver: Code) -> Evaluate:
    """The value of a receiver in which one thing is looked up: not a copy where that is `ctx()`."""
    if not receiver.variables:
        return receiver.run
    run = receiver.run

    def variables(env: Env) -> Any:
        scope = env[None].scope
        return run(env) if scope is None else _Public(scope.variables)

    return variables


class _Public(Mapping[Any, Any]):
    """Variables but for the private ones, for one look at them."""

    __slots__ = ("_all",)

    def __init__(self, variables: Mapping[Any, Any]) -> None:
        self._all = variables

    def __getitem__(self, name: Any) -> Any:
        if isinstance(name, str) and name.startswith("__"):
            raise KeyError(name)
        return self._all[name]

    def __iter__(self) -> Iterator[Any]:
        return (name for name in self._all if not name.startswith("__"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
