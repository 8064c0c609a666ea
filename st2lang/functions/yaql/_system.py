"""What the functions in `system` do."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import (
    MISSING,
    Dict,
    Family,
    InNames,
    Items,
    Lambda,
    Listed,
    Overload,
    Text,
    Value,
    camel,
)
from st2lang.functions.values import Env, Names
from st2lang.functions.yaql._queries import remembered

family = Family()
function, method = family.function, family.method


@method("unpack")
def unpack(env: Env, sequence: Items, *args: Text) -> Names:
    inner = env.copy()
    if not args:
        if isinstance(sequence, Iterator):
            next(sequence, None)  # The package loses it when it looks how many elements there are.
        inner.update((f"${index}", value) for index, value in enumerate(sequence, 1))
        return Names(inner)
    values = tuple(islice(sequence, len(args) + 1))
    if len(values) != len(args):
        count = f"more than {len(args)}" if len(values) > len(args) else str(len(values))
        raise EvaluationError(f"{count} elements cannot be unpacked into {len(args)} names")
    inner.update(zip(map(_variable, args), values, strict=True))
    return Names(inner)


def _variable(name: str) -> str:
    name = name if name[:1] == "$" else f"${name}"
    return "$1" if name == "$" else name


@function("with")
def with_values(env: Env, *args: Value) -> Names:
    return let(env, *args)


@function("let")
def let(env: Env, *args: Value, **kwargs: Any) -> Names:
    inner = env.copy()
    inner.update((f"${index}", value) for index, value in enumerate(args, 1))
    inner.update((_variable(name), value) for name, value in kwargs.items())
    return Names(inner)


@function("def")
def define(env: Env, name: Text, func: InNames) -> Names:
    inner, run = env.copy(), env[None]

    def call(*args: Value, **kwargs: Any) -> Any:
        run.step(8)
        names = inner.copy()  # It knows itself.
        names.update((f"${index}", value) for index, value in enumerate(args, 1))
        names.update((f"${name}", value) for name, value in kwargs.items())
        return func(names)

    key = f"{camel(name)}("
    inner[key] = ((Overload(camel(name), call, True, False, False),), *env.get(key, ()))
    return Names(inner)


@method("assert")
def assure(obj: Value, condition: Lambda, message: Text = "Assertion failed") -> Any:
    kept = remembered(obj) if isinstance(obj, Iterator) else obj
    if not condition(kept):
        raise EvaluationError(message, "assertion")
    return kept


@function("call")
def call(env: Env, name: Text, args: Listed, kwargs: Dict, receiver: Value = MISSING) -> Any:
    from st2lang.functions.yaql._calls import call_by_name

    return call_by_name(env, name, args, kwargs, receiver)
