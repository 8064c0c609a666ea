"""What is around a run: packs and their configuration, secrets, the datastore, the context, time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from run.console import PACKS, result, spawn, st2c

from st2lang.commands.main import main

Capture = pytest.CaptureFixture[str]


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
