"""Says why no overload takes the arguments of a call. Loaded when there is something to explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta
from re import Pattern

from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import REQUIRED, Overload
from st2lang.functions.values import Names, Rule
from st2lang.suggest import listing

_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (type(None), "null"),
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a number"),
    (str, "a string"),
    (Mapping, "a dict"),
    (Set, "a set"),
    (Sequence, "a list"),
    (datetime, "a datetime"),
    (timedelta, "a timespan"),
    (Pattern, "a regex"),
    (Rule, "a `=>` pair"),
    (Names, "names for `->`"),
)


def described(kind: type) -> str:
    """A Python type as people who write expressions know it."""
    for python, name in _NAMES:
        if issubclass(kind, python):
            return name
    return "a lazy list" if hasattr(kind, "__iter__") else "a value of another kind"


def no_match(
    name: str, overloads: Sequence[Overload], kinds: Sequence[type] | None, method: bool
) -> EvaluationError:
    """The error for a call of `name` with values of these types (None: the form alone is wrong)."""
    forms = [_form(overload, method) for overload in overloads]
    wanted = f"; it takes {listing(dict.fromkeys(forms), most=6)}" if forms else ""
    if not kinds:
        return EvaluationError(f"`{name}` cannot be called like this{wanted}", "no-match")
    if not name[:1].isalpha() and len(kinds) == 2:
        given = f"{described(kinds[0])} and {described(kinds[1])}"
    else:
        given = ", ".join(described(kind) for kind in kinds)
    return EvaluationError(f"`{name}` does not work with {given}{wanted}", "no-match")


def _form(overload: Overload, method: bool) -> str:
    parameters = [
        f"{p.name}: {p.takes.name}" + ("" if p.default is REQUIRED else "?")
        for p in overload.parameters
    ]
    if overload.rest:
        parameters.append(f"…: {overload.rest.name}")
    if overload.keywords:
        parameters.append("name => value, …")
    if not overload.name[:1].isalpha():
        operands = [p.takes.name for p in overload.parameters]
        if overload.rest and not operands:
            operands = [overload.rest.name] * 2
        return f" {overload.name} ".join(operands)
    if method and parameters:
        receiver = parameters.pop(0).rpartition(": ")[2].rstrip("?")
        return f"({receiver}).{overload.name}({', '.join(parameters)})"
    return f"{overload.name}({', '.join(parameters)})"
