"""The language server: what a session holds, and how its features come to it.

A feature is a module of `features/` with a `register(server)`. It converts what the protocol says, asks
`st2lang`, and converts the answer back. A feature that fails is logged and answered with an error; the
server lives on.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from st2lang import __version__
from st2lang.document import Document
from st2lang.query.hints import Sort
from st2lang.query.workspace import Workspace
from st2lang.source import Source, Span
from st2server import features
from st2server.convert import Converter
from st2server.documents import Documents, OpenDocument
from st2server.index import Index
from st2server.options import Options
from st2server.projects import Project, Projects
from st2server.protocol import Protocol
from st2server.publisher import Publisher
from st2server.showing import Reports
from st2server.survey import Survey

log = logging.getLogger("st2server")


class Server(LanguageServer):
    """One session with one editor."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__(
            "st2lang",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
        )
        self.converter = Converter()
        self.projects = Projects()
        self.documents = Documents(self.projects, self.converter)
        self.hints = frozenset(Sort)
        self._around: dict[Project, Workspace] = {}
        self.publisher = Publisher(self)
        self.index = Index(self)
        self.options = Options()
        self.survey = Survey(self)
        self.reports = Reports(self)

    def asked(self, params: Any) -> OpenDocument:
        """The document that a request is about."""
        return self.documents.get(params.text_document.uri)

    def offset(self, document: OpenDocument, position: lsp.Position) -> int:
        """The character offset that a request is about."""
        return self.converter.offset(document.source, position)

    def around(self, document: OpenDocument) -> Workspace:
        """The files around a document: as the editor has them, else as the disk has."""
        project = document.project
        if project not in self._around:
            self._around[project] = Workspace(
                project.catalog, self.projects.folders, self._opened, project.plan.settings
            )
        return self._around[project]

    def refresh(self) -> None:
        """The packs or the configuration have changed: what was concluded from them is concluded anew."""
        self._around.clear()
        self.documents.forget()
        self.publisher.everything_changed()
        self.refresh_hints()

    def _opened(self, path: str) -> Document | None:
        found = self.documents.opened_at(path)
        return found.document if found is not None else None

    def location(self, document: OpenDocument, path: str, span: Span) -> lsp.Location:
        """A place in a file, which may be the document's own."""
        uri = document.uri if path == document.source.path else self.documents.uri(path)
        return lsp.Location(uri, self.converter.range(self.source(document, path), span))

    def source(self, document: OpenDocument, path: str) -> Source:
        """The text of a file around a document."""
        if path == document.source.path:
            return document.source
        found = self.around(document).document(path)
        return found.source if found is not None else Source(path, "")

    def refresh_hints(self) -> None:
        """Ask the editor to ask for inlay hints again, if it can: settings or packs are others now."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """What goes wrong is for the log: an editor that pops up a box for it helps nobody."""
        log.error("%s", error, exc_info=error)


def create() -> Server:
    """A server with all its features."""
    server = Server()
    for module in sorted(info.name for info in pkgutil.iter_modules(features.__path__)):
        importlib.import_module(f"{features.__name__}.{module}").register(server)
    return server
