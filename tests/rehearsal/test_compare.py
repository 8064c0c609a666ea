"""What is compared, how strictly, and in which words a difference is told."""

from __future__ import annotations

from typing import Any

import pytest
from st2runtime.rehearsal import diffs
from st2runtime.rehearsal.case import Actual, Case, Expected
from st2runtime.rehearsal.compare import compare
from st2runtime.rehearsal.data import plain, same, to_yaml

from st2lang.commands.terminal import Paint
from st2lang.record import replace

RAN = Actual(("a", "b__r1"), ((), ("a__t0",)), "succeeded", {"x": 1}, (), ("b__r1",))
RIGHT = Expected(("a__r0", "b__r1"), ((), ("a__t0",)), "succeeded", {"x": 1.0}, (), ("b__r1",))


def differs(actual: Actual = RAN, *, chain: bool = False, **changes: Any) -> list[str]:
    case = Case(expected=replace(RIGHT, **changes))
    return [f"{one.what}: {one.message}" for one in compare(case, actual, chain=chain)]


def test_what_is_as_expected_fails_in_nothing() -> None:
    assert differs() == []
    assert differs(output=None, errors=None, term_tasks=None) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"task_sequence": None}, "expected_task_sequence: the case does not say which tasks should run; --bless records it"),
        ({"task_sequence": ("a", "c")}, "expected_task_sequence: task 2 to run should have been `c`, but was `b__r1`"),
        ({"task_sequence": ("a",)}, "expected_task_sequence: `b__r1` ran, and nothing should have after `a`"),
        ({"task_sequence": ("a", "b__r1", "c")}, "expected_task_sequence: `c` should have run after `b__r1`"),
        ({"routes": ((),)}, "expected_routes: the workflow took other routes"),
        ({"status": "failed"}, "expected_workflow_status: the workflow is `succeeded`, not `failed`"),
        ({"output": {"x": True}}, "expected_output: the output is another"),
        ({"output": {}}, "expected_output: the output is another"),
        ({"errors": ({"type": "error"},)}, "expected_errors: other errors were logged"),
        ({"term_tasks": ("a",)}, "expected_term_tasks: the branches of the workflow ended elsewhere"),
    ],
)  # fmt: skip
def test_each_difference_is_told(changes: dict[str, Any], told: str) -> None:
    assert differs(**changes) == [told]


def test_nothing_ran() -> None:
    idle = replace(RAN, task_sequence=(), output=None)
    assert "expected_task_sequence: `a__r0` should have run, but nothing ran".replace(
        "__r0", ""
    ) in differs(idle)
    assert "expected_output: the workflow has no output" in differs(idle)
    assert differs(idle, task_sequence=(), output={}) == []


def test_errors_are_the_same_in_kind_and_place_and_in_what_is_given() -> None:
    logged = {"type": "error", "task_id": "a", "message": "our words", "result": {"x": 1}}
    failed = replace(RAN, errors=(logged,))
    alike = ({"type": "error", "task_id": "a"}, {**logged, "message": "our words"}, logged)
    for one in alike:
        assert differs(failed, errors=(one,)) == []
    others = (
        {"type": "error"},
        {**logged, "route": 1},
        {**logged, "message": "other words"},
        {**logged, "result": None},
    )
    for one in others:
        assert differs(failed, errors=(one,)) == ["expected_errors: other errors were logged"]


def test_of_a_chain_only_the_parts_of_the_output_that_are_given() -> None:
    chain = replace(RAN, output={"published": {"x": 1}, "tasks": [{"id": "1"}]})
    assert differs(chain, chain=True, output={"published": {"x": 1}}) == []
    assert differs(chain, chain=True, output={"published": {}}) == [
        "expected_output: the output is another"
    ]


def test_sequences_stand_side_by_side() -> None:
    expected = ["start", *["loop"] * 12, "stop"]
    actual = ["start", *["loop"] * 12, "retry", "halt", "end"]
    shown = list(diffs.columns(expected, actual, Paint(False)))
    assert shown == [
        "  expected  actual",
        "  … 10 alike",
        "  loop      loop",
        "  loop      loop",
        "  loop      loop",
        "! stop      retry",
        "+           halt",
        "+           end",
    ]
    assert list(diffs.columns(["a", "b", "c"], ["a", "c"], Paint(False)))[1:] == [
        "  a         a",
        "- b",
        "  c         c",
    ]


def test_values_are_compared_as_yaml() -> None:
    expected = {"kept": 1, "text": "one\ntwo\n", "list": [1, 2]}
    actual = {"kept": 1, "text": "one\n2\n", "list": [1, 2, {"x": None}]}
    assert list(diffs.lines(expected, actual, Paint(False))) == [
        "…",
        " kept: 1",
        " text: |",
        "   one",
        "-  two",
        "+  2",
        " list:",
        " - 1",
        " - 2",
        "+- x: null",
    ]


def test_control_characters_do_not_reach_the_terminal() -> None:
    shown = "\n".join(diffs.columns(["\x1b[2J"], ["b"], Paint(False)))
    assert "\x1b" not in shown


def test_json_data() -> None:
    import datetime

    day = datetime.date(2024, 1, 2)
    assert plain({2: {day}, None: (True,), True: b"x"}) == {
        "2": ["2024-01-02"],
        "null": [True],
        "true": "x",
    }
    assert same([1, {"a": (1.0,)}], [1, {"a": [1]}])
    assert not same(1, True)
    assert not same({"a": None}, {})
    assert to_yaml({"b": "1", "a": []}) == "b: '1'\na: []\n"
