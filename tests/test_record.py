"""Records behave as frozen dataclasses with slots do."""

from __future__ import annotations

import pickle
from functools import cached_property
from typing import Any

import pytest

from st2lang.record import field, record, replace


@record
class Point:
    """Two numbers and a note that does not count."""

    x: int
    y: int = 0
    note: str = field(default="", compare=False)
    seen: list[int] = field(default_factory=list, compare=False)

    @property
    def sum(self) -> int:
        return self.x + self.y


@record
class Labelled(Point):
    label: str = "?"


@record(frozen=False, eq=False)
class Counter:
    count: int = 0
    cache: int | None = field(default=None, init=False)


def test_fields_are_taken_in_order_with_defaults() -> None:
    point = Point(1, note="here")
    assert (point.x, point.y, point.note, point.seen, point.sum) == (1, 0, "here", [], 1)
    assert Point(1).seen is not Point(1).seen


def test_equality_and_hash_go_by_the_compared_fields() -> None:
    assert Point(1, 2, "a") == Point(1, 2, "b")
    assert hash(Point(1, 2, "a")) == hash(Point(1, 2, "b"))
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != Labelled(1, 2)
    assert Counter() != Counter()


def test_records_do_not_change() -> None:
    point: Any = Point(1)
    with pytest.raises(AttributeError, match="cannot assign"):
        point.x = 2
    with pytest.raises(AttributeError, match="cannot assign"):
        point.z = 3
    with pytest.raises(AttributeError):
        del point.x


def test_mutable_records_change() -> None:
    counter = Counter()
    counter.count += 1
    counter.cache = 5
    assert (counter.count, counter.cache) == (1, 5)
    with pytest.raises(TypeError):
        Counter(1, 2)  # type: ignore[call-arg]


def test_patterns_match_by_position_and_inherited_fields_come_first() -> None:
    match Labelled(1, 2, "n", [], "L"):
        case Labelled(1, 2, _, _, label):
            assert label == "L"
        case _:
            pytest.fail("the pattern did not match")


def test_replace_pickle_and_repr() -> None:
    point = Point(1, 2, "n")
    assert replace(point, y=5) == Point(1, 5)
    assert pickle.loads(pickle.dumps(point)) == point
    assert repr(point) == "Point(x=1, y=2, note='n', seen=[])"


@record(slots=False)
class Lazy:
    x: int

    @cached_property
    def double(self) -> int:
        return self.x * 2


def test_records_without_slots_have_room_for_more() -> None:
    lazy = Lazy(4)
    assert lazy.double == 8
    assert lazy == Lazy(4)
    with pytest.raises(AttributeError, match="cannot assign"):
        lazy.x = 5  # type: ignore[misc]


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1, z=2)  # type: ignore[call-arg]
