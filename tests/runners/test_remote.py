"""`remote-shell-cmd` and `remote-shell-script` over real SSH connections of this machine."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from runners.helpers import LIMITS, alive, cancel_when, invocation, listening, nap
from runners.ssh_server import Machine, know
from st2runtime.runners import Outcome, Services, _ssh, find

CMD, SCRIPT = "remote-shell-cmd", "remote-shell-script"
Act = Callable[..., Awaitable[Outcome]]


@pytest.fixture(scope="module")
def keys() -> tuple[asyncssh.SSHKey, asyncssh.SSHKey]:
    """A server's key and a client's."""
    return asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key(
        "ssh-ed25519"
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, without keys, agent and configuration."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.delenv(_ssh.ACCEPT, raising=False)
    monkeypatch.setattr(_ssh, "_GRACE", 0.2)
    return tmp_path


@pytest.fixture
def on(home: Path, keys: tuple[asyncssh.SSHKey, asyncssh.SSHKey]) -> Callable[..., Any]:
    """Runs a test's coroutine with so many machines that are known."""

    def run(test: Callable[..., Awaitable[Any]], machines: int = 1, deaf: bool = False) -> Any:
        async def whole() -> Any:
            there = [Machine(*keys) for _ in range(machines)]
            for machine in there:
                await machine.start(deaf)
            know(home, *there)
            try:
                return await test(*there)
            finally:
                for machine in there:
                    await machine.stop()

        return asyncio.run(whole())

    return run


async def act(
    runner: str,
    parameters: dict[str, Any],
    own: dict[str, dict[str, Any]] | None = None,
    services: Services | None = None,
    **more: Any,
) -> Outcome:
    action = invocation(runner, parameters, own, **more)
    return await find(runner).run(action, services or Services())


def at(machine: Machine, **parameters: Any) -> dict[str, Any]:
    """Parameters that lead to a machine."""
    return {
        "hosts": f"127.0.0.1:{machine.port}",
        "username": "u",
        "password": "right",
        **parameters,
    }


def test_result(on: Callable[..., Any]) -> None:
    lines, services = listening()

    async def test(machine: Machine) -> Outcome:
        command = "echo '{\"a\": 1}'; echo err >&2; exit 3"
        return await act(CMD, at(machine, cmd=command), services=services)

    outcome = on(test)
    assert outcome.status == "failed"
    assert outcome.result == {
        "127.0.0.1": {
            "failed": True,
            "succeeded": False,
            "return_code": 3,
            "stdout": {"a": 1},
            "stderr": "err",
        }
    }
    assert sorted(lines) == [("stderr", "err"), ("stdout", '{"a": 1}')]


def test_folder_and_variables(on: Callable[..., Any], tmp_path: Path) -> None:
    async def test(machine: Machine) -> list[Any]:
        command = 'pwd; echo "$ONE|$ST2_ACTION_EXECUTION_ID"; cat'
        parameters = at(machine, cmd=command, env={"ONE": "it's"})
        folders = [{}, {"cwd": str(tmp_path)}, {"cwd": "~"}]
        outcomes = [await act(CMD, {**parameters, **folder}) for folder in folders]
        return [outcome.result["127.0.0.1"]["stdout"] for outcome in outcomes]

    rest = "\nit's|e1"
    assert on(test) == [f"/tmp{rest}", f"{tmp_path}{rest}", f"{tmp_path}{rest}"]


def test_many_hosts(on: Callable[..., Any]) -> None:
    lines, services = listening()

    async def test(*machines: Machine) -> Outcome:
        hosts = " , ".join(f"127.0.0.1:{machine.port}" for machine in machines)
        parameters = at(machines[0], cmd="echo $SSH; true", hosts=f"{hosts},localhost:1,")
        return await act(CMD, parameters, services=services)

    outcome = on(test, machines=3)
    assert outcome.status == "failed"
    *good, bad = outcome.result
    assert len(good) == 3
    assert all(name.startswith("127.0.0.1:") for name in good)
    assert all(outcome.result[name]["succeeded"] for name in good)
    assert bad == "localhost"
    assert outcome.result[bad]["return_code"] == 255
    assert outcome.result[bad]["error"].startswith("Failed connecting to host localhost. ")
    assert ("stdout", f"[{good[0]}] ") in lines


def test_nobody_there(on: Callable[..., Any]) -> None:
    async def test(machine: Machine) -> Outcome:
        return await act(CMD, at(machine, cmd="true", hosts="127.0.0.1:1,localhost:1"))

    outcome = on(test)
    assert outcome.status == "failed"
    assert set(outcome.result) == {"error", "traceback"}
    assert "Unable to connect to any one of the hosts" in outcome.result["error"]


def test_wrong_password(on: Callable[..., Any]) -> None:
    async def test(machine: Machine) -> Outcome:
        return await act(CMD, at(machine, cmd="true", password="wrong"), secrets=("wrong",))

    error = on(test).result["error"]
    assert "Connection error. Permission denied" in error
    assert "wrong" not in error


@pytest.mark.parametrize("kind", ["text", "file", "text with passphrase", "default"])
def test_private_keys(
    on: Callable[..., Any], home: Path, keys: tuple[asyncssh.SSHKey, asyncssh.SSHKey], kind: str
) -> None:
    phrase = "open" if "passphrase" in kind else None
    (home / ".ssh").mkdir()
    path = home / ".ssh" / ("id_ed25519" if kind == "default" else "mine")
    keys[1].write_private_key(str(path), "pkcs8-pem", passphrase=phrase)
    parameters: dict[str, Any] = {"password": None, "passphrase": phrase}
    if kind != "default":
        parameters["private_key"] = "~/.ssh/mine" if kind == "file" else path.read_text()

    async def test(machine: Machine) -> Outcome:
        return await act(CMD, at(machine, cmd="true", **parameters))

    assert on(test).status == "succeeded"


def test_keys_of_ssh_keygen_with_a_passphrase_can_be_read() -> None:
    """Theirs is a format of its own; to make one takes a second, so only what it needs is looked at."""
    assert importlib.util.find_spec("bcrypt") is not None


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"private_key": "/no/such/key"}, "No such file or directory: /no/such/key"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nx"}, "the private key cannot be used"),
        ({"password": "x", "hosts": "a:b"}, "Invalid port b specified."),
        ({"password": "x", "hosts": " , "}, "has no hosts"),
        ({"password": "x", "cmd": None}, "has no command"),
    ],
)
def test_what_cannot_be_tried(home: Path, parameters: dict[str, Any], error: str) -> None:
    outcome = asyncio.run(act(CMD, {"cmd": "true", "hosts": "127.0.0.1", **parameters}))
    assert outcome.status == "failed"
    assert error in outcome.result["error"]


def test_unknown_host_key(
    on: Callable[..., Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(machine: Machine) -> list[Outcome]:
        (home / ".ssh" / "known_hosts").write_text("")
        parameters = at(machine, cmd="true")
        first = await act(CMD, parameters)
        monkeypatch.setenv(_ssh.ACCEPT, "accept")
        return [first, await act(CMD, parameters)]

    refused, accepted = on(test)
    assert "Host key is not trusted" in refused.result["error"]
    assert "ssh-keyscan -p " in refused.result["error"]
    assert accepted.status == "succeeded"


def test_bastion(on: Callable[..., Any]) -> None:
    async def test(between: Machine, machine: Machine) -> tuple[Outcome, list[str], list[str]]:
        parameters = at(machine, cmd="echo there", bastion_host=f"127.0.0.1:{between.port}")
        return await act(CMD, parameters), between.seen, machine.seen

    outcome, between, there = on(test, machines=2)
    assert outcome.result["127.0.0.1"]["stdout"] == "there"
    assert (between, there) == (["u", "forward"], ["u"])


@pytest.mark.usefixtures("sudo")
def test_sudo(on: Callable[..., Any]) -> None:
    async def test(machine: Machine) -> list[Any]:
        wants = [
            {"cmd": "printf 'a\\r\\nb\\r\\n'; echo $ONE", "env": {"ONE": "1"}},
            {"cmd": "echo in", "sudo_password": "right"},
            {"cmd": "echo in", "sudo_password": "wrong"},
        ]
        outcomes = [await act(CMD, at(machine, sudo=True, **want)) for want in wants]
        return [outcome.result["127.0.0.1"] for outcome in outcomes]

    plain, right, wrong = on(test)
    assert plain["stdout"] == "a\nb\n1"
    assert (right["stdout"], right["stderr"]) == ("in", "sudo -S -E")
    assert wrong["return_code"] == 255
    assert wrong["error"].endswith("sudo is not configured for this user (bar)")


def test_time_limit(on: Callable[..., Any]) -> None:
    async def test(machine: Machine) -> tuple[float, Outcome]:
        for limit in LIMITS:
            command = f"echo before; sleep {nap(4201)}"
            outcome = await act(CMD, at(machine, cmd=command, timeout=limit))
            if outcome.result.get("127.0.0.1", {}).get("stdout"):
                break
        return limit, outcome

    limit, outcome = on(test)
    assert outcome.status == "timeout"
    result = outcome.result["127.0.0.1"]
    assert (result["timeout"], result["return_code"], result["stdout"]) == (True, -9, "before")
    assert f"Command didn't finish in {limit:g} seconds" in result["error"]
    assert not alive(nap(4201))


def test_time_limit_where_signals_are_not_known(on: Callable[..., Any]) -> None:
    async def test(machine: Machine) -> Outcome:
        return await act(CMD, at(machine, cmd="sleep 1", timeout=0.1))

    assert on(test, deaf=True).status == "timeout"


def test_cancellation(on: Callable[..., Any]) -> None:
    async def test(machine: Machine) -> bool:
        task = asyncio.ensure_future(act(CMD, at(machine, cmd=f"sleep {nap(4202)}")))
        return await cancel_when(task, lambda: alive(nap(4202)))

    assert on(test)
    assert not alive(nap(4202))


def test_killed_by_a_signal(on: Callable[..., Any]) -> None:
    async def test(machine: Machine) -> Outcome:
        return await act(CMD, at(machine, cmd="kill -KILL $$"))

    outcome = on(test)
    assert (outcome.status, outcome.result["127.0.0.1"]["return_code"]) == ("failed", -1)


def test_script(on: Callable[..., Any], tmp_path: Path) -> None:
    actions, there = tmp_path / "actions", tmp_path / "there"
    (actions / "lib" / "inner").mkdir(parents=True)
    there.mkdir()
    script = actions / "my script.sh"
    script.write_text(
        '#!/bin/sh\npwd\nfor a in "$@"; do echo "<$a>"; done\ncat "$(dirname "$0")/lib/inner/x"\n'
    )
    (actions / "lib" / "inner" / "x").write_text("from lib\n")
    own = {"n": {"type": "string"}, "p": {"type": "array", "position": 0}}

    async def test(machine: Machine) -> Outcome:
        parameters = at(machine, dir=str(there), n="it's", p=["a b", 1], cwd=str(actions))
        return await act(SCRIPT, parameters, own, entry_point=str(script), id="e/7")

    outcome = on(test)
    assert outcome.status == "succeeded"
    expected = [str(actions), "<--n=it's>", "<a b,1>", "from lib"]
    assert outcome.result["127.0.0.1"]["stdout"].splitlines() == expected
    assert os.listdir(there) == []


def test_script_that_cannot_be_copied(on: Callable[..., Any], tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    script.write_text("#!/bin/sh\n")

    async def test(machine: Machine) -> Outcome:
        return await act(SCRIPT, at(machine, dir="/no/such/folder"), entry_point=str(script))

    result = on(test).result["127.0.0.1"]
    assert result["error"].startswith(f"Failed sending file(s) in path {script} to host 127.0.0.1")


def test_script_that_is_not_there(home: Path, tmp_path: Path) -> None:
    parameters = {"hosts": "127.0.0.1", "password": "x"}
    missing = asyncio.run(act(SCRIPT, parameters, entry_point=str(tmp_path / "none.sh")))
    assert "is not there" in missing.result["error"]
    assert "`entry_point`" in asyncio.run(act(SCRIPT, parameters)).result["error"]


@pytest.mark.parametrize(
    ("text", "name", "port"),
    [
        ("host", "host", None),
        ("host:2222", "host", 2222),
        ("10.0.0.1", "10.0.0.1", None),
        ("10.0.0.1:22", "10.0.0.1", 22),
        ("fe80::1", "fe80::1", None),
        ("[fe80::1]", "fe80::1", None),
        ("[fe80::1]:22", "fe80::1", 22),
    ],
)
def test_addresses(text: str, name: str, port: int | None) -> None:
    assert _ssh.address(text) == _ssh.Address(text, name, port)


@pytest.mark.parametrize("text", ["host:", "host:x", "host:0", "host:70000", "host:²"])
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="Invalid port"):
        _ssh.address(text)
