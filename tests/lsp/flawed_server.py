"""The language server with features as they should not be, for the tests of what it survives."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from lsprotocol import types as lsp
from st2server import app

from st2lang.commands.main import main

create = app.create


def flawed() -> app.Server:
    server = create()

    @server.feature("test/fails")
    def fails(params: Any) -> None:
        raise ZeroDivisionError("of all things")

    @server.feature("test/unwritable")
    def unwritable(params: Any) -> object:
        return {"answer": {1, 2}}

    @server.feature("test/slow")
    def slow(params: Any) -> str:
        time.sleep(0.5)
        return "done"

    @server.feature("test/waits")
    async def waits(params: Any) -> None:
        await asyncio.sleep(600)

    @server.feature("test/notified")
    def notified(params: Any) -> None:
        raise KeyError("nobody asked")

    @server.feature(lsp.TEXT_DOCUMENT_WILL_SAVE)
    def prints(params: Any) -> None:
        print("into the middle of the protocol")

    return server


if __name__ == "__main__":
    app.create = flawed
    sys.exit(main(["lsp", *sys.argv[1:]]))
