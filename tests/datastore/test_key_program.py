"""`st2c key` as a process of its own, in a pipe and on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from st2runtime.datastore import MASK

from st2lang.commands.main import main


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "st2lang.commands.main", "key", *arguments]
    return subprocess.run(command, capture_output=True, **options)  # type: ignore[call-overload, no-any-return]


def test_as_a_program() -> None:
    assert run("set", "k", "-", input="é\n".encode()).returncode == 0
    done = run("get", "k")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"é{os.linesep}".encode(), b"")
    done = run("get", "nothing")
    assert (done.returncode, done.stdout) == (1, b"")


@pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals on Windows")
def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import pty

    main(["key", "set", "a", "[bold]1[/bold]\n\x1b[31m2", "--ttl", "100000"])
    main(["key", "set", "token", "hunter2", "-e"])
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for arguments in (["list"], ["get", "a"]):
        master, slave = pty.openpty()
        command = [sys.executable, "-m", "st2lang.commands.main", "key", *arguments]
        done = subprocess.run(command, stdout=slave, stderr=subprocess.PIPE, check=True)
        os.close(slave)
        shown = b""
        while chunk := _chunk(master):
            shown += chunk
        os.close(master)
        text = shown.decode()
        assert done.stderr == b""
        assert "\x1b[1mname" in text
        assert "[bold]1[/bold]" in text
        assert "␛[31m2" in text
        assert "hunter2" not in text
        assert (MASK in text) == (arguments == ["list"])


def _chunk(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux's way of saying that the other end is closed
        return b""
