"""Every workflow in `orquesta/` and `action-chain/` compiles to the graph that is written beside it.

`pytest --bless` writes the graphs anew: read them before committing.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lowering.graphs import ALL, compiled, errors_of

from st2lang.graph import from_text


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_lowering(case: Path, bless: bool) -> None:
    graph = compiled(case)
    expected = case.with_suffix(".json")
    if bless:
        expected.write_text(graph.to_text(), encoding="utf-8", newline="\n")
    assert graph.to_text() == expected.read_text(encoding="utf-8")
    assert from_text(graph.to_text()) == graph
    assert list(errors_of(json.loads(graph.to_text()))) == []


def test_graphs_without_a_workflow_are_none() -> None:
    left = [p for case in ALL for p in case.parent.glob("*.json")]
    assert {p.with_suffix(".yaml") for p in left} == set(ALL)
