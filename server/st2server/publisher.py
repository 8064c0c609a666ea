"""Diagnostics: when they are computed, for editors that want to be told and for those that ask, never stale.

An analysis is done a little at a time; in between, whatever has arrived is read and answered first, and a
text that is another by then is dropped. So an edit needs but a very short wait before its analysis begins: long
enough for the question that follows a keystroke (what can stand here?) to come before it.
Editors that ask for diagnostics themselves (`textDocument/diagnostic`) are not told, only reminded when
something outside the document has changed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from st2lang.query import symbol
from st2server.diagnostics import diagnostics_of
from st2server.documents import OpenDocument

if TYPE_CHECKING:
    from st2server.app import Server

log = logging.getLogger("st2server")

WAIT = 0.005
"""Seconds after an edit before its analysis begins."""

SLICE = 0.005
"""Seconds of an analysis between two looks at what has arrived."""

MOMENT, PAUSE = 0.01, 0.05
"""Seconds without an edit after which the version before is dropped, and after which names are found ahead."""


class Publisher:
    """Analyses open documents in the background, and publishes their diagnostics."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._ahead: asyncio.Task[None] | None = None
        self._working = 0
        self._at_rest = asyncio.Event()

    @property
    def pulled(self) -> bool:
        """True when the editor asks for diagnostics by itself."""
        text_document = self._server.client_capabilities.text_document
        return text_document is not None and text_document.diagnostic is not None

    def changed(self, uri: str) -> None:
        """A document was opened or changed."""
        if self.pulled:
            return
        self._forget(uri)
        self._waiting[uri] = asyncio.ensure_future(self._soon(uri))

    def closed(self, uri: str) -> None:
        """A document was closed: what was published for it is withdrawn."""
        self._forget(uri)
        if not self.pulled:
            self._publish(uri, None, [])

    def everything_changed(self) -> None:
        """Packs or configuration are others now."""
        self._server.survey.changed()
        if not self.pulled:
            for document in self._server.documents:
                self.changed(document.uri)
            return
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self._server.workspace_diagnostic_refresh(None)

    async def analysed(self, document: OpenDocument) -> bool:
        """Analyse a document in slices; False when it has been overtaken by another version meanwhile."""
        self._working += 1
        self._at_rest.clear()
        try:
            while True:
                end = time.perf_counter() + SLICE
                while time.perf_counter() < end:
                    if not document.advance():
                        return True
                await self._server.protocol.idle()
                if document.version is not None and not self._current(document):
                    return False
        finally:
            self._working -= 1
            if not self._working:
                self._at_rest.set()

    async def rest(self) -> None:
        """Wait for a moment in which nothing is to be answered and no document is being analysed."""
        await self._server.protocol.idle()
        while self._working:
            await self._at_rest.wait()
            await self._server.protocol.idle()

    def look_ahead(self, document: OpenDocument) -> None:
        """When nobody types, find the names of a document that has been analysed, before they are asked for."""
        if self._ahead is not None:
            self._ahead.cancel()
        self._ahead = asyncio.ensure_future(self._find_names(document))

    async def _find_names(self, document: OpenDocument) -> None:
        await asyncio.sleep(MOMENT)
        document.let_go()
        await asyncio.sleep(PAUSE)
        end = 0.0
        try:
            for _ in symbol.ahead(document.document):
                if time.perf_counter() > end:
                    await self._server.protocol.idle()
                    if not self._current(document):
                        return
                    end = time.perf_counter() + SLICE
        except Exception:
            log.exception("the names in %s cannot be found", document.uri)

    def _current(self, document: OpenDocument) -> bool:
        return self._server.documents.opened(document.uri) is document

    async def _soon(self, uri: str) -> None:
        await asyncio.sleep(WAIT)
        document = self._server.documents.opened(uri)
        if document is None:
            return
        try:
            found = []
            if await self.analysed(document):
                found = diagnostics_of(self._server, document)
        except Exception:  # what was published before does not hold any more
            log.exception("the diagnostics of %s failed", uri)
        if self._current(document):
            self._waiting.pop(uri, None)
            self._publish(uri, document.version, found)
            self.look_ahead(document)

    def _forget(self, uri: str) -> None:
        waiting = self._waiting.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    def _publish(self, uri: str, version: int | None, found: list[lsp.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )
