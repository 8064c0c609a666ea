"""Recording changes what it must and leaves every other byte alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from st2runtime.rehearsal.bless import bless, wanted
from st2runtime.rehearsal.case import Actual, Case, Expected
from st2runtime.rehearsal.data import same, to_yaml

from st2lang.source import Source

CASES = Path(__file__).parent / "bless"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_is_rewritten_in_place(path: Path, request: pytest.FixtureRequest) -> None:
    """`NAME.yaml` with the values of `NAME.json` is `NAME.after`."""
    values = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    text = bless(Source(path.name, path.read_text(encoding="utf-8")), values)
    after = path.with_suffix(".after")
    if request.config.getoption("--bless"):
        after.write_text(text, encoding="utf-8")
    assert text == after.read_text(encoding="utf-8")


SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from((1.5, -0.25))
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)
    | st.sampled_from(("a\nb", "a\nb\n", "- x", "k: v", "# no comment", "yes", "1", "", " x ", "~", "<% ctx() %>"))
)  # fmt: skip
NAMES = st.sampled_from(("a", "b", "c", "d e", "on", "1"))
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
COLLECTIONS = st.lists(DATA, max_size=5) | st.dictionaries(NAMES, DATA, max_size=5)


def _layout(before: dict[str, Any], indented: bool, flow: bool, notes: bool) -> str:
    """A case file that says `before`, in one of several styles."""
    text = "# a case\nworkflow: w.yaml  # which\n\n"
    for name, value in before.items():
        if flow:
            written = f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
        else:
            written = to_yaml({name: value}, indented)
        text += written + ("# after it\n\n" if notes else "")
    return text + "inputs:\n    x: 1   # deep\n"


@given(
    st.dictionaries(st.sampled_from(("one", "two")), COLLECTIONS, min_size=1),
    st.dictionaries(st.sampled_from(("one", "two", "three")), COLLECTIONS, min_size=1),
    st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
def test_any_value_is_recorded_and_the_rest_stays(
    before: dict[str, Any], values: dict[str, Any], indented: bool, flow: bool, notes: bool
) -> None:
    text = _layout(before, indented, flow, notes)
    after = bless(Source("a.yaml", text), values)
    found = yaml.safe_load(after)
    assert same(found, {"workflow": "w.yaml", **before, "inputs": {"x": 1}, **values})
    assert after.startswith("# a case\nworkflow: w.yaml  # which\n\n")
    assert "inputs:\n    x: 1   # deep\n" in after
    if all(same(values.get(name), value) for name, value in before.items()):
        assert after.startswith(text)
    if set(values) <= set(before):
        assert after.count("# after it") == text.count("# after it")


def test_windows_line_breaks_stay() -> None:
    text = "workflow: a.yaml\r\nexpected_task_sequence:\r\n- a\r\n- b # why\r\n"
    after = bless(Source("a.yaml", text), {"expected_task_sequence": ["a", "c", "b"]})
    assert after == "workflow: a.yaml\r\nexpected_task_sequence:\r\n- a\r\n- c\r\n- b # why\r\n"


def test_a_fresh_case_gets_what_is_worth_holding() -> None:
    case = Case(workflow="a.yaml", given=frozenset(("workflow", "inputs")))
    actual = Actual(("a",), ((),), "failed", None, ({"type": "error", "message": "m"},), ("a",))
    assert wanted(case, actual, chain=False) == {
        "expected_task_sequence": ["a"],
        "expected_workflow_status": "failed",
        "expected_errors": [{"type": "error", "message": "m"}],
    }


def test_what_means_the_same_stays_as_it_is_written() -> None:
    expected = Expected(("a__r0", "b"), term_tasks=("b", "a__r0"), output={"x": 1})
    given_keys = frozenset(("workflow", "expected_task_sequence", "expected_term_tasks"))
    case = Case(workflow="a.yaml", expected=expected, given=given_keys)
    actual = Actual(("a", "b"), ((),), "succeeded", {"x": 2}, (), ("a", "b"))
    assert wanted(case, actual, chain=False) == {
        "expected_task_sequence": ["a__r0", "b"],
        "expected_output": {"x": 2},
        "expected_term_tasks": ["b", "a__r0"],
    }


def test_of_a_chain_the_parts_that_are_expected_are_recorded() -> None:
    case = Case(
        expected=Expected((), output={"published": {}}), given=frozenset(("expected_output",))
    )
    actual = Actual((), (), "succeeded", {"published": {"x": 1}, "tasks": []})
    assert wanted(case, actual, chain=True)["expected_output"] == {"published": {"x": 1}}
