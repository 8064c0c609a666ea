"""`python-script` with the actions of the pack beside this file, in real processes."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from runners.helpers import LIMITS, alive, cancel_when, invocation, listening, nap, run
from st2runtime.runners import Outcome, Services, _channel, find

PYTHON = "python-script"
PACK = Path(__file__).with_name("packs") / "pythonic"


def outcome_of(name: str, given: dict[str, Any] | None = None, **more: Any) -> Outcome:
    parameters = given or {}
    known = ("timeout", "env", "log_level")
    own: dict[str, dict[str, Any]] = {name: {} for name in parameters if name not in known}
    path = PACK / "actions" / f"{name}.py"
    options = {"entry_point": str(path), "pack": "pythonic", "pack_path": str(PACK), **more}
    return run(PYTHON, parameters, own, **options)


@pytest.mark.parametrize(
    ("what", "status", "result"),
    [
        ("number", "succeeded", 5),
        ("nothing", "succeeded", None),
        ("tuple of three", "succeeded", [1, 2, 3]),
        ("list of two", "succeeded", [True, "x"]),
        ("succeeded", "succeeded", {"a": 1}),
        ("failed", "failed", "no luck"),
        ("told nothing", "succeeded", [1]),
        ("object", "succeeded", "[{'c': 2}, Decimal('1.5')]"),
        ("object with status", "failed", "1.5"),
        ("number as key", "succeeded", "{1: 2}"),
        ("named tuple", "succeeded", "Pair(first=1, second=2, third=3)"),
        ("huge number", "succeeded", "18446744073709551616"),
        ("surrogate", "succeeded", "?"),
        ("large", "succeeded", "x" * 3_000_000),
        (
            "data",
            "succeeded",
            {
                "day": "2020-01-02",
                "time": "2020-01-02T03:04:05+00:00",
                "id": "00000000-0000-0000-0000-000000000007",
                "colour": "red",
                "point": {"x": 1},
                "infinity": None,
            },
        ),
    ],
)
def test_results(what: str, status: str, result: object) -> None:
    outcome = outcome_of("returns", {"what": what})
    assert outcome.status == status
    assert outcome.result == {"stdout": "", "stderr": "", "exit_code": 0, "result": result}


def test_a_status_that_is_no_boolean() -> None:
    outcome = outcome_of("returns", {"what": "bad status"})
    assert outcome.status == "failed"
    assert "must be True or False, got: yes" in outcome.result["error"]


@pytest.mark.parametrize(
    ("what", "status", "code"), [("exit", "failed", 3), ("exit 0", "succeeded", 0)]
)
def test_leaving_early(what: str, status: str, code: int) -> None:
    outcome = outcome_of("returns", {"what": what})
    assert (outcome.status, outcome.result["exit_code"]) == (status, code)
    assert outcome.result["result"] == "None"


def test_exception() -> None:
    outcome = outcome_of("raises", {"message": "wrong"})
    assert outcome.status == "failed"
    assert outcome.result["exit_code"] == 1
    assert outcome.result["result"] == "None"
    assert outcome.result["stdout"] == "before\n"
    trace = outcome.result["stderr"]
    assert trace.startswith(
        f'Traceback (most recent call last):\n  File "{PACK}/actions/raises.py"'
    )
    assert trace.endswith("ValueError: it is wrong\n")


def test_output_and_log() -> None:
    lines, services = listening()
    outcome = outcome_of("prints", services=services)
    assert outcome.result["stdout"] == "out ä\nfrom a child\nno end"
    name = "st2.actions.python.Prints"
    assert outcome.result["stderr"] == (
        f"err\n{name}: DEBUG    debug 1\n{name}: INFO     info\n"
        f"{name}: ERROR    error\n{name}: AUDIT    audit\n"
    )
    assert outcome.result["result"] == ""  # there is nothing to read
    assert ("stdout", "from a child") in lines


def test_log_level() -> None:
    outcome = outcome_of("prints", {"log_level": "ERROR"})
    levels = [line.split()[1] for line in outcome.result["stderr"].splitlines()[1:]]
    assert levels == ["ERROR", "AUDIT"]


def test_configuration() -> None:
    services = Services(config=lambda pack: {"token": pack})
    outcome = outcome_of("config", {"key": "token"}, services=services)
    assert outcome.result["result"] == ["pythonic", None, {"token": "pythonic"}]
    missing = outcome_of("config", {"key": "tok"}, services=services)
    assert "The configuration of the pack `pythonic` has no key `tok`" in missing.result["stderr"]
    old = outcome_of("old_constructor", services=services)
    assert old.result["result"] == ["pythonic", True]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("deep/imports", ["hello from lib", "actions lib", "pack lib"]),
        ("imports_lib", "hello from lib"),
        ("classes", "real"),
        ("json", "[1]"),
    ],
)
def test_imports(name: str, result: object) -> None:
    assert outcome_of(name).result["result"] == result


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("nothing_here", "nothing_here.py defines no class with a method `run`"),
        ("server_only", "`st2common.persistence` is a part of StackStorm's server"),
        ("not_there", "No such file or directory"),
    ],
)
def test_what_cannot_be_loaded(name: str, error: str) -> None:
    outcome = outcome_of(name)
    assert (outcome.status, outcome.result["exit_code"]) == ("failed", 1)
    assert error in outcome.result["stderr"]
    assert "wrapper.py" not in outcome.result["stderr"]


def test_broken_syntax(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("class Broken(:\n")
    outcome = outcome_of("broken", entry_point=str(path))
    assert outcome.result["stderr"].endswith("SyntaxError: invalid syntax\n")
    assert f'  File "{path}", line 1' in outcome.result["stderr"]


def test_no_entry_point_and_no_interpreter() -> None:
    assert "`entry_point`" in run(PYTHON).result["error"]
    services = Services(python=lambda pack: "/no/such/python")
    assert "/no/such/python" in outcome_of("sees", services=services).result["error"]


def test_missing_and_superfluous_parameters() -> None:
    assert "missing 1 required" in outcome_of("returns").result["stderr"]
    unexpected = outcome_of("returns", {"what": "number", "more": 1})
    assert "unexpected keyword argument 'more'" in unexpected.result["stderr"]


def test_what_the_process_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/inherited")
    given = {"secret": "hidden word", "env": {"ONE": 1, "PythonPath": "/mine"}}
    seen = outcome_of("sees", given).result["result"]
    assert seen["secret"] == "hidden word"
    assert seen["shown"] is False
    assert seen["path"] == []
    assert True not in seen["sockets"]
    assert seen["variables"]["ONE"] == "1"
    libraries = [str(PACK / "lib"), str(PACK / "actions" / "lib"), "/inherited"]
    assert seen["variables"]["PYTHONPATH"] == os.pathsep.join(libraries)


def test_datastore(tmp_path: Path) -> None:
    services = Services(datastore=str(tmp_path / "store.sqlite"))
    found = outcome_of("datastore", {"what": "service", "value": "v"}, services=services)
    local = "pythonic.Store:"
    assert found.result["result"] == [
        *[None, True, "v", None, "7", "secret", True],
        [[f"{local}k", False], [f"{local}s", True]],
        ["g"],
        *[True, False, None],
    ]
    found = outcome_of("datastore", {"what": "client", "value": "x"}, services=services)
    assert found.result["result"] == ["x", None, [["c", "x"]], "mine", True, None]


def test_datastore_says_no(tmp_path: Path) -> None:
    services = Services(datastore=str(tmp_path / "store.sqlite"))
    scope = outcome_of("datastore", {"what": "scope"}, services=services)
    assert "ValueError: Scope user is unsupported." in scope.result["stderr"]
    server = outcome_of("datastore", {"what": "server"}, services=services)
    assert "a local run has no server" in server.result["stderr"]
    nowhere = outcome_of("datastore", {"what": "service"})
    assert "this run has no datastore" in nowhere.result["stderr"]
    (tmp_path / "broken").write_text("no database" * 100)
    broken = outcome_of(
        "datastore", {"what": "client"}, services=Services(datastore=str(tmp_path / "broken"))
    )
    assert "RuntimeError" in broken.result["stderr"]


def test_user() -> None:
    found = outcome_of("datastore", {"what": "user"}, context={"user": "joe"})
    assert found.result["result"] == "joe"


def test_time_limit() -> None:
    for limit in LIMITS:
        outcome = outcome_of("waits", {"word": nap(4101), "timeout": limit})
        assert not alive(nap(4101))
        if outcome.result["stdout"]:
            break
    assert outcome.status == "timeout"
    assert outcome.result == {
        "stdout": "waiting\n",
        "stderr": "",
        "exit_code": -9,
        "result": "None",
        "error": f"Action failed to complete in {limit:g} seconds",
    }


def test_cancellation() -> None:
    path = str(PACK / "actions" / "waits.py")
    action = invocation(PYTHON, {"word": nap(4102)}, {"word": {}}, entry_point=path)

    async def cancelled() -> bool:
        task = asyncio.ensure_future(find(PYTHON).run(action, Services()))
        return await cancel_when(task, lambda: alive(nap(4102)))

    assert asyncio.run(cancelled())
    assert not alive(nap(4102))


def test_by_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """How the line is made on Windows works everywhere."""
    opened = _channel.Channel.open

    async def by_port(self: _channel.Channel) -> None:
        await opened(self, by_port=True)

    monkeypatch.setattr(_channel.Channel, "open", by_port)
    services = Services(datastore=str(tmp_path / "store.sqlite"))
    found = outcome_of("datastore", {"what": "client", "value": "x"}, services=services)
    assert found.result["result"][0] == "x"


def test_a_stranger_on_the_port_learns_nothing() -> None:
    async def strange() -> bytes:
        channel = _channel.Channel(
            {"parameters": "hidden"}, lambda name, arguments: asyncio.sleep(0)
        )
        await channel.open(by_port=True)
        reader, writer = await asyncio.open_connection("127.0.0.1", int(channel.arguments[1]))
        writer.write(b'\0\0\0\x12{"password": "no"}')
        told = await reader.read()
        writer.close()
        await channel.close()
        return told

    assert asyncio.run(strange()) == b""


@pytest.mark.parametrize("version", ["3.7", "3.8", "3.13"])
def test_other_pythons(version: str, tmp_path: Path) -> None:
    """A pack's environment may be older or newer; it has none of this project's packages."""
    python = interpreter(version)
    services = Services(python=lambda pack: python, datastore=str(tmp_path / "store.sqlite"))
    found = outcome_of("datastore", {"what": "client", "value": "x"}, services=services)
    assert found.result["result"] == ["x", None, [["c", "x"]], "mine", True, None], found.result


def interpreter(version: str) -> str:
    """A Python of this version; skips where there is none."""
    for folder in Path.home().glob(f".pyenv/versions/{version}.*"):
        return str(folder / "bin" / "python")
    found = shutil.which(f"python{version}")
    test = [found or "", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    if not found or subprocess.run(test, capture_output=True, text=True).stdout.strip() != version:
        pytest.skip(f"Python {version} is not installed")
    return found


def test_programs_of_the_environment_come_first(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    seen = outcome_of("sees", services=Services(python=lambda pack: str(python)))
    assert seen.result["result"]["variables"]["PATH"].startswith(f"{tmp_path}/bin{os.pathsep}")
