"""`st2c run` from its arguments to its exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from run.console import PACKS, spawn, st2c

from st2lang.commands.main import main

Capture = pytest.CaptureFixture[str]

STEPS = """\
version: 1.0
input:
  - name: world
tasks:
  first:
    action: core.local cmd="echo hello <% ctx().name %>"
    next:
      - when: <% succeeded() %>
        publish:
          - said: <% result().stdout %>
        do: second
  second:
    action: core.local cmd="echo that was all; test -e broken && exit 3 || exit 0"
output:
  - said: <% ctx().said %>
"""


@pytest.fixture
def steps(work: Path) -> Path:
    """A workflow without metadata."""
    path = work / "steps.yaml"
    path.write_text(STEPS, encoding="utf-8")
    return path


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


def result(answer: Any) -> Any:
    """The JSON on the standard output, which is all there is on it."""
    return json.loads(answer.out)


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


def test_secrets_are_masked_wherever_they_are_shown(work: Path, capsys: Capture) -> None:
    (work / "inventory.yaml").write_text("token: t0psecret\n", encoding="utf-8")
    words = ("inventory.report", "--pack-dir", PACKS, "--config-dir", ".", "password=hunter22")
    (work / "m.yaml").write_text("look: {result: {result: {ip: hunter22}}}\n", encoding="utf-8")
    for options in ((), ("--format", "json"), ("--dry-run",), ("-q",), ("--record", "case.yaml")):
        done = st2c(capsys, "run", *words, "--mock", "m.yaml", *options)
        assert done.code == 0
        assert "********" in done.out
        assert "hunter22" not in done.out + done.err
    assert "hunter22" not in Path("case.yaml").read_text(encoding="utf-8")


def test_a_failure_masks_secrets_too(work: Path, capsys: Capture) -> None:
    (work / "inventory.yaml").write_text("token: t0psecret\n", encoding="utf-8")
    (work / "m.yaml").write_text("tell: {status: failed, result: {stderr: not hunter22!}}\n")
    words = ("inventory.report", "--pack-dir", PACKS, "--config-dir", ".", "password=hunter22")
    done = st2c(capsys, "run", *words, "hosts=[]", "--mock", "m.yaml")
    assert done.code == 1
    assert "not ********!" in done.out
    assert "hunter22" not in done.out + done.err


def test_a_pack_s_python_actions_run_unmodified(work: Path, capsys: Capture) -> None:
    (work / "inventory.yaml").write_text("token: t0psecret\n", encoding="utf-8")
    words = ("--pack-dir", PACKS, "--config-dir", work, "--format", "json")
    found = result(st2c(capsys, "run", "inventory.get_host", "name=db1", "fields=ip,name", *words))
    assert found["result"]["result"] == {"ip": "10.0.0.2", "name": "db1"}
    assert "GET https://inventory.example.com/hosts/db1" in found["result"]["stderr"]
    done = st2c(capsys, "run", "inventory.check_host", "name=web1", "role=db", *words)
    found = result(done)
    assert (done.code, found["result"]["result"]) == (1, "web1 is no db")
    assert json.loads(found["result"]["stdout"])["ip"] == "10.0.0.1"
    done = st2c(capsys, "run", "inventory.check_host", "name=no", "role=db", *words[:4], "-q")
    assert done.code == 1
    assert "KeyError: 'no'" in done.out


def test_python_actions_share_the_datastore(work: Path, capsys: Capture) -> None:
    words = ("inventory.count_visits", "host=web1", "--pack-dir", PACKS, "--format", "json")
    counts = [result(st2c(capsys, "run", *words))["result"]["result"] for _ in range(2)]
    assert counts == [{"visits": 1}, {"visits": 2}]


def test_a_pack_without_its_configuration_fails_with_a_reason(work: Path, capsys: Capture) -> None:
    (work / "inventory.yaml").write_text("token: '{{ st2kv.system.none | decrypt_kv }}'\n")
    words = ("name=db1", "--pack-dir", PACKS, "--config-dir", ".", "-q")
    done = st2c(capsys, "run", "inventory.get_host", *words)
    assert done.code == 1
    assert "`token` is `{{ st2kv.system.none | decrypt_kv }}`" in done.out


def test_st2kv_and_decrypted_keys(work: Path, capsys: Capture) -> None:
    assert main(["key", "set", "greeting", "hello"]) == 0
    assert main(["key", "set", "token", "hunter22", "--encrypt"]) == 0
    (work / "w.yaml").write_text(
        "version: 1.0\ntasks:\n  t:\n    action: core.local\n    input:\n"
        "      cmd: echo <% st2kv('system.greeting') %> <% st2kv('system.token', decrypt => true) %>\n"
    )
    done = st2c(capsys, "run", "w.yaml", "--record", "case.yaml")
    assert done.code == 0
    assert "t | hello ********" in done.out
    recorded = Path("case.yaml").read_text(encoding="utf-8")
    assert "system.greeting: hello" in recorded
    assert "hunter22" not in done.out + recorded
    assert st2c(capsys, "test", "case.yaml").code == 0


def test_a_key_without_a_scope_is_the_users(work: Path, capsys: Capture) -> None:
    assert main(["key", "set", "greeting", "for all"]) == 0
    assert main(["key", "set", "greeting", "for ada", "--scope", "user", "--user", "ada"]) == 0
    (work / "w.yaml").write_text(
        "version: 1.0\ntasks:\n  t:\n    action: core.noop\noutput:\n  - g: <% st2kv('greeting') %>\n"
    )
    done = st2c(capsys, "run", "w.yaml", "--user", "ada", "--format", "json", "--record", "a.yaml")
    assert result(done)["output"] == {"g": "for ada"}
    assert "user.greeting: for ada" in Path("a.yaml").read_text(encoding="utf-8")
    assert st2c(capsys, "test", "a.yaml").code == 0


def test_the_context_of_the_execution(work: Path, capsys: Capture) -> None:
    (work / "w.yaml").write_text(
        "version: 1.0\ntasks:\n  t:\n    action: core.noop\noutput:\n  - st2: <% ctx().st2 %>\n"
        "  - parent: <% ctx().parent %>\n"
    )
    words = ("--user", "ada", "--context", "source_channel=#ops", "--format", "json")
    found = result(st2c(capsys, "run", "w.yaml", *words))["output"]
    st2 = found["st2"]
    assert found["parent"]["user"] == "ada"
    assert (st2["user"], st2["source_channel"]) == ("ada", "#ops")
    assert (st2["action"], st2["pack"], st2["runner"]) == ("default.w", "default", "orquesta")


def test_a_run_that_takes_too_long(work: Path, capsys: Capture) -> None:
    done = st2c(capsys, "run", "core.local", "cmd=sleep 60", "--timeout", "0.2", "--format", "json")
    assert (done.code, result(done)["status"]) == (1, "timeout")
    assert done.err == "st2c: The 0.2 s are over: it is ended.\n"


def test_dependencies_come_from_an_environment(
    work: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from st2runtime.runners import environments

    async def ensure(pack_path: str, *, line: Any) -> str:
        line("stdout", f"installing for {Path(pack_path).name}")
        raise environments.DependencyError("no such package: left-pad")

    monkeypatch.setattr(environments, "ensure", ensure)
    words = ("inventory.count_visits", "host=a", "--pack-dir", PACKS, "--with-dependencies")
    done = st2c(capsys, "run", *words)
    assert done.code == 1
    assert "| installing for inventory" in done.out
    assert "no such package: left-pad" in done.out


def test_an_unknown_action_is_pointed_at(work: Path, capsys: Capture) -> None:
    (work / "w.yaml").write_text(
        "version: 1.0\nvars:\n  - name: ecko\ntasks:\n  t:\n"
        "    action: core.<% ctx().name %>\n    input: {message: hello}\n",
        encoding="utf-8",
    )
    done = st2c(capsys, "run", "w.yaml", "-q")
    assert done.code == 1
    assert (
        done.out
        == """\
✗ t (core.ecko): failed
  --> w.yaml:6:13
    |
  6 |     action: core.<% ctx().name %>
    |             ^^^^^^^^^^^^^^^^^^^^^
  input
    message: hello
  error
    there is no action `core.ecko` in the pack `core`; did you mean `core.echo`?
"""
    )


def test_a_disabled_action_is_not_run(work: Path, capsys: Capture) -> None:
    (work / "off.yaml").write_text("name: off\nrunner_type: noop\nenabled: false\n")
    done = st2c(capsys, "run", "off.yaml")
    assert (done.code, "`default.off` is disabled" in done.err) == (2, True)


def test_a_reader_that_goes_away(steps: Path) -> None:
    with spawn("run", "steps.yaml", cwd=steps.parent) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert (process.wait(20), process.stderr.read()) == (141, "")


def test_the_remaining_built_in_python_actions(work: Path, capsys: Capture) -> None:
    found = result(st2c(capsys, "run", "core.uuid", "--format", "json"))
    assert re.fullmatch(r"[0-9a-f-]{36}", found["result"]["result"])
    assert result(st2c(capsys, "run", "core.pause", "max_pause=0", "--format", "json"))[
        "status"
    ] == ("succeeded")


def test_the_example_pack(work: Path, capsys: Capture) -> None:
    examples = Path(__file__).parents[2] / "docs" / "examples"
    done = st2c(capsys, "run", "breakfast.make_breakfast", "--pack-dir", examples, "guests=Ada")
    assert done.code == 0
    assert "✓ Succeeded" in done.out
    assert "│  └─ ✓ fill_bowl" in done.out
    assert "Good morning, Ada!" in done.out


MISSING = """\
import no_such_package_anywhere.part

class Import:
    def __init__(self, config): ...
    def run(self): ...
"""


def test_a_python_package_that_is_not_there(work: Path, capsys: Capture) -> None:
    actions = work / "packs" / "shop" / "actions"
    actions.mkdir(parents=True)
    (actions.parent / "pack.yaml").write_text("ref: shop\nname: shop\nversion: 1.0.0\n")
    (actions / "buy.py").write_text(MISSING)
    (actions / "buy.yaml").write_text(
        "name: buy\nrunner_type: python-script\nentry_point: buy.py\n"
    )
    run = ("run", "shop.buy", "--pack-dir", "packs", "-q")
    told = "  = help: Name the package of `no_such_package_anywhere` in the pack's requirements.txt"
    assert f"{told}, and run it with `--with-dependencies`.\n" in st2c(capsys, *run).out
    (actions.parent / "requirements.txt").touch()
    told = (
        "  = help: `--with-dependencies` installs what the pack's requirements.txt asks for, once."
    )
    assert told in st2c(capsys, *run).out
