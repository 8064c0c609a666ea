"""The variables that a task run sees: a mapping that is never changed, only followed by others.

Specified by `get_task_context` of `orquesta/conducting.py`, where a context is a list of what has been
published on the way, merged on every look. Here it is one mapping, whose unchanged parts are those of the
context before it. Names lie in about √n small dicts; publishing copies the one that a name lies in. So
a look-up costs the same and publishing nearly so, whatever the number of variables and of contexts.

A dict that is published where there is a dict already is merged into it. Where branches meet, all that
the later one has published *since the beginning* is published once more: it may set a variable back. For
that an entry keeps, beside its value, what has to be published again to give it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Entry = tuple[int, Any, tuple[Any, ...] | None]
"""Its place in the order of names, its value, and what was published (None: it was there at the start)."""

_FULL = 64
"""Names in one dict before they are spread over more."""


class Context(Mapping[str, Any]):
    """Variables by name, in the order in which they were first set. `number` is its place in the state."""

    __slots__ = ("_buckets", "_mask", "_size", "number")

    def __init__(self, buckets: tuple[dict[str, Entry], ...], size: int, number: int) -> None:
        self._buckets = buckets
        self._mask = len(buckets) - 1
        self._size = size
        self.number = number

    def __getitem__(self, name: str) -> Any:
        return self._buckets[hash(name) & self._mask][name][1]

    def get(self, name: str, default: Any = None) -> Any:
        entry = self._buckets[hash(name) & self._mask].get(name)
        return default if entry is None else entry[1]

    def __contains__(self, name: object) -> bool:
        return name in self._buckets[hash(name) & self._mask]

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        if self._mask == 0:
            return iter(self._buckets[0])
        found = [(entry[0], name) for bucket in self._buckets for name, entry in bucket.items()]
        found.sort()
        return iter([name for _, name in found])

    def published(self, values: Mapping[str, Any], number: int) -> Context:
        """The context after these values have been published."""
        if self._mask == 0 and self._size < _FULL:
            bucket = self._buckets[0].copy()
            for name, value in values.items():
                bucket[name] = _publish(bucket.get(name), value, len(bucket))
            return Context((bucket,), len(bucket), number)
        changes = _Changes(self)
        for name, value in values.items():
            changes.publish(name, (value,))
        return changes.context(number)

    def joined(self, other: Context, number: int, merged: bool = False) -> Context:
        """The context after all that `other` has published has been published once more; itself if nothing.

        `merged`: several dicts for one name count as one that they were merged into.
        """
        if other is self:
            return self
        found = []
        for mine, theirs in _pairs(self, other):
            for name, entry in theirs.items():
                if entry[2] is not None and (mine is None or mine.get(name) is not entry):
                    found.append((entry[0], name, entry[2]))
        if not found:
            return self
        changes = _Changes(self)
        if len(found) > 1 and other._mask:
            found.sort(key=lambda one: one[0])
        for _, name, values in found:
            changes.publish(name, (folded(values),) if merged else values)
        return changes.context(number)


def root(values: Mapping[str, Any]) -> Context:
    """The context that an execution begins with."""
    changes = _Changes(Context(({},), 0, 0))
    for name, value in values.items():
        changes.set(name, (changes.size, value, None))
    return changes.context(0)


def _pairs(
    left: Context, right: Context
) -> Iterator[tuple[dict[str, Entry] | None, dict[str, Entry]]]:
    """The dicts of both that hold the same names and are not the same ones."""
    for index, theirs in enumerate(right._buckets):
        mine = left._buckets[index] if left._mask == right._mask else None
        if mine is not theirs:
            yield mine, theirs


class _Changes:
    """A context that comes to be: dicts are copied before they are changed."""

    def __init__(self, before: Context) -> None:
        self.buckets = list(before._buckets)
        self.mask, self.size = before._mask, before._size
        self.own: set[int] = set()

    def publish(self, name: str, values: tuple[Any, ...]) -> None:
        entry = self.buckets[hash(name) & self.mask].get(name)
        for value in values:
            entry = _publish(entry, value, self.size)
        assert entry is not None
        self.set(name, entry)

    def set(self, name: str, entry: Entry) -> None:
        index = hash(name) & self.mask
        if index not in self.own:
            self.own.add(index)
            self.buckets[index] = self.buckets[index].copy()
        bucket = self.buckets[index]
        self.size += name not in bucket
        bucket[name] = entry
        if self.size > _FULL * len(self.buckets) and len(bucket) > len(self.buckets):
            self._spread()

    def _spread(self) -> None:
        """Four times as many dicts, so that there are about as many as each holds names."""
        entries = sorted(
            ((entry[0], name, entry) for bucket in self.buckets for name, entry in bucket.items()),
            key=lambda one: one[0],
        )
        self.buckets = [{} for _ in range(4 * len(self.buckets))]
        self.mask = len(self.buckets) - 1
        self.own = set(range(len(self.buckets)))
        for _, name, entry in entries:
            self.buckets[hash(name) & self.mask][name] = entry

    def context(self, number: int) -> Context:
        return Context(tuple(self.buckets), self.size, number)


def _publish(entry: Entry | None, value: Any, size: int) -> Entry:
    """The entry after a value has been published."""
    if entry is None:
        return (size, value, (value,))
    order, old, before = entry
    if not isinstance(value, dict):
        return (order, value, (value,))
    new = merge(old, value) if isinstance(old, dict) else value
    if before is None:
        return (order, new, (value,))
    if not isinstance(before[-1], dict):
        return (order, new, (None, value))
    if _changes_kind(before[-1], value):
        return (order, new, (*before, value))
    return (order, new, (*before[:-1], merge(before[-1], value)))


def merge(left: dict[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    """A dict of both: right's values, and what is a dict on both sides merged in turn."""
    found = left.copy()
    for key, value in right.items():
        old = found.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            value = merge(old, value)
        found[key] = value
    return found


def _changes_kind(left: dict[str, Any], right: dict[str, Any]) -> bool:
    """Whether right has a dict where left has none: the two published in turn are more than their merge."""
    for key, value in right.items():
        if isinstance(value, dict) and key in left:
            old = left[key]
            if not isinstance(old, dict) or _changes_kind(old, value):
                return True
    return False


def folded(values: tuple[Any, ...]) -> Any:
    """What is left of values that are published one after the other."""
    found = values[0]
    for value in values[1:]:
        found = (
            merge(found, value) if isinstance(found, dict) and isinstance(value, dict) else value
        )
    return found
