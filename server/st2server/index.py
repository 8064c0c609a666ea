"""Reads the workspace's packs in the background, with progress, again whenever their files change."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

if TYPE_CHECKING:
    from st2lang.catalog import Catalog
    from st2server.app import Server

log = logging.getLogger("st2server")

PATIENCE = 0.3
"""Seconds without a further change before the packs are read again."""


class Index:
    """The one background reading there is; a newer one takes the place of an older."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._running: asyncio.Task[None] | None = None
        self._generation = 0
        self.ready = asyncio.Event()

    def start(self, patience: float = PATIENCE) -> None:
        """Read everything (again), after `patience` seconds without another start."""
        self._generation += 1
        if self._running is not None:
            self._running.cancel()
        self._running = asyncio.ensure_future(self._read(self._generation, patience))

    async def _read(self, generation: int, patience: float) -> None:
        await asyncio.sleep(patience)
        loop = asyncio.get_running_loop()
        progress = await self._progress()

        def tell(pack: str, done: int, of: int) -> bool:
            if progress and generation == self._generation:
                report = lsp.WorkDoneProgressReport(message=pack, percentage=100 * done // of)
                loop.call_soon_threadsafe(self._server.work_done_progress.report, progress, report)
            return generation == self._generation

        try:
            catalogs: dict[tuple[str, ...], Catalog] = await asyncio.to_thread(
                self._server.projects.reindexed, tell
            )
        except Exception:
            log.exception("the packs of the workspace cannot be read")
            catalogs = {}
        if progress:
            self._server.work_done_progress.end(progress, lsp.WorkDoneProgressEnd())
        if generation != self._generation:
            return
        if catalogs:
            self._server.projects.adopt(catalogs)
            self._server.documents.forget()
            self._server.publisher.everything_changed()
            self._server.refresh_hints()
        self.ready.set()

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
