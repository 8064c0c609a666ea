"""A bare client of the language server: what goes over the wire, and nothing else.

It says what a real client would not (two messages in one write, a request taken back at once, nothing at
all), and adds nothing to what is measured. For everything else there is pytest-lsp.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Self

SERVER = (sys.executable, "-m", "st2lang.commands.main", "lsp")
PATIENCE = 120.0
"""Seconds after which a server that says nothing counts as dead."""

Message = dict[str, Any]


def framed(message: Message) -> bytes:
    """A message as it is sent."""
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def messages(stream: IO[bytes]) -> Iterator[Message]:
    """The messages of a stream, until it ends."""
    while True:
        length = 0
        while (line := stream.readline()).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not line:
            return
        yield json.loads(stream.read(length))


class Wire:
    """A server process and what it has said. Its requests are answered with null."""

    def __init__(
        self,
        *arguments: str,
        command: Sequence[str] = SERVER,
        env: dict[str, str] | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
        )
        self.heard: list[Message] = []
        self.capabilities: dict[str, Any] = {}
        self._arrived: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._number = 0
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                continue

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for message in messages(self.process.stdout):
            if "id" in message and "method" in message:
                self.write({"jsonrpc": "2.0", "id": message["id"], "result": None})
            self._arrived.put(message)
        self._arrived.put(None)

    def write(self, *several: Message) -> None:
        """Send messages in one write."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(b"".join(map(framed, several)))
            self.process.stdin.flush()
        except BrokenPipeError:
            return

    def request(self, method: str, params: Any = None) -> Message:
        """A request with a fresh id, yet to be written."""
        self._number += 1
        return {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}

    @staticmethod
    def notification(method: str, params: Any = None) -> Message:
        """A notification, yet to be written."""
        return {"jsonrpc": "2.0", "method": method, "params": params}

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.write(self.notification(method, params))

    def ask(self, method: str, params: Any = None) -> Any:
        """The result of a request."""
        request = self.request(method, params)
        self.write(request)
        answer = self.answer(request)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def answer(self, request: Message) -> Message:
        """The response to a request that was written."""
        return self.until(lambda m: m.get("id") == request["id"] and "method" not in m)

    def until(self, wanted: Callable[[Message], bool]) -> Message:
        """The first message, of those not looked at yet, that is wanted; all go to `heard`."""
        limit = time.monotonic() + PATIENCE
        while True:
            message = self._arrived.get(timeout=max(0.0, limit - time.monotonic()))
            if message is None:
                raise EOFError("the server has gone")
            self.heard.append(message)
            if wanted(message):
                return message

    def published(self, uri: str, version: int | None = None) -> list[dict[str, Any]]:
        """The next diagnostics that are published for a version of a document (any when None)."""
        found = self.until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics"
                and m["params"]["uri"] == uri
                and version in (None, m["params"].get("version"))
            )
        )
        return list(found["params"]["diagnostics"])

    def begin(
        self,
        folders: Sequence[Path] = (),
        capabilities: dict[str, Any] | None = None,
        encodings: Sequence[str] = ("utf-16",),
        **more: Any,
    ) -> None:
        """Initialize a session."""
        offered: dict[str, Any] = {"general": {"positionEncodings": list(encodings)}}
        answer = self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": None,
                "capabilities": offered | (capabilities or {}),
                "workspaceFolders": [{"uri": f.as_uri(), "name": f.name} for f in folders],
                **more,
            },
        )
        self.capabilities = answer["capabilities"]
        self.notify("initialized", {})

    def open(self, uri: str, text: str, version: int = 1) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": "yaml", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: dict[str, Any]) -> None:
        """Change a document."""
        self.notify("textDocument/didChange", edit(uri, version, *changes))

    def end(self) -> int:
        """Shut the session down and return the code that the server exits with."""
        self.ask("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)


def edit(uri: str, version: int, *changes: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a change."""
    return {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)}


def place(uri: str, line: int, character: int) -> dict[str, Any]:
    """The parameters of a request about a position."""
    return {
        "textDocument": {"uri": uri},
        "position": {"line": line, "character": character},
    }


def inserted(line: int, character: int, text: str, until: int | None = None) -> dict[str, Any]:
    """A change of one line: what stands up to `until` (nothing by default) is replaced."""
    end = character if until is None else until
    return {
        "range": {
            "start": {"line": line, "character": character},
            "end": {"line": line, "character": end},
        },
        "text": text,
    }
