"""StackStorm's own example workflows end as their descriptions say (`examples.yaml` tells where not)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from run.console import st2c
from st2runtime.commands import run_session

from st2lang.commands.main import main
from st2lang.record import replace

CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("examples.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Delays and retries do not wait, but for the examples that need it."""
    if not CASES[request.node.callspec.params["name"]].get("waits"):
        usual = run_session._Run._options
        monkeypatch.setattr(
            run_session._Run, "_options", lambda self: replace(usual(self), patience=0.0)
        )


def test_every_example_has_a_case(corpus: Path) -> None:
    found = set()
    for path in (corpus / "packs" / "examples" / "actions").glob("*.yaml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if data["runner_type"] in ("orquesta", "action-chain"):
            found.add(data["name"])
    assert set(CASES) == found


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # of jinja2, in `regex_match("\\w")`
@pytest.mark.parametrize("name", CASES)
def test_an_example(
    name: str, corpus: Path, work: Path, impatient: None, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES[name]
    if "st2kv" in name or "_kv_" in name:
        assert main(["key", "set", "greeting", "hello"]) == 0
        for scope in ("system", "user"):
            assert main(["key", "set", "my_cmd", "hidden", "--encrypt", "--scope", scope]) == 0
    words = [*case.get("given", ()), "--pack-dir", corpus / "packs", "--format", "json"]
    if "mock" in case:
        (work / "mock.json").write_text(json.dumps(case["mock"]), encoding="utf-8")
        words += ["--mock", "mock.json"]
    done = st2c(capsys, "run", f"examples.{name}", *words, "--no-config", "--timeout", 20)
    found = json.loads(done.out)
    status = case.get("status", "succeeded")
    assert (found["status"], done.code) == (status, 0 if status == "succeeded" else 1), found
    output = found["output"] or {}
    output = output.get("published", output)
    wanted = case.get("output", {})
    assert {key: output.get(key) for key in wanted} == wanted
    statuses = {run["task_id"]: run["status"] for run in found["tasks"]}
    assert {task: statuses.get(task) for task in case.get("tasks", ())} == case.get("tasks", {})
    assert case.get("error", "") in (found["errors"][0]["message"] if found["errors"] else "")
