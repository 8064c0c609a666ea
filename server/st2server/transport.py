"""How messages come and go: standard input and output, one TCP connection, one WebSocket.

Everything that has arrived is handed over at once, message by message, so that a question and its being
taken back are seen together. Standard input is read by a thread that does nothing else: the loop may be
busy with an analysis for a while, and the pipe is not to fill up meanwhile.

The sockets listen on the loopback interface only, and let one editor in. Any page that a browser shows can
send to them as well. Over TCP it cannot get past the first line, which is that of HTTP and not a header of
ours; a WebSocket it could open, so there the editor has to know a token.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import re
import secrets
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from pygls.io_ import StdoutWriter, WebSocketWriter

if TYPE_CHECKING:
    from st2server.protocol import Protocol

LOOPBACK = "127.0.0.1"
TOKEN = "ST2C_LSP_TOKEN"
"""The environment variable with the token of a WebSocket; without it the server makes one up."""

_CHUNK = 1 << 16
_LONGEST_HEAD, _LONGEST_BODY = 4096, 1 << 28
_HEADER = re.compile(rb"([A-Za-z][A-Za-z-]*):[ \t]*([^\r\n]*)")
_PARENT_WATCHED = 2.0
"""Seconds between two looks at the editor's process."""


class NotOurProtocolError(Exception):
    """What arrives is not framed as messages are."""


class Frames:
    """Cuts what arrives into the bodies of messages."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._length: int | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are complete now. Raises `NotOurProtocolError`."""
        self._held += data
        found = []
        while (body := self._body()) is not None:
            found.append(body)
        return found

    def _body(self) -> bytes | None:
        if self._length is None:
            end = self._held.find(b"\r\n\r\n")
            line = self._held.find(b"\r\n")
            if (line >= 0 and not _HEADER.fullmatch(self._held, 0, line)) or (
                end < 0 and len(self._held) > _LONGEST_HEAD
            ):
                raise NotOurProtocolError
            if end < 0:
                return None
            self._length = _length(bytes(self._held[:end]))
            del self._held[: end + 4]
        if len(self._held) < self._length:
            return None
        body = bytes(self._held[: self._length])
        del self._held[: self._length]
        self._length = None
        return body


def _length(head: bytes) -> int:
    headers = [_HEADER.fullmatch(line) for line in head.split(b"\r\n")]
    for header in headers:
        if header is None:
            raise NotOurProtocolError
        if header[1].lower() == b"content-length" and header[2].strip().isdigit():
            length = int(header[2])
            if length <= _LONGEST_BODY:
                return length
    raise NotOurProtocolError


async def over_stdio(protocol: Protocol) -> int:
    """Serve over standard input and output; what anything else prints goes to standard error."""
    loop = asyncio.get_running_loop()
    protocol.gone = loop.create_future()
    protocol.set_writer(StdoutWriter(sys.stdout.buffer))
    sys.stdout = sys.stderr
    source = sys.stdin.fileno()

    def read() -> None:
        frames = Frames()
        try:
            while data := os.read(source, _CHUNK):
                loop.call_soon_threadsafe(_deliver, protocol, frames.feed(data))
        except (OSError, NotOurProtocolError):
            pass
        finally:
            _quietly(lambda: loop.call_soon_threadsafe(protocol.leave))

    threading.Thread(target=read, name="stdin", daemon=True).start()
    watch = asyncio.ensure_future(_watch_parent(protocol))
    try:
        return await protocol.gone
    finally:
        watch.cancel()


def _quietly(call: Callable[[], Any]) -> None:
    try:
        call()
    except RuntimeError:  # the loop has ended before us
        return


def _deliver(protocol: Protocol, bodies: list[bytes]) -> None:
    for body in bodies:
        protocol.receive(body)


async def _watch_parent(protocol: Protocol) -> None:
    """Leave when the process of the editor has died without a word."""
    while os.name == "posix":  # elsewhere, standard input ends with it
        await asyncio.sleep(_PARENT_WATCHED)
        parent = protocol._server.process_id
        if parent is not None and not _alive(parent):
            protocol.leave()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


async def over_tcp(protocol: Protocol, port: int) -> int:
    """Serve the first that connects to a port of the loopback interface. Raises `OSError`."""
    protocol.gone = asyncio.get_running_loop().create_future()
    taken = False

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        if taken:
            writer.close()
            return
        frames = Frames()
        try:
            while data := await reader.read(_CHUNK):
                bodies = frames.feed(data)
                if bodies and not taken:
                    taken = True
                    protocol.set_writer(writer)
                _deliver(protocol, bodies)
        except NotOurProtocolError:
            writer.close()
        except OSError:
            pass
        if protocol.writer is writer:
            protocol.leave()

    server = await asyncio.start_server(connected, LOOPBACK, port)
    _tell(f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}")
    async with server:
        code = await protocol.gone
        if isinstance(protocol.writer, asyncio.StreamWriter):
            protocol.writer.close()
        return code


async def over_websocket(protocol: Protocol, port: int) -> int:
    """Serve the first that connects to a WebSocket with the token. Raises `OSError`."""
    from websockets.asyncio.server import ServerConnection, serve
    from websockets.exceptions import ConnectionClosed
    from websockets.http11 import Request, Response

    protocol.gone = asyncio.get_running_loop().create_future()
    token = os.environ.get(TOKEN) or secrets.token_urlsafe(24)
    taken = False

    def admit(connection: ServerConnection, request: Request) -> Response | None:
        if not _knows(token, request.path, request.headers.get("Authorization", "")):
            return connection.respond(HTTPStatus.UNAUTHORIZED, "the token is missing or wrong\n")
        if taken:
            return connection.respond(HTTPStatus.CONFLICT, "another editor is connected\n")
        return None

    async def connected(connection: ServerConnection) -> None:
        nonlocal taken
        if taken:
            return
        taken = True
        protocol.set_writer(WebSocketWriter(connection), include_headers=False)
        try:
            async for message in connection:
                protocol.receive(message.encode() if isinstance(message, str) else message)
        except ConnectionClosed:
            pass
        protocol.leave()

    async with serve(connected, LOOPBACK, port, process_request=admit) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        _tell(f"ws://{LOOPBACK}:{port}/" + ("" if os.environ.get(TOKEN) else f"?token={token}"))
        return await protocol.gone


def _knows(token: str, path: str, authorization: str) -> bool:
    """Whether a request has the token, in its address or as a bearer token."""
    given = parse_qs(urlsplit(path).query).get("token", [authorization.removeprefix("Bearer ")])
    return hmac.compare_digest(given[0].encode(), token.encode())


def _tell(address: str) -> None:
    print(f"st2c lsp: listening on {address}", file=sys.stderr, flush=True)
