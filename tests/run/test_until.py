"""`st2c run --until` and `--mock-all`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from run.console import PACKS, st2c

Capture = pytest.CaptureFixture[str]

STEPS = """\
version: 1.0
input:
  - name
  - times: 2
  - wait: 0
tasks:
  first:
    action: core.local cmd="touch ran; echo hello <% ctx().name %>"
    delay: <% ctx().wait %>
    next:
      - when: <% succeeded() %>
        publish:
          - said: <% result().stdout %>
        do: second, aside
  aside:
    action: core.noop
  second:
    action: core.remote
    input:
      hosts: <% ctx().said %>
      cmd: touch ran too
    next:
      - when: <% failed() %>
        do: cry
      - when: <% succeeded() %>
        do: quiet
  cry:
    action: core.echo message="never"
  quiet:
    next:
      - do: third
  third:
    with: i in <% range(ctx().times) %>
    action: core.echo message="item <% item(i) %>"
"""


@pytest.fixture
def steps(work: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ST2C_STORE", str(work / "journal.db"))
    path = work / "steps.yaml"
    path.write_text(STEPS, encoding="utf-8")
    return path


def until(capsys: Capture, task: str, *options: str, code: int = 0) -> dict[str, Any]:
    done = st2c(
        capsys,
        "run",
        "steps.yaml",
        "--until",
        task,
        "--mock-all",
        "--format",
        "json",
        "wait=3600",
        *options,
    )
    assert done.code == code, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_context_and_rendered_input(steps: Path, capsys: Capture) -> None:
    found = until(capsys, "second", "name=ada")
    assert found["reached"]
    assert (found["action"], found["line"]) == ("core.remote", 17)
    assert found["input"] == {"hosts": "", "cmd": "touch ran too"}
    assert {k: found["context"][k] for k in ("name", "times", "said")} == {
        "name": "ada",
        "times": 2,
        "said": "",
    }
    assert [(one["task_id"], one["status"]) for one in found["ran"]] == [
        ("first", "succeeded"),
        ("aside", "succeeded"),
    ]
    assert not (steps.parent / "ran").exists()


def test_mocks_count_more_than_samples(steps: Path, capsys: Capture) -> None:
    Path("m.yaml").write_text('first: {result: {stdout: "a,b"}}\n', encoding="utf-8")
    assert until(capsys, "second", "--mock", "m.yaml")["input"]["hosts"] == "a,b"


def test_a_task_with_items_and_one_without_action(steps: Path, capsys: Capture) -> None:
    third = until(capsys, "third")
    assert (third["input"], third["item"]) == ({"message": "item 0"}, 0)
    assert third["context"]["name"] == ""
    quiet = until(capsys, "quiet")
    assert (quiet["reached"], quiet["action"], quiet["input"]) == (True, None, {})


def test_what_is_not_reached(steps: Path, capsys: Capture) -> None:
    found = until(capsys, "cry", code=1)
    assert not found["reached"]
    assert found["status"] == "succeeded"
    done = st2c(capsys, "run", "steps.yaml", "--until", "cry", "--mock-all")
    assert done.code == 1
    assert done.out.startswith(
        "`cry` (line 27) is not reached: it ends as succeeded\nran: first succ"
    )


def test_for_people(steps: Path, capsys: Capture) -> None:
    done = st2c(capsys, "run", "steps.yaml", "name=ada", "--until", "first", "--mock-all")
    assert done.code == 0
    assert done.out.startswith(
        "Before `first` (line 7), after: nothing\naction: core.local\n\n"
        "input:\n  cmd: touch ran; echo hello ada\n\ncontext:\n"
    )


def test_an_unknown_task(steps: Path, capsys: Capture) -> None:
    done = st2c(capsys, "run", "steps.yaml", "--until", "secnd", "--mock-all")
    assert done.code == 2
    assert "there is no task `secnd`, did you mean `second`?" in done.err.replace("; ", ", ")
    action = st2c(capsys, "run", "core.noop", "--until", "x")
    assert action.code == 2
    assert "is no workflow" in action.err


def test_all_is_mocked_to_the_end(steps: Path, capsys: Capture) -> None:
    done = st2c(capsys, "run", "steps.yaml", "--mock-all", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)["status"] == "succeeded"
    assert not (steps.parent / "ran").exists()


def test_results_of_the_last_kept_run(steps: Path, capsys: Capture) -> None:
    Path("m.yaml").write_text(
        'first: {result: {stdout: "a,b"}}\nsecond: {}\nthird: {}\n', encoding="utf-8"
    )
    done = st2c(capsys, "run", "steps.yaml", "name=ada", "--mock", "m.yaml", "-q")
    assert done.code == 0, done.err
    assert until(capsys, "second")["input"]["hosts"] == "a,b"
    assert until(capsys, "second", "--no-store")["input"]["hosts"] == ""


def test_secrets_are_masked(work: Path, capsys: Capture) -> None:
    (work / "m.yaml").write_text("look: {result: {result: {ip: hunter22}}}\n", encoding="utf-8")
    done = st2c(
        capsys, "run", "inventory.report", "--pack-dir", PACKS, "password=hunter22",
        "--until", "tell", "--mock-all", "--mock", "m.yaml",
    )  # fmt: skip
    assert done.code == 0
    assert "********" in done.out
    assert "hunter22" not in done.out + done.err
