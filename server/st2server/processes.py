"""Runs `st2c` in a process of its own, because somebody has asked for it, with progress that can be cancelled."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from st2lang.record import record

if TYPE_CHECKING:
    from st2server.app import Server

COMMAND = (sys.executable, "-P", "-m", "st2lang.commands.main")
"""`-P`: nothing is imported from the folder that it runs in, which is the workspace's."""

PATIENCE = 5.0
"""Seconds that a cancelled run may take to end by itself."""

_LONGEST = 16_000_000


@record
class Finished:
    """What a process has printed, and its exit code; `cancelled` when somebody has ended it."""

    code: int
    out: str
    err: str
    cancelled: bool = False

    @property
    def complaint(self) -> str:
        """The last thing that it has said about itself."""
        lines = [line.strip() for line in self.err.splitlines() if line.strip()]
        return lines[-1].removeprefix("st2c: ").removeprefix("error: ") if lines else ""


async def st2c(
    server: Server, title: str, arguments: Sequence[str], folder: str, given: str | None = None
) -> Finished:
    """Run `st2c` with these arguments in a folder; `given` is its standard input."""
    progress = await _begin(server, title)
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        stdin=asyncio.subprocess.PIPE if given is not None else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    talking = asyncio.ensure_future(process.communicate(given.encode() if given else None))
    cancelled = False
    try:
        while not talking.done():
            await asyncio.wait([talking], timeout=0.1)
            if (
                progress
                and not cancelled
                and server.work_done_progress.tokens[progress].cancelled()
            ):
                cancelled = True
                await _stop(process, talking)
    finally:
        if process.returncode is None:
            _signal(process, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        if progress:
            server.work_done_progress.end(progress, lsp.WorkDoneProgressEnd())
            server.work_done_progress.tokens.pop(progress, None)
    out, err = talking.result()
    return Finished(process.returncode or 0, _text(out), _text(err), cancelled)


def _text(data: bytes) -> str:
    return data[:_LONGEST].decode("utf-8", "replace")


async def _stop(
    process: asyncio.subprocess.Process, talking: asyncio.Future[tuple[bytes, bytes]]
) -> None:
    """Cancel as Ctrl-C does; what does not end then is ended."""
    _signal(process, signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    await asyncio.wait([talking], timeout=PATIENCE)
    if not talking.done():
        _signal(process, signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        await asyncio.wait([talking], timeout=PATIENCE)


def _signal(process: asyncio.subprocess.Process, number: int) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)


async def _begin(server: Server, title: str) -> str | None:
    """The token of a progress that can be cancelled; None where the editor shows none."""
    window = server.client_capabilities.window
    if not (window and window.work_done_progress):
        return None
    token = str(uuid.uuid4())
    await server.work_done_progress.create_async(token)
    begin = lsp.WorkDoneProgressBegin(title=title, cancellable=True)
    server.work_done_progress.begin(token, begin)
    return token
