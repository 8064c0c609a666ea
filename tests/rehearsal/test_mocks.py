"""Which mock a run gets, held against the rules of `orquesta/rehearsing.py`."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from st2runtime.rehearsal.case import Mock
from st2runtime.rehearsal.mocks import Mocks


def take(mocks: Mocks, seq: int = 0, items: Any = None, task: str = "t", route: int = 0) -> Any:
    found = mocks.take(task, "core.echo", seq, route, items)
    return None if found is None else found.result


def test_mocks_are_used_up_in_order_and_then_the_default_applies() -> None:
    mocks = Mocks([Mock("t", result=1), Mock("u", result=9), Mock("t", result=2, times=2)])
    assert [take(mocks) for _ in range(4)] == [1, 2, 2, None]
    assert take(mocks, task="u") == 9


def test_a_mock_with_a_position_is_for_that_run() -> None:
    mocks = Mocks([Mock("t", result="any"), Mock("t", result="third", seq=2)])
    assert [take(mocks, seq) for seq in (2, 0, 1)] == ["third", "any", None]


def test_a_position_that_is_first_in_line_keeps_others_waiting() -> None:
    mocks = Mocks([Mock("t", result="third", seq=2), Mock("t", result="any")])
    assert [take(mocks, seq) for seq in (0, 2, 3)] == [None, "third", "any"]


def test_items_get_theirs_in_the_order_of_the_case() -> None:
    mocks = Mocks(
        [Mock("t", item=2, result="c"), Mock("t", item=0, result="a"), Mock("t", result="x")]
    )
    assert take(mocks, items={0, 1}) == "a"
    assert take(mocks, items={1, 2}) == "c"
    assert take(mocks, items={1}) == "x"


def test_a_route_that_is_given_counts() -> None:
    mocks = Mocks([Mock("t", route=1, result="other"), Mock("t", result="any")])
    assert take(mocks, route=0) == "any"
    assert take(mocks, route=1) == "other"


def test_mocks_of_an_action_come_after_those_of_the_task() -> None:
    mocks = Mocks([Mock(action="core.echo", times=2, result="echo"), Mock("t", result="own")])
    assert [take(mocks) for _ in range(2)] == ["own", "echo"]
    assert take(mocks, task="other") == "echo"
    assert take(mocks) is None


class Reference:
    """The rule as Orquesta applies it: first by position, then without."""

    def __init__(self, mocks: list[Mock]) -> None:
        self.mocks = [[mock, 0] for mock in mocks]

    def take(self, seq: int) -> Mock | None:
        for position in (seq, None):
            left = [entry for entry in self.mocks if entry[1] < entry[0].times]  # type: ignore[operator, union-attr]
            if position is not None:
                left = [entry for entry in left if entry[0].seq == position]  # type: ignore[union-attr]
            if left and (position is not None or left[0][0].seq is None):  # type: ignore[union-attr]
                left[0][1] += 1  # type: ignore[operator]
                return left[0][0]  # type: ignore[return-value]
        return None


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 3), st.integers(0, 2)), max_size=6),
    st.lists(st.integers(0, 3), max_size=10),
)
def test_the_same_mocks_as_orquesta(lines: list[tuple[int | None, int]], runs: list[int]) -> None:
    mocks = [Mock("t", result=i, seq=seq, times=n) for i, (seq, n) in enumerate(lines)]
    ours, theirs = Mocks(mocks), Reference(mocks)
    for seq in runs:
        assert ours.take("t", None, seq, 0, None) is theirs.take(seq)
