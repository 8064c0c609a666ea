"""Shows what has come of a command: in a message, and in a file of its own where there is more to say."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

if TYPE_CHECKING:
    from st2server.app import Server

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
        self._folder = ""

    def say(self, text: str, kind: str = "info") -> None:
        """Show a message: `info`, `warning` or `error`."""
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        self._server.window_show_message(lsp.ShowMessageParams(type=_KINDS[kind], message=shown))

    async def show(self, name: str, text: str, *, outside: bool = False) -> str:
        """Write a report and have the editor open it (or what is `outside` of it); gives its URI."""
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="st2lang-")
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        path = os.path.join(self._folder, name)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        uri = from_fs_path(path) or ""
        window = self._server.client_capabilities.window
        if window and window.show_document and window.show_document.support:
            params = lsp.ShowDocumentParams(uri=uri, external=outside, take_focus=False)
            await self._server.window_show_document_async(params)
        return uri
