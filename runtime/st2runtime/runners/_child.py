"""A started process that the event loop watches: its output as it comes, and its end.

asyncio's own subprocesses cost half as much again as the processes themselves: three transports each, and
before Python 3.12 a thread. On POSIX systems the loop watches the pipes and the process directly; elsewhere
(Windows) asyncio does it.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from st2runtime.runners._output import Stream

_CHUNK = 256 * 1024

Command = Sequence[str] | str
Streams = tuple[Stream, Stream]


class Child(Protocol):
    """A process: `exited` is set when it has ended, `ended` when nobody holds its output any more, too."""

    pid: int
    exited: asyncio.Event
    ended: asyncio.Event

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""

    def close(self) -> None:
        """Let go of it: whoever still writes has no reader any more."""


async def start(
    command: Command,
    streams: Streams,
    *,
    cwd: str | None,
    environment: Mapping[str, str],
    stdin: bytes | None,
    inherit: Sequence[int],
) -> Child:
    """Start a process in a session (or process group) of its own. Raises OSError or ValueError.

    A text as command goes to Windows' shell. `stdin` (at most what a pipe takes at once, 4 KiB) is given
    to it; without it, it reads nothing.
    """
    options: dict[str, Any] = {"cwd": cwd, "env": environment}
    if sys.platform == "win32":
        return await Transported.start(command, streams, stdin, options)
    options |= {"start_new_session": True, "pass_fds": tuple(inherit)}
    return Watched(command, streams, stdin, options)


class Watched:
    """A process whose pipes and end the event loop watches itself."""

    def __init__(
        self, command: Command, streams: Streams, stdin: bytes | None, options: dict[str, Any]
    ) -> None:
        self.exited = asyncio.Event()
        self.ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._reading: set[int] = set()
        with Pipes(2 if stdin is None else 3) as ((out, to_out), (err, to_err), *more):
            self._process = subprocess.Popen(
                command,
                stdin=more[0][0] if more else subprocess.DEVNULL,
                stdout=to_out,
                stderr=to_err,
                **options,
            )
            self.pid = self._process.pid
            for number, stream in zip((os.dup(out), os.dup(err)), streams, strict=True):
                os.set_blocking(number, False)
                self._watch(number, functools.partial(self._read, number, stream))
            self._watch_end()
            if more:
                os.write(more[0][1], stdin or b"")

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.returncode

    def close(self) -> None:
        """Let go of it; a process that still runs is killed."""
        for number in tuple(self._reading):
            self._close(number)
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()

    def _watch(self, number: int, ready: Callable[[], None]) -> None:
        self._reading.add(number)
        self._loop.add_reader(number, ready)

    def _close(self, number: int) -> None:
        self._loop.remove_reader(number)
        self._reading.discard(number)
        os.close(number)
        if not self._reading:
            self.ended.set()

    def _read(self, number: int, stream: Stream) -> None:
        try:
            data = os.read(number, _CHUNK)
        except BlockingIOError:
            return
        if data:
            stream.feed(data)
        else:
            self._close(number)

    def _watch_end(self) -> None:
        """By a descriptor of the process where the system has such (Linux), else by a thread that waits."""
        try:
            number = os.pidfd_open(self.pid)
        except (AttributeError, OSError):
            number, writing = os.pipe()
            threading.Thread(target=self._wait_in_thread, args=(writing,), daemon=True).start()
        self._watch(number, functools.partial(self._ended, number))

    def _wait_in_thread(self, writing: int) -> None:
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        os.close(writing)

    def _ended(self, number: int) -> None:
        self._process.wait()
        self.exited.set()
        self._close(number)


class Pipes:
    """Some pipes, both ends of which are closed again at the end."""

    def __init__(self, count: int) -> None:
        self._pairs: list[tuple[int, int]] = []
        self._count = count

    def __enter__(self) -> list[tuple[int, int]]:
        try:
            for _ in range(self._count):
                self._pairs.append(os.pipe())
        except OSError:  # too many open files
            self.__exit__()
            raise
        return self._pairs

    def __exit__(self, *error: object) -> None:
        for number in itertools.chain.from_iterable(self._pairs):
            os.close(number)


class Transported(asyncio.SubprocessProtocol):
    """A process that asyncio watches."""

    def __init__(self, streams: Streams) -> None:
        self.exited = asyncio.Event()
        self.ended = asyncio.Event()
        self.pid = 0
        self._streams = streams
        self._waiting: set[int | str] = {"exit", 1, 2}

    @classmethod
    async def start(
        cls, command: Command, streams: Streams, stdin: bytes | None, options: dict[str, Any]
    ) -> Transported:
        """Start it. A cancellation meanwhile comes through at the caller's next `await`."""
        loop = asyncio.get_running_loop()
        options["stdin"] = subprocess.DEVNULL if stdin is None else subprocess.PIPE
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        if isinstance(command, str):
            coroutine = loop.subprocess_shell(lambda: cls(streams), command, **options)
        else:
            coroutine = loop.subprocess_exec(lambda: cls(streams), *command, **options)
        starting = asyncio.ensure_future(coroutine)
        try:
            _, child = await asyncio.shield(starting)
        except asyncio.CancelledError:
            # The process has to be known to be ended: be cancelled a moment later.
            _, child = await starting
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
                task.cancel()
        child._give(stdin)
        return child

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport
        self.pid = transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._streams[fd - 1].feed(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._done(fd)

    def process_exited(self) -> None:
        self.exited.set()
        self._done("exit")

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._transport.get_returncode()

    def close(self) -> None:
        """Let go of it; a process that still runs is killed."""
        self._transport.close()

    def _give(self, data: bytes | None) -> None:
        pipe = self._transport.get_pipe_transport(0)
        if isinstance(pipe, asyncio.WriteTransport):
            pipe.write(data or b"")
            pipe.close()  # once all is written

    def _done(self, what: int | str) -> None:
        self._waiting.discard(what)
        if not self._waiting:
            self.ended.set()
