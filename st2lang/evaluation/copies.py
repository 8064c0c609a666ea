"""Copies of a workflow's data, for templates that change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from st2lang.functions._orquesta import Scope


def copied(scope: Scope) -> Scope:
    """The same scope with data that may be changed; variables are copied when they are looked at."""
    find = scope.find
    return Scope(
        _Copies(scope.variables),
        task=_copy(scope.task),
        item=_copy(scope.item),
        status=scope.status,
        find=None if find is None else lambda name, route: _copy(find(name, route)),
        outside=scope.outside,
    )


class _Copies(Mapping[Any, Any]):
    """Variables, each copied when it is first looked at."""

    def __init__(self, variables: Mapping[Any, Any]) -> None:
        self._variables = variables
        self._copies: dict[Any, Any] = {}

    def __getitem__(self, name: Any) -> Any:
        if name not in self._copies:
            self._copies[name] = _copy(self._variables[name])
        return self._copies[name]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def _copy(value: Any) -> Any:
    """Lists, dicts and sets anew; all else as it is."""
    if isinstance(value, Mapping):
        return {key: _copy(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_copy(part) for part in value]
    return set(value) if isinstance(value, set) else value
