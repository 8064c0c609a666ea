"""Reads the workspace's packs in the background, with progress, and follows what changes in them.

The catalog reads what it is asked for by itself, so no answer waits for this, and none is another because of
it: what is read ahead are the packs that a completion or a search will ask for. The costly part, parsing
thousands of metadata files, is done by a process of its own, which leaves what it has read in the cache on
disk; from there it is taken over pack by pack, between everything else that the server does.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

if TYPE_CHECKING:
    from st2server.app import Server

log = logging.getLogger("st2server")

PATIENCE = 0.1
"""Seconds without a further change before the packs are looked at; what the editor opens comes first."""

WORTH_A_PROCESS = 4
"""So many unread packs take longer to read than a process to start."""

_READ_AHEAD = 90
"""Percent of the work that the other process does."""


class Index:
    """The one background reading there is; a newer one takes the place of an older."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._running: asyncio.Task[None] | None = None
        self._changed: set[str] = set()
        self.ready = asyncio.Event()

    def start(self) -> None:
        """Read everything anew, the configuration too."""
        self._changed.clear()
        self._server.projects.forget()
        self._server.refresh()
        self._run()

    def changed(self, paths: Iterable[str]) -> None:
        """Files or folders were made, changed or deleted: look at the packs they belong to, quite soon."""
        self._changed.update(paths)
        self._run()

    def _run(self) -> None:
        if self._running is not None:
            self._running.cancel()
        self._running = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        await asyncio.sleep(PATIENCE)
        await self._server.publisher.rest()
        if self._changed:
            self._server.projects.renew(self._changed)
            self._changed.clear()
            self._server.refresh()
        token: str | None = None
        try:
            many = await asyncio.to_thread(self._server.projects.unread) >= WORTH_A_PROCESS
            if many:
                token = await self._progress()
                await self._read_ahead(token)
            await self._take_over(token)
            if many:
                gc.freeze()  # the packs stay: no use in looking through them at every collection
        except Exception:
            log.exception("the packs of the workspace cannot be read")
        finally:
            if token:
                self._server.work_done_progress.end(token, lsp.WorkDoneProgressEnd())
        self.ready.set()

    async def _read_ahead(self, token: str | None) -> None:
        """Let another process fill the cache; when it cannot, everything is still read, only here."""
        command = (sys.executable, "-m", "st2server.reading")
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
        except OSError as error:
            log.warning("no process can be started to read packs: %s", error)
            return
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(self._server.projects.places()).encode())
            process.stdin.close()
            async for line in process.stdout:
                done, of, pack = line.decode("utf-8", "replace").rstrip("\n").split(" ", 2)
                self._report(token, pack, _READ_AHEAD * int(done) // int(of))
            await process.wait()
        except BaseException:
            if process.returncode is None:
                process.kill()
            raise

    async def _take_over(self, token: str | None) -> None:
        """Know every pack, a little at a time."""
        packs = list(self._server.projects.reading())
        for done, (pack, steps) in enumerate(packs):
            await self._server.publisher.rest()
            for _ in steps:
                await self._server.publisher.rest()
            if done % 10 == 0:
                share = (100 - _READ_AHEAD) * done // len(packs)
                self._report(token, pack, _READ_AHEAD + share)

    def _report(self, token: str | None, pack: str, percentage: int) -> None:
        if token:
            report = lsp.WorkDoneProgressReport(message=pack, percentage=percentage)
            self._server.work_done_progress.report(token, report)

    async def _progress(self) -> str | None:
        """The token of a progress that the editor shows; None when it shows none."""
        window = self._server.client_capabilities.window
        if not (window and window.work_done_progress):
            return None
        token = str(uuid.uuid4())
        try:
            await self._server.work_done_progress.create_async(token)
        except Exception as error:
            log.info("no progress is shown: %s", error)
            return None
        begin = lsp.WorkDoneProgressBegin(title="Reading packs", percentage=0)
        self._server.work_done_progress.begin(token, begin)
        return token
