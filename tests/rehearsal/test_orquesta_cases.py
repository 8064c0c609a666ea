"""What Orquesta's conductor does, case by case: clean-up beside `fail`, and reruns of states that it has saved.

A case is an upstream rehearsal file in `orquesta/`. States were written by Orquesta's own serializer, and
what is expected is what its conductor gave for the same mocks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from st2runtime.conductor import Conductor
from st2runtime.rehearsal.drive import StateError, rehearse
from st2runtime.rehearsal.orquesta_state import converted
from st2runtime.rehearsal.read import read
from st2runtime.rehearsal.work import Plan, rehearse_file
from st2runtime.rehearsal.workflows import from_state

from st2lang.source import Source

CASES = Path(__file__).parent / "orquesta"
STATES = sorted(CASES.glob("rerun_*.yaml"))


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_case_passes(path: Path) -> None:
    outcome = rehearse_file(Plan(base_path=str(CASES)), str(path))
    assert outcome.passed, outcome


def reading(path: Path) -> Any:
    """A rehearsal with a state, and the workflow in it."""
    found = read(Source(str(path), path.read_text("utf-8")), lambda name: None)
    assert found.case is not None
    loaded = from_state(found.case.state, str(path))
    assert loaded is not None
    assert loaded.graph is not None
    return found.case, loaded.graph


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.stem)
def test_a_state_is_taken_over_whole(path: Path) -> None:
    """What Orquesta has recorded of the execution is what the conductor says of it; saving loses nothing."""
    case, graph = reading(path)
    saved = case.state["state"]
    conductor = Conductor.restore(graph, converted(case.state, graph))
    assert conductor.status == saved["status"]
    assert conductor.routes == saved["routes"]
    assert [(run.task, run.route, run.status) for run in conductor.sequence] == [
        (one["id"], one["route"], one["status"]) for one in saved["sequence"]
    ]
    for run, one in zip(conductor.sequence, saved["sequence"], strict=True):
        seen: dict[str, Any] = {}
        for number in one["ctxs"]["in"]:
            seen.update(saved["contexts"][number])
        assert dict(run.context).keys() == seen.keys()
    assert [run.task for run in conductor.terminals] == [
        one["id"] for one in saved["sequence"] if one.get("term")
    ]
    text = json.dumps(conductor.serialize())
    assert json.dumps(Conductor.restore(graph, json.loads(text)).serialize()) == text


@pytest.mark.parametrize("missing", ["contexts", "sequence", "tasks", "routes", "status"])
def test_a_damaged_state_is_refused(missing: str) -> None:
    path = CASES / "rerun_of_failed_items.yaml"
    case, graph = reading(path)
    del case.state["state"][missing]
    with pytest.raises(StateError, match="the saved state cannot be used"):
        rehearse(graph, case)
