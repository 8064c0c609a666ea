"""Shows what there is to say: in a message, and in a file of its own where there is more of it.

The pages about the checks are such files too, so that an editor can open them without any network.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

from st2lang import checks
from st2lang.checks.reference import page
from st2lang.commands import links

if TYPE_CHECKING:
    from st2server.app import Server

log = logging.getLogger("st2server")

_LONGEST = 500
_KINDS = {
    "info": lsp.MessageType.Info,
    "warning": lsp.MessageType.Warning,
    "error": lsp.MessageType.Error,
}


class Reports:
    """The reports of a session, in a folder that only its user can read and that goes with the session."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made = ""
        self._pages: dict[str, str] = {}

    def say(self, text: str, kind: str = "info") -> None:
        """Show a message: `info`, `warning` or `error`."""
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        self._server.window_show_message(lsp.ShowMessageParams(type=_KINDS[kind], message=shown))

    async def show(self, name: str, text: str, *, outside: bool = False) -> str:
        """Write a report and have the editor open it (or what is `outside` of it); gives its URI."""
        uri = self._written(name, text)
        window = self._server.client_capabilities.window
        if window and window.show_document and window.show_document.support:
            params = lsp.ShowDocumentParams(uri=uri, external=outside, take_focus=False)
            await self._server.window_show_document_async(params)
        return uri

    def page(self, check_id: str) -> str | None:
        """The address of what there is to read about a check; None where it cannot be written down."""
        if links.is_absolute():
            return links.url(check_id)
        if check_id not in self._pages:
            check = checks.get(check_id)
            if check is None:
                return None
            try:
                self._pages[check_id] = self._written(f"{check_id}.md", page(check))
            except OSError as error:
                log.info("no page about %s: %s", check_id, error)
                return None
        return self._pages[check_id]

    def _written(self, name: str, text: str) -> str:
        if not self._made:
            self._made = tempfile.mkdtemp(prefix="st2lang-")
            atexit.register(shutil.rmtree, self._made, ignore_errors=True)
        path = os.path.join(self._made, name)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        return from_fs_path(path) or ""
