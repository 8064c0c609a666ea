"""Calls a YAQL function whose name is known only when the expression is evaluated."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from st2lang.functions.dispatch import UNKNOWN, Site, call_values
from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import MISSING, Overload
from st2lang.functions.values import Env


def levels_of(name: str, method: bool, env: Env | None = None) -> list[Sequence[Overload]]:
    """The overloads that a name means, those defined by `def` first."""
    from st2lang.functions import implementations

    name = name.rstrip("_")
    found: list[Sequence[Overload]] = []
    if env is not None and not method and (defined := env.get(f"{name}(")):
        found.extend(defined)
    known = [
        o
        for o in implementations("yaql").get(name, ())
        if (o.as_method if method else o.as_function)
    ]
    if known and name[:1].isalpha():
        found.append(known)
    return found


def unknown(name: str, method: bool) -> EvaluationError:
    """The error for a name that no function has."""
    from st2lang.functions import suggest

    near = suggest("yaql", name)
    hint = f"; did you mean `{near}`?" if near and near != name else ""
    if near == name:
        hint = (
            f"; it is called as `{name}(value)`"
            if method
            else f"; it is called as `value.{name}()`"
        )
    return EvaluationError(
        f"there is no {'method' if method else 'function'} `{name}`{hint}", "unknown-function"
    )


def call_by_name(
    env: Env, name: str, args: Sequence[Any], kwargs: Mapping[Any, Any], receiver: Any
) -> Any:
    """`name(args, kwargs)`, or `receiver.name(args, kwargs)`."""
    method = receiver is not MISSING
    values = [receiver, *args] if method else list(args)
    for key in kwargs:
        if not (isinstance(key, str) and re.match(r"(?!__)\b[^\W\d]\w*\b", key)):
            raise EvaluationError(f"{key!r} cannot be the name of an argument")
    levels = levels_of(name, method, env)
    if not levels:
        raise unknown(name, method)
    names = tuple(kwargs)
    if f"{name.rstrip('_')}(" in env:
        site = Site(name, levels, [UNKNOWN] * len(values), names, method)
    else:
        site = _site(name, method, len(values), names)
    return call_values(site, env, [*values, *kwargs.values()])


@lru_cache(maxsize=512)
def _site(name: str, method: bool, count: int, names: tuple[str, ...]) -> Site:
    return Site(name, levels_of(name, method), [UNKNOWN] * count, names, method)
