"""Diagnostics for editors that want to be told: when to compute them, and never stale ones.

An edit starts a short wait, a further edit starts it again; the wait grows with what the last analysis
of that document has taken, so that typing in a large file is never held up by analyses nobody will see.
Editors that ask for diagnostics themselves (`textDocument/diagnostic`) are not told, only reminded when
something outside the document has changed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from st2server.diagnostics import diagnostics_of

if TYPE_CHECKING:
    from st2server.app import Server

log = logging.getLogger("st2server")

SHORTEST, LONGEST = 0.005, 0.3
"""Bounds of the wait after an edit, in seconds."""


class Publisher:
    """Publishes the diagnostics of open documents."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._cost: dict[str, float] = {}

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
        self._cost.pop(uri, None)
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

    async def _soon(self, uri: str) -> None:
        await asyncio.sleep(min(LONGEST, max(SHORTEST, self._cost.get(uri, 0.0))))
        self._waiting.pop(uri, None)
        document = self._server.documents.opened(uri)
        if document is None:
            return
        started = time.perf_counter()
        try:
            found = diagnostics_of(self._server, document)
        except Exception:
            log.exception("the diagnostics of %s failed", uri)
            return
        self._cost[uri] = time.perf_counter() - started
        self._publish(uri, document.version, found)

    def _forget(self, uri: str) -> None:
        waiting = self._waiting.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    def _publish(self, uri: str, version: int | None, found: list[lsp.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )
