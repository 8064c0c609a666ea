"""The runner's end of the line to a Python action's process: the job out, the result in, calls answered.

The process's end is `python_child/st2/st2common/runners/channel.py`. A socket of its own rather than
standard output: what the action prints, or a program that it starts, cannot be taken for the result.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

Answer = Callable[[str, Mapping[str, Any]], Awaitable[Any]]

_PATIENCE = 1.0
"""How many seconds the line may stay open, when others hold it, after the process has ended."""


class Channel:
    """A line for one process.

    `arguments`, `inherit` and `stdin` are what the process must be given to find it. Use: `open`, start
    the process, `serve` beside it, `result` when it has ended, `close`.
    """

    def __init__(self, job: Mapping[str, Any], answer: Answer) -> None:
        self.arguments: tuple[str, ...] = ()
        self.inherit: Sequence[int] = ()
        self.stdin: bytes | None = None
        self._job = job
        self._answer = answer
        self._theirs: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._conversation: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._result: Mapping[str, Any] | None = None

    async def open(self, by_port: bool = sys.platform == "win32") -> None:
        """Make the line: a pair of sockets, or a port of this machine and a password."""
        if by_port:
            password = secrets.token_urlsafe(32)
            self._server = await asyncio.start_server(
                lambda reader, writer: self._welcome(reader, writer, password), "127.0.0.1", 0
            )
            port = self._server.sockets[0].getsockname()[1]
            self.arguments, self.stdin = ("port", str(port)), f"{password}\n".encode()
            return
        ours, self._theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        self.arguments = ("fd", str(self._theirs.fileno()))
        self.inherit = (self._theirs.fileno(),)
        self._writer = writer
        self._conversation = asyncio.create_task(self._talk(reader, writer))

    def started(self) -> None:
        """The process has its end of the line: let go of it here."""
        if self._theirs is not None:
            self._theirs.close()
            self._theirs = None

    async def result(self) -> Mapping[str, Any] | None:
        """What the ended process has sent as its result (`result`, `status`), None when nothing."""
        if self._conversation is not None:
            await asyncio.wait([self._conversation], timeout=_PATIENCE)
        return self._result

    async def close(self) -> None:
        """Hang up."""
        self.started()
        if self._server is not None:
            self._server.close()
        if self._conversation is not None:
            self._conversation.cancel()
            with suppress(asyncio.CancelledError):
                await self._conversation
        if self._writer is not None:  # the conversation may not even have begun
            self._writer.close()

    async def _welcome(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, password: str
    ) -> None:
        """Whoever comes to the port must know the password; only one may."""
        first = await _receive(reader)
        known = str(first.get("password")) if isinstance(first, dict) else ""
        right = secrets.compare_digest(known.encode(), password.encode())
        if right and self._conversation is None:
            self._conversation = asyncio.current_task()
            await self._talk(reader, writer)
        else:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            _send(writer, self._job)
            while (message := await _receive(reader)) is not None:
                if "call" in message:
                    _send(writer, await self._answer(message["call"], message["arguments"]))
                    await writer.drain()
                elif "result" in message:
                    self._result = message
        except OSError:
            return
        finally:
            writer.close()


def _send(writer: asyncio.StreamWriter, message: Any) -> None:
    data = json.dumps(message).encode()
    writer.write(struct.pack(">I", len(data)) + data)


async def _receive(reader: asyncio.StreamReader) -> Any:
    """The next frame; None at the end of the line."""
    try:
        (size,) = struct.unpack(">I", await reader.readexactly(4))
        return json.loads(await reader.readexactly(size))
    except (asyncio.IncompleteReadError, ValueError, OSError):
        return None
