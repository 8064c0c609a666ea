"""The examples of the article that the project began with do what it says, once what they miss is there.

An example is read from `../shared/seed` (those in `own/` are smaller ones of our own, which are always here).
`nodes/` has the nodes that it names and does not have, `packs/` the
actions, and `cases/` what comes of it:

    check      what `st2c check` finds then, by name
    rehearsal  `inputs` and `mocks` of `st2c test`, and the `delays` with which its tasks are asked for
    runs       of `st2c run`: `given` parameters, `mock`, the node that it `begins` at; then what each task
               `says` on its standard output, a run each (null: it was mocked or has none), in the order of
               the tasks; the number of `tries`, `inputs` and `actions` of tasks; what was `published`
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from conftest import SHARED
from run.console import st2c
from st2runtime.commands import run_session

from st2lang.record import replace

HERE = Path(__file__).parent
CASES: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((HERE / "cases").glob("*.yaml"))
}
RUNS = [(name, number) for name, case in CASES.items() for number in range(len(case["runs"]))]
REHEARSED = [name for name, case in CASES.items() if "rehearsal" in case]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the delays between tries."""
    usual = run_session._Run._options
    monkeypatch.setattr(
        run_session._Run, "_options", lambda self: replace(usual(self), patience=0.0)
    )


@pytest.fixture
def server() -> Iterator[str]:
    """An HTTP server whose `/third-time` answers at the third request, and `/always-down` never well."""

    class Handler(BaseHTTPRequestHandler):
        tries = 0

        def do_GET(self) -> None:
            Handler.tries += 1
            well = self.path == "/third-time" and Handler.tries == 3
            self.send_response(200 if well else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        Thread(target=made.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}"
        made.shutdown()


def supplied(name: str, folder: Path, begins: str = "") -> Path:
    """The packs in a folder of their own, with the workflow of this name whole; gives its path."""
    own = HERE / "own" / f"{name}.yaml"
    seed = own if own.is_file() else SHARED / "seed" / own.name
    if not seed.is_file():
        pytest.skip("the article's examples (../shared/seed) are not here")
    shutil.copytree(HERE / "packs", folder / "packs")
    nodes = HERE / "nodes" / seed.name
    text = seed.read_text(encoding="utf-8")
    text += nodes.read_text(encoding="utf-8") if nodes.is_file() else ""
    text += f"default: {begins}\n" if begins else ""
    path = folder / "packs" / "article" / "actions" / "workflows" / seed.name
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_every_example_has_a_case() -> None:
    if not (SHARED / "seed").is_dir():
        pytest.skip("the article's examples (../shared/seed) are not here")
    files = [*(SHARED / "seed").glob("*.yaml"), *(HERE / "own").glob("*.yaml")]
    assert set(CASES) == {path.stem for path in files}


@pytest.mark.parametrize("name", CASES)
def test_what_st2c_check_says(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = supplied(name, tmp_path)
    done = st2c(capsys, "check", path, "--format", "json", "--no-config")
    found = json.loads(done.out)
    assert [one["code"] for one in found] == CASES[name].get("check", [])
    assert "error" not in {one["severity"] for one in found}


@pytest.mark.parametrize(("name", "number"), RUNS)
def test_a_run(
    name: str,
    number: int,
    tmp_path: Path,
    server: str,
    impatient: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = CASES[name]["runs"][number]
    supplied(name, tmp_path, case.get("begins", ""))
    (tmp_path / "mock.json").write_text(json.dumps(case.get("mock", {})), encoding="utf-8")
    given = [word.replace("{server}", server) for word in case.get("given", ())]
    places = ("--pack-dir", tmp_path / "packs", "--mock", tmp_path / "mock.json", "--no-config")
    done = st2c(capsys, "run", f"article.{name}", *given, *places, "--format", "json")
    found = json.loads(done.out)
    assert (found["status"], done.code) == ("succeeded", 0), found
    said = by_task(found["tasks"], lambda run: (run["result"] or {}).get("stdout"))
    assert list(said.items()) == list(case["says"].items())
    tries = {run["task_id"]: run["tries"] for run in found["tasks"] if "tries" in run}
    assert tries == case.get("tries", {})
    inputs = by_task(found["tasks"], lambda run: run["input"])
    assert case.get("inputs", {}).items() <= inputs.items()
    actions = {run["task_id"]: run["action"] for run in found["tasks"]}
    assert case.get("actions", {}).items() <= actions.items()
    if "published" in case:
        assert found["output"]["published"] == case["published"]


@pytest.mark.parametrize("name", REHEARSED)
def test_a_rehearsal(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = CASES[name]["rehearsal"]
    rehearsal = {
        "workflow": str(supplied(name, tmp_path)),
        "inputs": wanted.get("inputs", {}),
        "mock_action_executions": wanted["mocks"],
        "expected_task_sequence": [],
    }
    (tmp_path / "case.yaml").write_text(yaml.safe_dump(rehearsal), encoding="utf-8")
    done = st2c(capsys, "test", tmp_path / "case.yaml", "--format", "json")
    (told,) = json.loads(done.out)["cases"]
    assert by_task(told["actual"]["requests"], lambda one: one["delay"]) == wanted["delays"]


def by_task(entries: list[dict[str, Any]], what: Any) -> dict[str, list[Any]]:
    """Something of every entry, by task in the order in which they come first."""
    found: dict[str, list[Any]] = {}
    for entry in entries:
        found.setdefault(entry["task_id"], []).append(what(entry))
    return found
