"""What expressions read of the world, noted while it happens and given again in a replay.

A note is JSON data: the question and its answer. An error is an answer like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from st2lang.evaluation import Outside

Note = Sequence[Any]
"""`[question, arguments, answer]`, or `[question, arguments, null, kind of error, message]`."""


class ReplayError(Exception):
    """A replay asks for something else than the run did: workflow or program are not the same."""


class AnsweredError(Exception):
    """What was raised when it was first asked."""


class Noting:
    """The world, with a note of every answer since `taken` was last called."""

    def __init__(self, world: Outside) -> None:
        self.world = world
        self._notes: list[Note] = []

    def taken(self) -> list[Note]:
        """The notes since the last call."""
        found, self._notes = self._notes, []
        return found

    @property
    def keys(self) -> bool:
        """Whether there is a datastore."""
        return self.world.keys

    def find(self, key: str, decrypt: bool) -> Any:
        """A value of the datastore. Raises KeyError for a key that there is not."""
        return self._asked("find", [key, decrypt], lambda: self.world.find(key, decrypt))

    def now(self) -> int:
        """The time in microseconds since 1970."""
        return int(self._asked("now", [], self.world.now))

    def zone(self) -> int:
        """How many seconds the local time is ahead of UTC."""
        return int(self._asked("zone", [], self.world.zone))

    def chance(self) -> float:
        """A random number from 0 up to 1."""
        return float(self._asked("chance", [], self.world.chance))

    def between(self, low: int, high: int) -> int:
        """A random whole number, both bounds included."""
        arguments = [repr(low), repr(high)]
        return int(self._asked("between", arguments, lambda: self.world.between(low, high)))

    def _asked(self, question: str, arguments: list[Any], answer: Callable[[], Any]) -> Any:
        try:
            found = answer()
        except Exception as error:
            kind = "key" if isinstance(error, KeyError) else "other"
            self._notes.append([question, arguments, None, kind, str(error)])
            raise
        self._notes.append([question, arguments, found])
        return found


class Replaying:
    """The answers that were noted, in their order. `expect` begins those of another moment."""

    def __init__(self, keys: bool) -> None:
        self.keys = keys
        self._notes: list[Note] = []
        self._next = 0

    def expect(self, notes: Sequence[Note]) -> None:
        """What is asked from now on is answered by these notes."""
        self._notes, self._next = list(notes), 0

    def finish(self) -> None:
        """Raises `ReplayError` when not everything has been asked again."""
        if self._next < len(self._notes):
            question, *_ = self._notes[self._next]
            raise ReplayError(f"the run asked the outside for `{question}`, the replay does not")

    def find(self, key: str, decrypt: bool) -> Any:
        """The value that a key had."""
        return self._again("find", [key, decrypt])

    def now(self) -> int:
        """The time that it was."""
        return int(self._again("now", []))

    def zone(self) -> int:
        """How many seconds the local time was ahead of UTC."""
        return int(self._again("zone", []))

    def chance(self) -> float:
        """The random number that was drawn."""
        return float(self._again("chance", []))

    def between(self, low: int, high: int) -> int:
        """The random whole number that was drawn."""
        return int(self._again("between", [repr(low), repr(high)]))

    def _again(self, question: str, arguments: list[Any]) -> Any:
        if self._next >= len(self._notes):
            raise ReplayMismatch(f"the replay asks the outside for `{question}`, the run did not")
        noted = self._notes[self._next]
        self._next += 1
        if list(noted[:2]) != [question, arguments]:
            raise ReplayMismatch(
                f"the replay asks the outside for `{question}` where the run asked for `{noted[0]}`"
            )
        match noted:
            case [_, _, _, "key", *_]:
                raise KeyError(*arguments[:1])
            case [_, _, _, _, str(message)]:
                raise AnsweredError(message)
            case _:
                return noted[2]


class ReplayMismatch(BaseException):
    """A question that was not noted. No error of an expression, so that nothing catches it on its way out."""
