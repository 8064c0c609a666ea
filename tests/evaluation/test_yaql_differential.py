"""YAQL against the package: every overload it has, called with values of every kind."""

from __future__ import annotations

import os
import re
from random import Random
from typing import Any

import pytest
from evaluation.yaql_compose import DATA, composed
from evaluation.yaql_oracle import LIMIT, Call, data, expression, overloads, reference, shape
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang import functions
from st2lang.evaluation import EvaluationError, evaluate_yaql
from st2lang.functions import values

CALLS = list(overloads())
FACTOR = int(os.environ.get("ST2C_FUZZ", "1"))
EXAMPLES = 12 * FACTOR
"""Calls of each overload in a run of the tests. There are some 270 overloads."""

COMPOSED = 500 * FACTOR
"""Random expressions with calls within calls."""

_NOT_COMPARED = re.compile(r" at 0x|\bContext|MappingRule|TypeError: a lazy|CollectionTooLarge")
"""What the package gives that is no data: names, pairs, and the addresses of objects; and its limit, which
counts lists as well, not lazy ones only."""


@pytest.fixture(autouse=True)
def _short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "ITERATIONS", LIMIT)


def ours(text: str, value: object) -> tuple[str, Any]:
    """As `reference` gives it."""
    try:
        return "value", shape(evaluate_yaql(text, value, sets=set))
    except EvaluationError as error:
        return "error", error


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.title)
def test_overload_agrees(call: Call) -> None:
    @settings(max_examples=EXAMPLES, database=None)
    @given(st.integers(0, 2**32))
    def agrees(seed: int) -> None:
        pick = Random(seed).choice
        text, value = expression(call, pick), data(pick)
        if re.search(r"\b(random|now|localtz)\(", text):
            return
        kind, wanted = reference(text, value)
        if kind == "value" and _NOT_COMPARED.search(repr(wanted)):
            return
        if text.startswith("characters("):
            wanted = sorted(wanted, key=repr) if kind == "value" else wanted
        found_kind, found = ours(text, value)
        if text.startswith("characters(") and found_kind == "value":
            found = sorted(found, key=repr)
        assert found_kind == kind, (text, value, wanted, found)
        assert kind == "error" or found == wanted, (text, value)

    agrees()


@pytest.mark.parametrize("seed", range(COMPOSED // 100))
def test_composed_expressions_agree(seed: int) -> None:
    random = Random(seed)
    for _ in range(100):
        text = composed(random, depth=random.randint(1, 5))
        kind, wanted = reference(text, DATA)
        if _NOT_COMPARED.search(repr(wanted)):
            continue
        found_kind, found = ours(text, DATA)
        assert found_kind == kind, (text, wanted, found)
        assert kind == "error" or found == wanted, text


def test_every_overload_of_the_package_is_implemented() -> None:
    theirs: dict[str, int] = {}
    for call in CALLS:
        theirs[call.name] = theirs.get(call.name, 0) + 1
    for name, count in theirs.items():
        if name.startswith("#property#"):
            key = f".{name.removeprefix('#property#')}"
            assert len(functions.implementations("yaql")[key]) == count
        elif name[0].isalpha():
            found = [
                overload
                for overload in functions.implementations("yaql")[name]
                if overload.call.__module__.startswith("st2lang.functions.yaql")
            ]
            assert len(found) == count


@pytest.mark.parametrize("name", functions.names("yaql"))
def test_records_and_implementations_belong_together(name: str) -> None:
    record = functions.lookup("yaql", name)
    assert record is not None
    written = {
        tuple(p.name for p in s.parameters if not (p.any_keyword or p.variadic or p.keyword_only))
        for s in record.signatures
    }
    implemented = {
        tuple(p.name for p in overload.parameters)
        for overload in functions.implementations("yaql")[name]
    }
    # A method of any number of lists has its receiver among them.
    assert implemented == {() if names == ("collections",) else names for names in written}


@pytest.mark.parametrize("text", ["isDatetime(now())", "now() - now() < timespan(seconds => 5)",
    "random() < 1", "random(1, 3) in [1, 2, 3]", "isTimespan(localtz())",
    "now(timespan(hours => 2)).offset.hours"])  # fmt: skip
def test_clock_and_chance(text: str) -> None:
    assert ours(text, None) == reference(text, None)
