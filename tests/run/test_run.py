"""`st2c run` from its arguments to its exit code: what it shows, refuses, mocks and records."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from run.console import PACKS, STEPS, result, st2c

Capture = pytest.CaptureFixture[str]


def timeless(text: str) -> str:
    """A text with all durations alike."""
    return re.sub(r" +\d+(\.\d+)? m?s\b", " T", text)


def test_a_line_an_event_then_the_tree_and_the_output(steps: Path, capsys: Capture) -> None:
    done = st2c(capsys, "run", "steps.yaml", "name=ada")
    assert done.code == 0
    assert (
        timeless(done.out)
        == """\
● running    default.steps  name="ada"
● running    first  core.local cmd="echo hello ada"
  first | hello ada
✓ succeeded  first T
● running    second  core.local cmd="echo that was all; test -e broken && exit 3 || exit 0"
  second | that was all
✓ succeeded  second T
✓ succeeded  default.steps T

✓ default.steps T
├─ ✓ first       core.local T  hello ada
└─ ✓ second      core.local T  that was all

output:
  said: hello ada

✓ Succeeded in T.
"""
    )
    assert done.err == ""


def test_a_failed_run_tells_where_with_what_and_why(steps: Path, capsys: Capture) -> None:
    (steps.parent / "broken").touch()
    done = st2c(capsys, "run", "steps.yaml", "-q")
    assert done.code == 1
    assert (
        timeless(done.out)
        == """\
✗ second (core.local): failed after T
  --> steps.yaml:12:3
     |
  12 |   second:
     |   ^^^^^^
  input
    cmd: echo that was all; test -e broken && exit 3 || exit 0
  exit code 3
    that was all

output:
  said: hello world
"""
    )


def test_json_is_the_result_alone(steps: Path, capsys: Capture) -> None:
    done = st2c(capsys, "run", "steps.yaml", "--format", "json")
    found = result(done)
    assert (done.code, done.err) == (0, "")
    assert found["status"] == "succeeded"
    assert found["output"] == {"said": "hello world"}
    assert (found["result"], found["errors"]) == ({"output": found["output"]}, [])
    first, second = found["tasks"]
    assert first["task_id"] == "first"
    assert (first["action"], first["status"], first["line"]) == ("core.local", "succeeded", 5)
    assert first["input"] == {"cmd": "echo hello world"}
    assert first["result"]["stdout"] == "hello world"
    assert first["published"] == {"said": "hello world"}
    assert first["start_timestamp"] <= first["end_timestamp"] <= second["start_timestamp"]
    assert re.fullmatch(r"[0-9a-f]{24}", first["id"])


def test_a_compiled_graph_needs_no_yaml(steps: Path, capsys: Capture) -> None:
    from st2lang.catalog import Catalog
    from st2lang.compile import compile_document
    from st2lang.document import Document
    from st2lang.source import Source

    source = Source("steps.yaml", steps.read_text(encoding="utf-8"))
    graph = compile_document(Document(source, catalog=Catalog(installed=None)))
    Path("graph.json").write_text(graph.to_text(), encoding="utf-8")
    steps.unlink()
    found = result(st2c(capsys, "run", "graph.json", "name=ada", "--format", "json"))
    assert found["output"] == {"said": "hello ada"}
    Path("broken").touch()
    done = st2c(capsys, "run", "graph.json", "-q")
    assert done.code == 1
    assert "  --> steps.yaml:12:3\n  input\n" in done.out


def test_errors_of_the_checks_keep_it_from_running(work: Path, capsys: Capture) -> None:
    text = STEPS.replace("ctx().name", "ctx().nmae")
    (work / "steps.yaml").write_text(text, encoding="utf-8")
    done = st2c(capsys, "run", "steps.yaml")
    checked = st2c(capsys, "check", "steps.yaml", "-q", "--severity", "error")
    assert (done.code, done.out) == (
        1,
        checked.out + "Not run: the workflow has an error (`--force` runs it anyway).\n",
    )
    done = st2c(capsys, "run", "steps.yaml", "--format", "json")
    found = result(done)
    assert (done.code, found["status"], found["output"], found["tasks"]) == (1, "failed", None, [])
    assert found["errors"][0]["check"] == "undefined-variable"
    forced = st2c(capsys, "run", "steps.yaml", "--force", "-q")
    assert forced.code == 1
    assert "there is no variable `nmae`" in forced.out


def test_a_suppressed_error_does_not(work: Path, capsys: Capture) -> None:
    line = "    action: core.local"
    text = STEPS.replace("ctx().name", "ctx().get(name) or ctx().nmae")
    text = text.replace(line, f"    # st2c: ignore[undefined-variable] on purpose\n{line}", 1)
    (work / "steps.yaml").write_text(text, encoding="utf-8")
    done = st2c(capsys, "run", "steps.yaml", "-q")
    assert (done.code, "Not run" in done.out) == (0, False)


WRONG = [
    ("core.ecko", "there is no action `core.ecko` in the pack `core`; did you mean `core.echo`?"),
    ("coer.echo", "the pack `coer` is not known; did you mean `core.echo`?"),
    ("nothing", "`nothing` is no reference to an action: it is written `pack.action`"),
    ("step.yaml", "there is no file `step.yaml`; did you mean `steps.yaml`?"),
    (".", "`.` is a folder: name an action (`pack.action`) or a file"),
    ("steps.yaml nmae=x", "the workflow has no input `nmae`; did you mean `name`?"),
    ("core.local", "parameter `cmd` (text) is required and was not given"),
    ("core.local cmd=x timeout=soon", "parameter `timeout` expects a whole number: `soon` is none"),
    ("core.echo message=x cmd=y", "parameter `cmd` is immutable: `core.echo` sets it itself"),
    ("core.noop --pack-dir none", "--pack-dir: there is no folder `none`"),
    ("core.noop --params none.yaml", "--params: `none.yaml` cannot be read: No such file"),
    ("core.noop --mock none.yaml", "--mock: `none.yaml` cannot be read: No such file"),
    ("core.noop --context x", "--context: `x` is not written NAME=VALUE"),
    ("core.noop --record x --dry-run", "--record records what has run, and --dry-run runs nothing"),
    (
        "core.noop --record x.yaml",
        "--record: an action that is no workflow has nothing to rehearse",
    ),
    ("text.txt", "`text.txt` is neither a workflow nor an action, as far as can be told"),
    ("broken.yaml", "`broken.yaml:1:4`: "),
    ("graph.json", "`graph.json`: version 99 of the graph is unknown"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[words for words, _ in WRONG])
def test_wrong_use_is_explained(steps: Path, capsys: Capture, words: str, message: str) -> None:
    Path("text.txt").write_text("some text\n", encoding="utf-8")
    Path("broken.yaml").write_text("a: [\n", encoding="utf-8")
    Path("graph.json").write_text('{"semantics": "orquesta", "tasks": [], "version": 99}')
    done = st2c(capsys, "run", *words.split())
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_every_wrong_parameter_is_told_before_anything_runs(steps: Path, capsys: Capture) -> None:
    done = st2c(capsys, "run", "core.local", "cdm=touch x", "timeout=soon", "sudo=true")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == """\
st2c: error: `core.local` cannot be run like this:
  - parameter `timeout` expects a whole number: `soon` is none
  - `core.local` has no parameter `cdm`; did you mean `cwd`?
  - parameter `sudo` is immutable: `core.local` sets it itself
  - parameter `cmd` (text) is required and was not given
"""
    )


def test_parameters_from_a_file_and_from_words_between_options(work: Path, capsys: Capture) -> None:
    (work / "p.yaml").write_text("hosts: [a]\npassword: p\n", encoding="utf-8")
    options = ("--mock", work / "m.yaml", "--format", "json")
    (work / "m.yaml").write_text("inventory.get_host: {result: {result: {ip: 1.2.3.4}}}\n")
    words = ("inventory.report", "--pack-dir", PACKS, "hosts=x,y", "--params", "p.yaml", *options)
    found = result(st2c(capsys, "run", *words))
    assert found["parameters"] == {"hosts": ["x", "y"], "password": "********"}


def test_metadata_and_workflow_files_of_a_pack_mean_the_action(work: Path, capsys: Capture) -> None:
    folder = PACKS / "inventory" / "actions"
    (work / "m.yaml").write_text("look: {result: {result: {ip: 1.2.3.4}}}\n", encoding="utf-8")
    for path in (folder / "report.yaml", folder / "workflows" / "report.yaml"):
        found = result(st2c(capsys, "run", path, "--mock", "m.yaml", "--format", "json"))
        assert (found["action"], found["status"]) == ("inventory.report", "succeeded")
    done = st2c(capsys, "run", PACKS / "inventory" / "pack.yaml")
    assert done.code == 2
    assert "run one of its actions: `inventory.check_host`" in done.err


def test_mocks_by_task_by_action_and_in_a_rehearsal_file(steps: Path, capsys: Capture) -> None:
    Path("m.yaml").write_text(
        "mock_action_executions:\n"
        "  - {task_id: first, result: {stdout: mocked}}\n"
        "  - {action: core.local, status: failed, result: {stderr: no}}\n",
        encoding="utf-8",
    )
    done = st2c(capsys, "run", "steps.yaml", "--mock", "m.yaml", "--format", "json")
    found = result(done)
    assert done.code == 1
    assert [(t["status"], t["mocked"]) for t in found["tasks"]] == [
        ("succeeded", True),
        ("failed", True),
    ]
    assert found["output"] == {"said": "mocked"}


def test_a_task_with_a_mock_never_runs(work: Path, capsys: Capture) -> None:
    loop = """\
version: 1.0
vars: [{n: 0}]
tasks:
  start:
    next: [{do: t}]
  t:
    action: core.local cmd="touch ran"
    next:
      - when: <% ctx().n < 3 %>
        publish: [{n: <% ctx().n + 1 %>}]
        do: t
"""
    (work / "loop.yaml").write_text(loop.replace("<% ctx().n + 1 %>", '"<% ctx().n + 1 %>"'))
    (work / "m.json").write_text('{"t": {"result": 1}}')
    done = st2c(capsys, "run", "loop.yaml", "--mock", "m.json", "-q")
    assert (done.code, (work / "ran").exists()) == (0, False)


MISTAKES = [
    ("t: {stats: failed}", "m.yaml:1:5: "),
    ("- {status: failed}", "a mock needs a `task_id` or an `action`"),
    ("t: {status: fialed}", "did you mean `failed`?"),
    ("- {task_id: t, result_path: none.json}", "`none.json` cannot be read"),
    ("a: [", "m.yaml:1:4"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[text for text, _ in MISTAKES])
def test_a_wrong_file_of_mocks_is_explained(
    steps: Path, capsys: Capture, text: str, message: str
) -> None:
    Path("m.yaml").write_text(text, encoding="utf-8")
    done = st2c(capsys, "run", "steps.yaml", "--mock", "m.yaml")
    assert done.code == 2
    assert message in done.err


def test_a_dry_run_runs_nothing_and_shows_the_input(work: Path, capsys: Capture) -> None:
    (work / "steps.yaml").write_text(STEPS.replace("echo hello", "touch ran; echo"))
    (work / "m.yaml").write_text("first: {result: {stdout: mocked}}\n", encoding="utf-8")
    done = st2c(capsys, "run", "steps.yaml", "--dry-run", "--mock", "m.yaml")
    assert (done.code, (work / "ran").exists()) == (0, False)
    assert (
        done.out
        == """\
first: core.local  (mocked: succeeded, {"stdout": "mocked"})
    cmd: touch ran; echo world
second: core.local  (guessed: succeeded)
    cmd: echo that was all; test -e broken && exit 3 || exit 0

output:
  said: mocked

Nothing was run; it would end as succeeded with results as guessed.
"""
    )


def test_a_record_is_a_case_for_st2c_test(steps: Path, capsys: Capture) -> None:
    (steps.parent / "broken").touch()
    done = st2c(capsys, "run", "steps.yaml", "name=ada", "-q", "--record", "cases/ada.yaml")
    assert done.code == 1
    text = Path("cases/ada.yaml").read_text(encoding="utf-8")
    assert text.startswith("# A run of default.steps, recorded by `st2c run`.\nworkflow: ../steps")
    assert "expected_workflow_status: failed" in text
    tested = st2c(capsys, "test", "cases/ada.yaml")
    assert tested.code == 0, tested.out
