"""A scope from plain data, for evaluation without a running workflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.functions._orquesta import Scope


def scope_from(data: Mapping[str, Any]) -> Scope:
    """The scope that a context stands for as Orquesta keeps it.

    Its keys are variables; `__current_task`, `__current_item` and `__state` (with `tasks`, `sequence`
    and `routes`) say what the functions of the workflow look at.
    """
    state: Mapping[str, Any] = data.get("__state") or {}

    def entry(name: str, route: int) -> Mapping[str, Any] | None:
        pointers = state.get("tasks") or {}
        index = pointers.get(f"{name}__r{route}")
        if index is not None:
            found: Mapping[str, Any] | None = (state.get("sequence") or [])[index]
            return found
        earlier = _earlier_route(state.get("routes") or [], route)
        return None if earlier is None else entry(name, earlier)

    def status(name: str, route: int) -> str | None:
        found = entry(name, route)
        return None if found is None else found.get("status")

    return Scope(
        variables=data,
        task=data.get("__current_task"),
        item=data.get("__current_item"),
        status=status,
        find=entry,
    )


def _earlier_route(routes: list[Any], route: int) -> int | None:
    """The longest route that leads to this one."""
    if not 0 < route < len(routes):
        return None
    before = [index for index in range(route) if set(routes[index]) <= set(routes[route])]
    return before[-1] if before else None
