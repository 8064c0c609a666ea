"""`workspace/diagnostic`: the diagnostics of all files, for editors that ask for them.

Reports of files that are as the editor knows them are short; with a token for partial results they are sent as
they come, and with one for progress it is told how far it has come.
"""

from __future__ import annotations

import time

from lsprotocol import types as lsp

from st2server.app import Server
from st2server.survey import Report

PART = 0.2
"""Seconds between two partial results."""


def register(server: Server) -> None:
    """Answer for the whole workspace."""

    @server.feature(lsp.WORKSPACE_DIAGNOSTIC)
    async def pull(params: lsp.WorkspaceDiagnosticParams) -> lsp.WorkspaceDiagnosticReport:
        if server.options.diagnostics == "open":
            return lsp.WorkspaceDiagnosticReport(items=[])
        await server.index.ready.wait()
        progress = _Progress(server, params.work_done_token)
        previous = {one.uri: one.value for one in params.previous_result_ids}
        items: list[Report] = []
        sent = time.monotonic()
        try:
            async for done, of, report in server.survey.reports(previous):
                items += [report] if report is not None else []
                progress.tell(done, of)
                if params.partial_result_token is not None and time.monotonic() - sent > PART:
                    _send(server, params.partial_result_token, items)
                    items, sent = [], time.monotonic()
        finally:
            progress.end()
        if params.partial_result_token is not None and items:
            _send(server, params.partial_result_token, items)
            items = []
        return lsp.WorkspaceDiagnosticReport(items=list(items))


def _send(server: Server, token: lsp.ProgressToken, items: list[Report]) -> None:
    part = lsp.WorkspaceDiagnosticReportPartialResult(items=list(items))
    server.protocol.notify(lsp.PROGRESS, lsp.ProgressParams(token=token, value=part))


class _Progress:
    """How far it has come, for an editor that wants to know."""

    def __init__(self, server: Server, token: lsp.ProgressToken | None) -> None:
        self._progress, self._token, self._percent = server.work_done_progress, token, -1
        if token is not None:
            begin = lsp.WorkDoneProgressBegin(title="Checking the workspace", percentage=0)
            self._progress.begin(token, begin)

    def tell(self, done: int, of: int) -> None:
        percent = 100 * done // max(1, of)
        if self._token is not None and percent > self._percent:
            self._percent = percent
            report = lsp.WorkDoneProgressReport(message=f"{done}/{of}", percentage=percent)
            self._progress.report(self._token, report)

    def end(self) -> None:
        if self._token is not None:
            self._progress.end(self._token, lsp.WorkDoneProgressEnd())
