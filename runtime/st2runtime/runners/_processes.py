"""One process of an action: run to its end, its time limit or its cancellation, with all it has started.

Specified by `st2common/util/green/shell.py`: a session of its own, an exit code of -9 when the time is over,
the output so far kept. There, an action also waits for those who hold its output open after it has ended;
here the time limit ends that as well.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from st2lang.record import record
from st2runtime.runners._family import MARK, Family
from st2runtime.runners._output import Stream

KILLED = -9
TERMINATED = -15

_REAP = 1.0
"""How many seconds the system may take to tell of a killed process."""

Line = Callable[[str, str], None]


@record
class Finished:
    """How a process ended: `code` is negative for a signal, -9 when `timed_out`; its output as text."""

    code: int
    stdout: str
    stderr: str
    timed_out: bool = False


class _Watcher(asyncio.SubprocessProtocol):
    """Collects output, and knows when the process and both its pipes have ended."""

    def __init__(self, line: Line, mark: str) -> None:
        self.mark = mark
        self.streams = {
            1: Stream(lambda text: line("stdout", text)),
            2: Stream(lambda text: line("stderr", text)),
        }
        self.exited = asyncio.Event()
        self.ended = asyncio.Event()
        self._waiting = {"exit", 1, 2}

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self.streams[fd].feed(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._done(fd)

    def process_exited(self) -> None:
        self.exited.set()
        self._done("exit")

    def _done(self, what: int | str) -> None:
        self._waiting.discard(what)
        if not self._waiting:
            self.ended.set()


async def run(
    command: Sequence[str] | str,
    *,
    line: Line,
    timeout: float | None,
    environment: Mapping[str, str],
    cwd: str | None = None,
    stdin: bytes | None = None,
    inherit: Sequence[int] = (),
    started: Callable[[], None] = lambda: None,
) -> Finished:
    """Run a program to its end.

    A text as command goes to Windows' shell. `timeout` is in seconds, None for no limit; 0 is over at
    once. `stdin` is given to the process and then closed; without it, it reads nothing. `inherit` are
    file descriptors that the process shall have; `started` is called when it has them. Raises OSError (no such program, folder …) or ValueError
    (a null character) when it cannot be started. Cancelled, it ends the process with all that it has started.
    """
    mark = secrets.token_hex(8)
    options: dict[str, Any] = {
        "cwd": cwd,
        "env": {**environment, MARK: mark},
        "stdin": asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
    }
    if sys.platform == "win32":
        options["creationflags"] = 0x00000200  # CREATE_NEW_PROCESS_GROUP
    else:
        options |= {"start_new_session": True, "pass_fds": tuple(inherit)}
    transport, watcher = await _start(command, lambda: _Watcher(line, mark), options)
    try:
        started()
        if stdin is not None:
            _give(transport, stdin)
        timed_out = await _wait(transport, watcher, timeout)
        code = transport.get_returncode()
    finally:
        transport.close()
    for stream in watcher.streams.values():
        stream.close()
    return Finished(
        KILLED if timed_out or code is None else code,
        watcher.streams[1].text(),
        watcher.streams[2].text(),
        timed_out,
    )


async def _start(
    command: Sequence[str] | str, watcher: Callable[[], _Watcher], options: dict[str, Any]
) -> tuple[asyncio.SubprocessTransport, _Watcher]:
    """Start it; a cancellation in the midst of that ends what has been started."""
    loop = asyncio.get_running_loop()
    if isinstance(command, str):
        coroutine = loop.subprocess_shell(watcher, command, **options)
    else:
        coroutine = loop.subprocess_exec(watcher, *command, **options)
    starting = asyncio.ensure_future(coroutine)
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        transport, made = await starting
        try:
            await _end(transport, made)
        finally:
            transport.close()
        raise


def _give(transport: asyncio.SubprocessTransport, data: bytes) -> None:
    pipe = transport.get_pipe_transport(0)
    if isinstance(pipe, asyncio.WriteTransport):
        pipe.write(data)
        pipe.close()  # once all is written


async def _wait(
    transport: asyncio.SubprocessTransport, watcher: _Watcher, timeout: float | None
) -> bool:
    """Wait for the end; True when the time was over first. What is left then is ended."""
    try:
        async with asyncio.timeout(timeout):
            await watcher.ended.wait()
    except TimeoutError:
        await _end(transport, watcher)
        return True
    except asyncio.CancelledError:
        await _end(transport, watcher)
        raise
    return False


async def _end(transport: asyncio.SubprocessTransport, watcher: _Watcher) -> None:
    pid = transport.get_pid()
    await Family(pid, watcher.mark, lambda: transport.get_returncode() is not None).end()
    with suppress(TimeoutError):
        async with asyncio.timeout(_REAP):
            await watcher.exited.wait()


def environment(*layers: Mapping[str, Any]) -> dict[str, str]:
    """This process's environment with layers of variables over it, later ones winning.

    Values that are no text are written as Python writes them, null as nothing.
    """
    merged = dict(os.environ)
    for layer in layers:
        merged |= {str(k): "" if v is None else str(v) for k, v in layer.items()}
    return merged
