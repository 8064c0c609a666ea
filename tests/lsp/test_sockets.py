"""The server on sockets: for one editor, on this machine, and for no web page."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from lsp.wire import PATIENCE, SERVER, framed, messages
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"processId": None, "rootUri": None, "capabilities": {}},
}
SHUTDOWN: dict[str, Any] = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}
EXIT = {"jsonrpc": "2.0", "method": "exit"}


@contextmanager
def listening(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server, and the address that it says it listens on."""
    process = subprocess.Popen(
        [*SERVER, *arguments],
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
    )
    with process:
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.fullmatch(r"st2c lsp: listening on (\S+)\n", told)
        assert found, told
        try:
            yield process, found[1]
        finally:
            process.kill()


def joined(address: str) -> socket.socket:
    host, _, port = address.partition(":")
    assert host == "127.0.0.1"
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def test_tcp() -> None:
    with listening("--tcp", "0") as (process, address), joined(address) as editor:
        stream = editor.makefile("rb")
        editor.sendall(framed(INITIALIZE))
        assert "capabilities" in next(messages(stream))["result"]
        with joined(address) as second:
            assert second.recv(1) == b""
        editor.sendall(framed(SHUTDOWN) + framed(EXIT))
        assert next(messages(stream)) == {"jsonrpc": "2.0", "id": 2, "result": None}
        assert process.wait(PATIENCE) == 0
        stream.close()


def test_tcp_is_left() -> None:
    with listening("--tcp", "localhost:0") as (process, address):
        with joined(address) as editor:
            editor.sendall(framed(INITIALIZE))
            assert editor.recv(1)
        assert process.wait(PATIENCE) == 1


def test_web_pages_are_not_listened_to() -> None:
    with listening("--tcp", "0") as (_, address):
        with joined(address) as page:
            body = json.dumps(INITIALIZE).encode()
            page.sendall(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            assert page.recv(1) == b""
        with joined(address) as editor:
            editor.sendall(framed(INITIALIZE))
            assert editor.recv(1)


def test_websocket() -> None:
    with listening("--ws", "0", ST2C_LSP_TOKEN="") as (process, address):
        assert re.fullmatch(r"ws://127\.0\.0\.1:\d+/\?token=[\w-]{30,}", address)
        for wrong in (address.partition("?")[0], address + "x", address.replace("token", "taken")):
            with pytest.raises(InvalidStatus, match="401"), connect(wrong):
                pass
        with connect(address) as editor:
            editor.send(json.dumps(INITIALIZE))
            assert "capabilities" in json.loads(editor.recv(PATIENCE))["result"]
            with pytest.raises(InvalidStatus, match="409"), connect(address):
                pass
            editor.send(json.dumps(SHUTDOWN))
            assert json.loads(editor.recv(PATIENCE))["result"] is None
            editor.send(json.dumps(EXIT))
            assert process.wait(PATIENCE) == 0


def test_websocket_with_a_token_of_ones_own() -> None:
    with listening("--ws", "0", ST2C_LSP_TOKEN="a secret") as (_, address):
        assert "secret" not in address
        with connect(address, additional_headers={"Authorization": "Bearer a secret"}) as editor:
            editor.send(json.dumps(INITIALIZE))
            assert "capabilities" in json.loads(editor.recv(PATIENCE))["result"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("0.0.0.0:80", "`0.0.0.0` is not this machine"),
        ("example.com:2087", "`example.com` is not this machine"),
        ("99999", "`99999` is not a port"),
        ("here", "`here` is not a port"),
    ],
)
def test_other_addresses_are_refused(given: str, told: str) -> None:
    ended = subprocess.run([*SERVER, "--tcp", given], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert told in ended.stderr
