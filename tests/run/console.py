"""Runs `st2c` in this process, in another one, and on a terminal of its own."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from st2lang.commands.main import main

PACKS = Path(__file__).parent / "packs"
COMMAND = [sys.executable, "-m", "st2lang.commands.main"]

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
"""A workflow of two tasks, without metadata."""


class Answer:
    """What a command has printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str = "") -> None:
        self.code, self.out, self.err = code, out, err


def st2c(capsys: pytest.CaptureFixture[str], *arguments: object) -> Answer:
    """Run `st2c` in this process."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    return Answer(code, *capsys.readouterr())


def result(answer: Answer) -> Any:
    """The JSON on the standard output, which is all there is on it."""
    return json.loads(answer.out)


def spawn(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    """Start `st2c` in another process."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **options,
    )


class Terminal:
    """`st2c` on a terminal of its own. `seen` is everything that it has written so far."""

    def __init__(self, *arguments: object, rows: int = 30, columns: int = 100) -> None:
        self.seen = ""
        self.pid, self._handle = pty.fork()
        if self.pid == 0:  # the child
            os.environ.update(TERM="xterm-256color", PROMPT_TOOLKIT_NO_CPR="1")
            for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "CI"):
                os.environ.pop(name, None)
            os.execv(sys.executable, [*COMMAND, *map(str, arguments)])
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._handle, termios.TIOCSWINSZ, size)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._handle, keys.encode())

    def until(self, condition: Callable[[str], bool], seconds: float = 20) -> str:
        """Read until what was seen satisfies a condition; gives it."""
        end = time.monotonic() + seconds
        while not condition(self.seen):
            assert time.monotonic() < end, self.seen
            if not self._read():
                assert condition(self.seen), self.seen
        return self.seen

    def _read(self) -> bool:
        ready, _, _ = select.select([self._handle], [], [], 0.05)
        if not ready:
            return True
        try:
            data = os.read(self._handle, 65536)
        except OSError:  # so Linux tells that the other side is closed
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)

    def end(self) -> tuple[int, str]:
        """Wait for the end; gives the exit code and everything that was seen."""
        end = time.monotonic() + 20
        while self._read():
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError(self.seen)
        _, status = os.waitpid(self.pid, 0)
        os.close(self._handle)
        return os.waitstatus_to_exitcode(status), self.seen
