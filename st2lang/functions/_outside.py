"""What expressions read that is no part of the workflow: the time, chance, the datastore.

All of it goes through an `Outside`, so that whoever runs a workflow can note the answers and give the same
ones again. An answer is JSON data.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

Find = Callable[[str, bool], Any]
"""A value of the datastore by its key (`system.x`, `user.x`), decrypted or not. Raises KeyError."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Outside(Protocol):
    """The world around a workflow."""

    @property
    def keys(self) -> bool:
        """Whether there is a datastore."""

    def find(self, key: str, decrypt: bool) -> Any:
        """A value of the datastore, decrypted or not. Raises KeyError for a key that there is not."""

    def now(self) -> int:
        """The time in microseconds since 1970."""

    def zone(self) -> int:
        """How many seconds the local time is ahead of UTC."""

    def chance(self) -> float:
        """A random number from 0 up to 1."""

    def between(self, low: int, high: int) -> int:
        """A random whole number, both bounds included. Raises ValueError or TypeError for what are none."""


class World:
    """The real world. Without `find` there is no datastore."""

    __slots__ = ("_find",)

    def __init__(self, find: Find | None = None) -> None:
        self._find = find

    @property
    def keys(self) -> bool:
        """Whether there is a datastore."""
        return self._find is not None

    def find(self, key: str, decrypt: bool) -> Any:
        """A value of the datastore. Raises KeyError for a key that there is not."""
        if self._find is None:
            raise KeyError(key)
        return self._find(key, decrypt)

    def now(self) -> int:
        """The time in microseconds since 1970."""
        return time.time_ns() // 1000

    def zone(self) -> int:
        """How many seconds the local time is ahead of UTC."""
        summer = time.localtime().tm_isdst
        return -(time.altzone if summer else time.timezone)

    def chance(self) -> float:
        """A random number from 0 up to 1."""
        return random.random()

    def between(self, low: int, high: int) -> int:
        """A random whole number, both bounds included."""
        return random.randint(low, high)


class Still(World):
    """A world in which it is always the same time, UTC is the local time, and chance is a sequence.

    `time` is in seconds since 1970; None takes the real time. `seed` begins the sequence.
    """

    __slots__ = ("_random", "_time")

    def __init__(self, find: Find | None, time: float | None, seed: int | None) -> None:
        super().__init__(find)
        self._time = time
        self._random = random.Random(seed)

    def now(self) -> int:
        """The time in microseconds since 1970."""
        return super().now() if self._time is None else round(self._time * 1_000_000)

    def zone(self) -> int:
        """How many seconds the local time is ahead of UTC."""
        return super().zone() if self._time is None else 0

    def chance(self) -> float:
        """A random number from 0 up to 1."""
        return self._random.random()

    def between(self, low: int, high: int) -> int:
        """A random whole number, both bounds included."""
        return self._random.randint(low, high)


WORLD = World()


def outside(run: Any) -> Outside:
    """What an evaluation reads: that of its scope, the real world where there is none."""
    scope = run.scope
    found: Outside | None = None if scope is None else scope.outside
    return WORLD if found is None else found


def moment(microseconds: int) -> datetime:
    """The time that `Outside.now` has told, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)
