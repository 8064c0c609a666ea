"""What an action is given in the end: templates rendered, defaults filled in, values cast.

Specified by `st2common/util/param.py`. `live` is what StackStorm does when an action is requested,
`final` what it does before the action runs; in between the values are validated (`complaints.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from st2lang.evaluation.casts import cast
from st2lang.functions.failure import EvaluationError
from st2runtime.actions.errors import ActionError
from st2runtime.actions.runnable import Runnable
from st2runtime.actions.templates import is_template, resolve

Around = Callable[[], Mapping[str, Any]]
"""What templates in parameters can name besides other parameters (`st2kv` and so on); asked when needed."""


def live(runnable: Runnable, given: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """The given values rendered and cast, with defaults that are templates as rendered.

    Raises `ActionError` with everything that is wrong.
    """
    values = _with_defaults(runnable, given)
    found = resolve(values, around)
    wanted = dict.fromkeys(given)
    for name, parameter in runnable.parameters.items():
        default = parameter.default
        if (
            isinstance(default, str)
            and is_template(default)
            and not parameter.immutable
            and found[name] != default
        ):
            wanted[name] = None
    return _cast(runnable, {name: found[name] for name in wanted})


def final(runnable: Runnable, given: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """All parameters of the action and its runner. What is given is taken as it is.

    Raises `ActionError` with everything that is wrong.
    """
    values = _with_defaults(runnable, given)
    plain = {name: value for name, value in values.items() if values[name] is given.get(name)}
    rest = {name: value for name, value in values.items() if name not in plain}
    found = resolve(rest, lambda: {**around(), **plain})
    return _cast(runnable, {**plain, **found})


def as_declared(runnable: Runnable, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values cast to their declared types. Raises `ActionError` with everything that is wrong."""
    return _cast(runnable, given)


def inputs(runnable: Runnable, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The part of final parameters that a workflow gets as its inputs: without those of the runner."""
    return {name: v for name, v in parameters.items() if name not in runnable.inherited}


def _with_defaults(runnable: Runnable, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values, defaults where there is none, where it is null and where it is immutable."""
    values = dict(given)
    for schemas in (runnable.own, runnable.inherited):
        for name, schema in schemas.items():
            if values.get(name) is None or schema.get("immutable"):
                values[name] = schema.get("default")
    return values


def _cast(runnable: Runnable, values: Mapping[str, Any]) -> dict[str, Any]:
    found, wrong = {}, []
    for name, value in values.items():
        try:
            found[name] = cast(value, _schema(runnable, name))
        except EvaluationError as error:
            wrong.append(f"parameter `{name}`: {error.message}")
    if wrong:
        raise ActionError(*wrong)
    return found


def _schema(runnable: Runnable, name: str) -> Mapping[str, Any] | None:
    return runnable.inherited.get(name) or runnable.own.get(name)


def secrets_in(runnable: Runnable, values: Mapping[str, Any]) -> Iterator[Any]:
    """The values that must not be shown: those of parameters that the metadata calls secret."""
    for name, value in values.items():
        parameter = runnable.parameters.get(name)
        if parameter is not None and parameter.secret and value not in (None, ""):
            yield value
        elif parameter is not None:
            yield from secrets_inside(parameter.schema, value)


def secrets_inside(schema: Any, value: Any) -> Iterator[Any]:
    """Secret members of a mapping, and of mappings in a list, as the schema declares them."""
    if not isinstance(schema, Mapping):
        return
    if isinstance(value, Mapping):
        properties = schema.get("properties")
        for name, part in value.items():
            inner = properties.get(name) if isinstance(properties, Mapping) else None
            if isinstance(inner, Mapping) and inner.get("secret") is True:
                if part not in (None, ""):
                    yield part
            else:
                yield from secrets_inside(inner, part)
    elif isinstance(value, list):
        for part in value:
            yield from secrets_inside(schema.get("items"), part)
