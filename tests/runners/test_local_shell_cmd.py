"""`local-shell-cmd` with real processes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from runners.helpers import LIMITS, alive, cancel_when, invocation, listening, nap, run, until
from st2runtime.runners import Services, _child, _processes, find

CMD = "local-shell-cmd"


def result(command: str, **parameters: Any) -> Any:
    return run(CMD, {"cmd": command, **parameters}).result


def test_result() -> None:
    outcome = run(CMD, {"cmd": "echo out; echo err >&2"})
    assert outcome.status == "succeeded"
    assert outcome.result == {
        "failed": False,
        "succeeded": True,
        "return_code": 0,
        "stdout": "out",
        "stderr": "err",
    }


@pytest.mark.parametrize(
    ("code", "status"), [(1, "failed"), (255, "failed"), (127, "failed"), (0, "succeeded")]
)
def test_exit_codes(code: int, status: str) -> None:
    outcome = run(CMD, {"cmd": f"exit {code}"})
    assert (outcome.status, outcome.result["return_code"]) == (status, code)
    assert outcome.result["failed"] is (code != 0)


@pytest.mark.parametrize(
    ("command", "stdout"),
    [
        ("echo 10", 10),
        ("""echo '{"a": [1, null]}'""", {"a": [1, None]}),
        ("printf 'a\\n\\n'", "a\n"),
        ("printf 'a\\r\\nb\\r\\n'", "a\r\nb"),
        ("printf ''", ""),
        (r"printf 'a\377b'", "a�b"),
        ("echo ä€", "ä€"),
        ("printf '[1'; sleep 0.05; printf ',2]'", [1, 2]),
    ],
)
def test_stdout(command: str, stdout: object) -> None:
    assert result(command)["stdout"] == stdout


def test_stderr_may_be_data_too() -> None:
    assert result("echo '{}' >&2")["stderr"] == {}


def test_working_directory_and_environment(tmp_path: Path) -> None:
    environment = {"ONE": "a b", "NUMBER": 3, "NONE": None}
    outcome = run(
        CMD,
        {"cmd": 'pwd; echo "$ONE|$NUMBER|$NONE|$HOME"', "cwd": str(tmp_path), "env": environment},
    )
    assert outcome.result["stdout"] == f"{tmp_path}\na b|3||{os.environ.get('HOME', '')}"


def test_variables_of_stackstorm() -> None:
    names = ("PACK_NAME", "EXECUTION_ID", "DEBUG", "API_URL")
    command = "echo " + " ".join(f"$ST2_ACTION_{name}" for name in names)
    given = {"ST2_ACTION_API_URL": "http://x"}
    outcome = run(CMD, {"cmd": command}, environment=given, id="e42", pack="p")
    assert outcome.result["stdout"] == "p e42 False http://x"


def test_nothing_to_read() -> None:
    assert result("cat; echo end")["stdout"] == "end"


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"cmd": "true", "cwd": "/no/such/folder"}, "No such file or directory: /no/such/folder"),
        ({}, "has no command"),
        ({"cmd": "echo \0"}, "null"),
        ({"cmd": "x" * 3_000_000}, "too long"),
    ],
)
def test_what_cannot_be_started(parameters: dict[str, Any], error: str) -> None:
    outcome = run(CMD, parameters)
    assert outcome.status == "failed"
    assert error in outcome.result["error"]


def test_lines_come_while_it_runs(tmp_path: Path) -> None:
    """The command waits for a file that appears when its first line has been told."""
    flag, lines = tmp_path / "flag", []

    def told(stream: str, text: str) -> None:
        lines.append((stream, text))
        flag.touch()

    command = f"echo first; while [ ! -e {flag} ]; do sleep 0.01; done; echo second >&2; printf end"
    outcome = run(CMD, {"cmd": command, "timeout": 10}, services=Services(line=told))
    assert outcome.status == "succeeded"
    assert lines == [("stdout", "first"), ("stderr", "second"), ("stdout", "end")]


def test_much_output_on_both_streams() -> None:
    lines, services = listening()
    command = "i=0; while [ $i -lt 20000 ]; do echo out$i; echo err$i >&2; i=$((i+1)); done"
    outcome = run(CMD, {"cmd": command}, services=services)
    assert outcome.result["stdout"].splitlines() == [f"out{n}" for n in range(20000)]
    assert outcome.result["stderr"].splitlines() == [f"err{n}" for n in range(20000)]
    assert len(lines) == 40000


def test_time_limit() -> None:
    for limit in LIMITS:
        outcome = run(CMD, {"cmd": f"echo before; sleep {nap(4001)}", "timeout": limit})
        assert not alive(nap(4001))
        if outcome.result["stdout"]:
            break
    assert outcome.status == "timeout"
    assert outcome.result == {
        "failed": True,
        "succeeded": False,
        "return_code": -9,
        "stdout": "before",
        "stderr": "",
        "error": f"Action failed to complete in {limit:g} seconds",
    }


def test_no_time_at_all() -> None:
    assert run(CMD, {"cmd": f"sleep {nap(4002)}", "timeout": 0}).status == "timeout"
    assert run(CMD, {"cmd": "sleep 0.01", "timeout": None}).status == "succeeded"


@pytest.mark.parametrize(
    ("signal", "status"), [("KILL", "timeout"), ("TERM", "abandoned"), ("HUP", "failed")]
)
def test_killed_from_outside(signal: str, status: str) -> None:
    assert run(CMD, {"cmd": f"kill -{signal} $$; sleep 5"}).status == status


FAMILIES = {
    "child": "sleep {0} & wait",
    "deaf": "trap '' TERM; sleep {0}; sleep {0}",
    "group of its own": "set -m; sleep {0} & wait",
    "session of its own": "setsid sleep {0} & wait",
    "orphan": "(sleep {0} &) ; sleep {0}",
    "orphan in a session of its own": "(setsid sleep {0} &) ; sleep {0}",
    "leader gone": "sleep {0} & exit 0",
    "daemon that holds the output": "(setsid sleep {0} &)",
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", ["timeout", "cancel"])
def test_nobody_is_left(how: str) -> None:
    """All kinds at once: they must not take one another for their own, either."""

    async def one(number: int, command: str) -> bool:
        word = nap(5000 + number)
        parameters = {"cmd": command.format(word), "timeout": 0.15 if how == "timeout" else 60}
        run = find(CMD).run(invocation(CMD, parameters), Services())
        if how == "timeout":
            return (await run).status == "timeout"
        return await cancel_when(asyncio.ensure_future(run), lambda: alive(word))

    async def everyone() -> dict[str, bool]:
        runs = (one(number, command) for number, command in enumerate(FAMILIES.values()))
        return dict(zip(FAMILIES, await asyncio.gather(*runs), strict=True))

    assert asyncio.run(everyone()) == dict.fromkeys(FAMILIES, True)
    left = [kind for number, kind in enumerate(FAMILIES) if alive(nap(5000 + number))]
    assert left == []


@pytest.mark.usefixtures("impatient")
def test_a_second_cancellation_does_not_wait() -> None:
    async def twice() -> None:
        command = f"trap '' TERM; while true; do sleep {nap(4003)}; done"
        task = asyncio.ensure_future(find(CMD).run(invocation(CMD, {"cmd": command}), Services()))
        while not alive(nap(4003)):
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(twice())
    assert until(lambda: not alive(nap(4003)))


def test_cancelled_at_once() -> None:
    async def at_once() -> None:
        action = invocation(CMD, {"cmd": f"sleep {nap(4004)}"})
        for turns in range(4):
            task = asyncio.ensure_future(find(CMD).run(action, Services()))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(at_once())
    assert not alive(nap(4004))


def test_what_goes_on_on_purpose_goes_on(tmp_path: Path) -> None:
    """As in StackStorm: a background process that lets go of the output outlives the action."""
    flag = tmp_path / "flag"
    outcome = run(CMD, {"cmd": f"(sleep 0.2; touch {flag}) >/dev/null 2>&1 &"})
    assert outcome.status == "succeeded"
    assert not flag.exists()
    assert until(flag.exists)


def test_many_at_once() -> None:
    async def all_of_them() -> list[Any]:
        actions = [invocation(CMD, {"cmd": f"echo {n}"}) for n in range(50)]
        runs = (find(CMD).run(action, Services()) for action in actions)
        return [outcome.result["stdout"] for outcome in await asyncio.gather(*runs)]

    assert asyncio.run(all_of_them()) == list(range(50))


@pytest.mark.usefixtures("sudo")
def test_sudo() -> None:
    found = result("echo $VAR1; whoami", sudo=True, env={"VAR1": "ponies"})
    assert found["stdout"].startswith("ponies\n")
    assert found["stderr"] == "sudo -E"


@pytest.mark.usefixtures("sudo")
def test_sudo_password() -> None:
    assert result("echo in", sudo=True, sudo_password="right")["stdout"] == "in"
    outcome = run(CMD, {"cmd": "echo in", "sudo": True, "sudo_password": "wrong"})
    assert outcome.status == "failed"
    assert outcome.result["return_code"] == -1
    assert outcome.result["error"] == (
        "Invalid sudo password provided or sudo is not configured for this user (bar)"
    )


@pytest.mark.usefixtures("sudo")
def test_another_user() -> None:
    assert result("echo in", user="somebody else")["stderr"] == "sudo -E -H -u somebody else"


def test_the_password_is_on_no_command_line() -> None:
    found = result("cat; tr '\\0' ' ' </proc/$$/cmdline", sudo_password="hidden word")
    assert found["stdout"].count("hidden word") == 1


@pytest.mark.usefixtures("impatient")
def test_where_the_system_has_no_descriptors_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert result("echo 10; exit 3")["return_code"] == 3
    assert run(CMD, {"cmd": f"sleep {nap(4005)}", "timeout": 0.1}).status == "timeout"
    assert not alive(nap(4005))


@pytest.mark.usefixtures("impatient")
def test_where_asyncio_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """How processes are run on Windows works everywhere."""

    async def by_asyncio(command: Any, streams: Any, **more: Any) -> _child.Child:
        options = {"cwd": more["cwd"], "env": more["environment"], "start_new_session": True}
        return await _child.Transported.start(command, streams, more["stdin"], options)

    monkeypatch.setattr(_processes, "start", by_asyncio)
    found = result("cat; echo err >&2; exit 3", sudo_password="in")
    assert (found["stdout"], found["stderr"], found["return_code"]) == ("in\n", "err", 3)
    assert run(CMD, {"cmd": f"sleep {nap(4006)} & wait", "timeout": 0.1}).status == "timeout"
    assert not alive(nap(4006))

    async def at_once() -> None:
        for turns in range(4):
            action = invocation(CMD, {"cmd": f"sleep {nap(4007)}"})
            task = asyncio.ensure_future(find(CMD).run(action, Services()))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(at_once())
    assert until(lambda: not alive(nap(4007)))


def test_no_descriptors_left() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for parameters in ({"cmd": "true"}, {"cmd": "true", "cwd": "/no"}, {"cmd": "x", "timeout": 0}):
        run(CMD, parameters)
    assert len(os.listdir("/proc/self/fd")) == before


MANY = """
import asyncio, resource
from st2runtime.runners import Invocation, Services, find

resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))

async def main():
    actions = [Invocation(str(n), "x", "local-shell-cmd", {"cmd": f"echo {n}"}) for n in range(60)]
    runs = [find("local-shell-cmd").run(action, Services()) for action in actions]
    outcomes = await asyncio.gather(*runs)
    print([outcome.result.get("stdout", outcome.result) for outcome in outcomes])

asyncio.run(main())
"""


def test_more_than_files_may_be_open() -> None:
    done = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, check=True)
    assert done.stdout == f"{list(range(60))}\n"
