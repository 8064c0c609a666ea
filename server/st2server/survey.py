"""The diagnostics of all files of the workspace, open or not, worked out a file at a time.

What is known of a file is kept with the state it was read in and the packs that were known then; only what has
changed since is analysed again. Between two files everything else has its turn, and while somebody types the
survey rests. Editors that ask (`workspace/diagnostic`) get a report of every file that is another than they know.
To those that do not it is told, when their setting `diagnostics` says "workspace".
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from st2lang.commands import config, files
from st2lang.record import record
from st2server.diagnostics import diagnostics_of, result_id
from st2server.documents import path_of
from st2server.projects import Project

if TYPE_CHECKING:
    from st2server.app import Server

log = logging.getLogger("st2server")

QUIET = 0.3
"""Seconds without an edit before files that nobody looks at are analysed."""

Stamp = tuple[int, int]
Report = lsp.WorkspaceFullDocumentDiagnosticReport | lsp.WorkspaceUnchangedDocumentDiagnosticReport


@record(eq=False)
class Known:
    """What was found in a file, in one state of it and of the packs around."""

    stamp: Stamp
    project: Project
    result: str
    found: tuple[lsp.Diagnostic, ...]


class Survey:
    """What is wrong in the files of the workspace."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[str, Known] = {}
        self._told: dict[str, str] = {}
        self._telling: asyncio.Task[None] | None = None
        self._edited = 0.0

    def edited(self) -> None:
        """Somebody types."""
        self._edited = time.monotonic()

    async def reports(
        self, previous: Mapping[str, str]
    ) -> AsyncIterator[tuple[int, int, Report | None]]:
        """For every file how many are done, of how many, and the report of it if there is one to make.

        `previous` are the results that the editor has, by URI. A file without problems that it knows nothing of
        is not reported; one that is gone is reported as having none.
        """
        paths = await self.paths()
        seen = set()
        for done, path in enumerate(paths, 1):
            uri, version, result, found = await self._of(path)
            seen.add(uri)
            before = previous.get(uri)
            if before == result:
                yield done, len(paths), _unchanged(uri, result, version)
            elif found or before is not None:
                yield done, len(paths), _full(uri, result, found, version)
            else:
                yield done, len(paths), None
        for uri in previous.keys() - seen:
            if self._server.documents.opened(uri) is None:
                yield len(paths), len(paths), _full(uri, result_id([]), (), None)

    async def paths(self) -> list[str]:
        """The files that `st2c check` would look at in the folders of the workspace."""
        folders = self._server.projects.folders
        found = await asyncio.to_thread(_paths, folders)
        for path in self._known.keys() - set(found):
            del self._known[path]
        return found

    async def _of(self, path: str) -> tuple[str, int | None, str, tuple[lsp.Diagnostic, ...]]:
        """URI, version, result and diagnostics of a file as it is now."""
        opened = self._server.documents.opened_at(path)
        if opened is not None:
            here = diagnostics_of(self._server, opened)
            return opened.uri, opened.version, result_id(here), tuple(here)
        uri = self._server.documents.uri(path)
        project, stamp = self._server.projects.of(path), _stamp(path)
        known = self._known.get(path)
        if known is None or known.stamp != stamp or known.project is not project:
            known = self._known[path] = await self._analysed(uri, stamp, project)
        return uri, None, known.result, known.found

    async def _analysed(self, uri: str, stamp: Stamp, project: Project) -> Known:
        await asyncio.sleep(0)
        while (left := self._edited + QUIET - time.monotonic()) > 0:
            await asyncio.sleep(left)
        try:
            document = self._server.documents.get(uri)
            await self._server.publisher.analysed(document)
            found = diagnostics_of(self._server, document)
        except Exception:
            log.exception("the diagnostics of %s failed", uri)
            found = []
        return Known(stamp, project, result_id(found), tuple(found))

    # -- for editors that are told ---------------------------------------------------------------

    def changed(self) -> None:
        """Files, packs or settings are others now: tell about them anew, if anybody is to be told."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        server = self._server
        if server.options.diagnostics == "workspace" and not server.publisher.pulled:
            self._telling = asyncio.ensure_future(self._tell())

    def closed(self, uri: str) -> None:
        """A document was closed, and what was told about it taken back with that."""
        self._told.pop(uri, None)
        self.changed()

    async def _tell(self) -> None:
        await asyncio.sleep(QUIET)
        seen = set()
        for path in await self.paths():
            if self._server.documents.opened_at(path) is not None:
                continue
            uri, _, result, found = await self._of(path)
            seen.add(uri)
            if self._server.documents.opened(uri) is None and self._told.get(uri, "") != result:
                if found or uri in self._told:
                    self._publish(uri, found)
                self._told[uri] = result
        for uri in self._told.keys() - seen:
            del self._told[uri]
            if self._server.documents.opened(uri) is None and not os.path.exists(path_of(uri)):
                self._publish(uri, ())

    def _publish(self, uri: str, found: tuple[lsp.Diagnostic, ...]) -> None:
        params = lsp.PublishDiagnosticsParams(uri=uri, diagnostics=list(found))
        self._server.text_document_publish_diagnostics(params)


def _full(
    uri: str, result: str, found: tuple[lsp.Diagnostic, ...], version: int | None
) -> lsp.WorkspaceFullDocumentDiagnosticReport:
    return lsp.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, items=list(found), version=version, result_id=result
    )


def _unchanged(
    uri: str, result: str, version: int | None
) -> lsp.WorkspaceUnchangedDocumentDiagnosticReport:
    return lsp.WorkspaceUnchangedDocumentDiagnosticReport(
        uri=uri, result_id=result, version=version
    )


def _paths(folders: tuple[str, ...]) -> list[str]:
    """The files below folders, by the rules and the configuration of each."""
    found: dict[str, None] = {}
    for folder in folders:
        excludes = files.Excludes()
        place = config.find(folder)
        if place is not None:
            try:
                loaded = config.load(place)[0]
                excludes = files.Excludes(loaded.root, loaded.exclude)
            except OSError as error:
                log.info("%s cannot be read: %s", place, error)
        for file in files.find([folder], excludes):
            if file.path != folder:
                found[os.path.abspath(file.path)] = None
    return list(found)


def _stamp(path: str) -> Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return (0, -1)
    return status.st_mtime_ns, status.st_size
