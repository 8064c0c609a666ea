"""What the functions in `orquesta` do: those that look into the workflow.

Specified by `orquesta.expressions.functions` and `orquesta_functions` of StackStorm's Orquesta
runner. What they need to know they ask of a `Scope`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice, zip_longest
from typing import Any

from st2lang.functions._outside import Outside
from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import Family
from st2lang.suggest import did_you_mean, listing

UNSET = "null"
"""The status of a task that has not run."""

COMPLETED = frozenset(
    ("succeeded", "failed", "timeout", "expired", "abandoned", "canceled", "cancelled")
)


class Scope:
    """The workflow around an expression.

    `variables`: what `ctx()` gives; names that begin with `__` stay private. `task`: the task that
    has just ended or is about to run, with `id`, `route` and, once there is one, `result`. `item`:
    the current item of a `with`. `status`: a task's status by name and route, None when it has not
    run. `find`: what `task()` tells about a run, None likewise. `outside`: the time, chance and the
    datastore; None for the real world without a datastore.
    """

    __slots__ = ("find", "item", "outside", "status", "task", "variables")

    def __init__(
        self,
        variables: Mapping[str, Any] | None = None,
        task: Mapping[str, Any] | None = None,
        item: Any = None,
        status: Callable[[str, int], str | None] | None = None,
        find: Callable[[str, int], Mapping[str, Any] | None] | None = None,
        outside: Outside | None = None,
    ) -> None:
        self.variables: Mapping[str, Any] = {} if variables is None else variables
        self.task = task
        self.item = item
        self.status = status
        self.find = find
        self.outside = outside


def missing(name: object, known: Mapping[Any, Any], what: str = "key") -> EvaluationError:
    """The error for a key that a dict lacks: it lists those there are and suggests the nearest."""
    names = [key for key in known if isinstance(key, str) and not key.startswith("__")]
    close = names if len(names) < _MANY or not isinstance(name, str) else _alike(name, names)
    if not known:
        there = "there are none at all" if what == "variable" else "the dict is empty"
    else:
        there = f"there {'is' if len(names) == 1 else 'are'} {listing(names, 'and')}"
    near = did_you_mean(name, close) if isinstance(name, str) else ""
    shown = f"`{name}`" if isinstance(name, str) else repr(name)
    kind = "undefined" if what == "variable" else "key"
    return EvaluationError(f"there is no {what} {shown}; {there}{near}", kind)


_MANY = 300
"""With more names than these, only some are compared: an error must not take longer than the rest."""


def _alike(name: str, known: list[str]) -> list[str]:
    """Some names that a misspelt one may stand for: of about its length, with the same beginning."""
    likely = (k for k in known if abs(len(k) - len(name)) < 3 and k[:1] == name[:1])
    return list(islice(likely, _MANY))


def ctx(scope: Scope, key: Any = None) -> Any:
    if not key:
        return {k: v for k, v in scope.variables.items() if not k.startswith("__")}
    try:
        value = scope.variables[key]
    except KeyError:
        raise missing(key, scope.variables, "variable") from None
    if key.startswith("__"):
        raise EvaluationError(f"the variable `{key}` is private", "undefined")
    return value


def item(scope: Scope, key: Any = None) -> Any:
    if not key:
        return scope.item
    if not isinstance(scope.item, Mapping):
        raise EvaluationError(f"the current item is no dict, it has no part `{key}`", "key")
    try:
        return scope.item[key]
    except KeyError:
        raise missing(key, scope.item, "item") from None


def _current(scope: Scope) -> Mapping[str, Any]:
    if not scope.task:
        raise EvaluationError("there is no current task here", "undefined")
    return scope.task


def _current_status(scope: Scope) -> str:
    current = scope.task or _current(scope)
    found = scope.status(current["id"], current.get("route", 0)) if scope.status else None
    return UNSET if found is None else found


def task_status(scope: Scope, task_id: Any, route: Any = None) -> str:
    if route is None:
        route = (scope.task or {}).get("route", 0)
    found = scope.status(task_id, route) if scope.status else None
    return UNSET if found is None else found


def succeeded(scope: Scope) -> bool:
    return _current_status(scope) == "succeeded"


def failed(scope: Scope) -> bool:
    return _current_status(scope) == "failed"


def completed(scope: Scope) -> bool:
    return _current_status(scope) in COMPLETED


def result(scope: Scope) -> Any:
    return _current(scope).get("result")


def task(scope: Scope, task_id: Any = None, route: Any = None) -> Any:
    if task_id is None:
        task_id = _current(scope)["id"]
    if route is None:
        route = (scope.task or {}).get("route", 0)
    found = scope.find(task_id, route) if scope.find else None
    if found is None:
        raise EvaluationError(f"the task `{task_id}` has not run", "undefined")
    return found


def st2kv(scope: Scope, key: Any, **options: Any) -> Any:
    decrypt = options.get("decrypt", False)
    if not isinstance(key, str):
        raise TypeError("the key must be a string")
    if not isinstance(decrypt, bool):
        raise TypeError("`decrypt` must be true or false")
    there = scope.outside is not None and scope.outside.keys
    try:
        if scope.outside is None:
            raise KeyError(key)
        return scope.outside.find(key, decrypt)
    except KeyError:
        if "default" in options:
            return options["default"]
        why = f"there is no key `{key}` in the datastore"
        if not there:
            why = f"the key `{key}` cannot be looked up: there is no datastore here"
        raise EvaluationError(f"{why}; a `default` would be taken instead", "undefined") from None


def zip_lists(*lists: Any, **options: Any) -> Any:
    filled = [[] if one is None else one for one in lists]
    if len(filled) == 1:
        return filled[0]
    return list(zip_longest(*filled, fillvalue=options.get("pad")))


OF_THE_WORKFLOW: dict[str, Callable[..., Any]] = {
    call.__name__: call
    for call in (completed, ctx, failed, item, result, st2kv, succeeded, task, task_status)
}
"""The functions whose first argument is the scope."""

RAW = frozenset(("ctx", "item", "result", "task"))
"""Those that give data as it lies in the workflow, not frozen."""

family = Family()
for _name, _call in OF_THE_WORKFLOW.items():
    family.function(_name)(_call)
family.function("zip")(zip_lists)
