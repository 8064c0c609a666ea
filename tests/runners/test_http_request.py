"""`http-request` against a real server of this machine."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from runners.helpers import cancel_when, invocation, run
from st2runtime.runners import Outcome, Services, find, http_request

HTTP = "http-request"
OWN: dict[str, dict[str, Any]] = {
    name: {}
    for name in ("method", "body", "params", "auth", "timeout", "file_name", "file_content")
}


class Handler(BaseHTTPRequestHandler):
    """Answers by the path: `/echo` tells the request, the others have names."""

    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        if path.startswith("/status/"):
            self.answer(int(path.rpartition("/")[2]), b"said", ("Content-Type", "text/plain"))
        elif path == "/redirect":
            self.answer(302, b"", ("Location", "/echo"))
        elif path == "/hang":
            self.server.hanging.set()  # type: ignore[attr-defined]
            self.server.release.wait(10)  # type: ignore[attr-defined]
        elif path == "/close":
            self.close_connection = True
            self.connection.close()
        elif path in BODIES:
            self.answer(200, BODIES[path][1], *BODIES[path][0])
        else:
            told = {
                "method": self.command,
                "path": self.path,
                "headers": dict(self.headers),
                "body": body.decode("latin-1"),
            }
            self.answer(200, json.dumps(told).encode(), ("Content-Type", "application/json"))

    do_GET = do_POST = do_PUT = do_HEAD = do_PURGE = handle_any  # noqa: N815

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        pass


BODIES: dict[str, tuple[list[tuple[str, str]], bytes]] = {
    "/json": ([("Content-Type", "application/json; charset=utf-8")], b'{"a": 1}'),
    "/broken": ([("Content-Type", "application/json")], b"{"),
    "/empty": ([("Content-Type", "application/json")], b""),
    "/untyped": ([], b'{"a": 1}'),
    "/utf-8": ([("Content-Type", "text/html")], "ä".encode()),
    "/latin": ([("Content-Type", "text/html")], b"\xe4"),
    "/charset": ([("Content-Type", "text/plain; charset=utf-16-le")], "ä".encode("utf-16-le")),
    "/twice": ([("X-One", "1"), ("x-one", "2"), ("Set-Cookie", "a=b")], b""),
}


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.hanging, made.release = threading.Event(), threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.release.set()  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture(scope="module")
def url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def send(url: str, **parameters: Any) -> Outcome:
    return run(HTTP, {"url": url, **parameters}, OWN, ref="core.http")


def echoed(url: str, **parameters: Any) -> dict[str, Any]:
    outcome = send(f"{url}/echo", **parameters)
    assert outcome.status == "succeeded", outcome.result
    found: dict[str, Any] = outcome.result["body"]
    return found


def test_result(url: str) -> None:
    outcome = send(f"{url}/echo?a=1")
    assert outcome.status == "succeeded"
    assert set(outcome.result) == {"status_code", "body", "parsed", "headers"}
    assert (outcome.result["status_code"], outcome.result["parsed"]) == (200, True)
    assert outcome.result["headers"]["Content-Type"] == "application/json"
    body = outcome.result["body"]
    assert (body["method"], body["path"], body["body"]) == ("GET", "/echo?a=1", "")
    assert body["headers"]["User-Agent"].startswith("st2/v")
    assert body["headers"]["X-Stanley-Action"] == "http"


@pytest.mark.parametrize(
    ("code", "status"),
    [(200, "succeeded"), (206, "succeeded"), (207, "failed"), (404, "failed"), (500, "failed")],
)
def test_status_codes(url: str, code: int, status: str) -> None:
    outcome = send(f"{url}/status/{code}")
    assert (outcome.status, outcome.result["status_code"]) == (status, code)
    assert (outcome.result["body"], outcome.result["parsed"]) == ("said", False)


@pytest.mark.parametrize(
    ("path", "body", "parsed"),
    [
        ("/json", {"a": 1}, True),
        ("/broken", "{", False),
        ("/empty", "", False),
        ("/untyped", '{"a": 1}', False),
        ("/utf-8", "ä", False),
        ("/latin", "ä", False),
        ("/charset", "ä", False),
    ],
)
def test_bodies(url: str, path: str, body: object, parsed: bool) -> None:
    result = send(url + path).result
    assert (result["body"], result["parsed"]) == (body, parsed)


def test_headers_of_the_same_name(url: str) -> None:
    headers = send(f"{url}/twice").result["headers"]
    assert headers["X-One"] == "1, 2"
    assert headers["Set-Cookie"] == "a=b"


@pytest.mark.parametrize(
    ("parameters", "method"),
    [
        ({}, "GET"),
        ({"body": "x"}, "POST"),
        ({"body": "x", "method": "PUT"}, "PUT"),
        ({"method": "purge"}, "PURGE"),
    ],
)
def test_methods(url: str, parameters: dict[str, Any], method: str) -> None:
    assert echoed(url, **parameters)["method"] == method


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("parameters", "sent"),
    [
        ({"body": "ä"}, "ä".encode()),
        ({"body": '{"a": 1}', "headers": JSON}, b'{"a":1}'),
        ({"body": "{'a': True}", "headers": JSON}, b'{"a":true}'),
        (
            {"body": {"a": ["ä"]}, "headers": {"content-type": "application/json"}},
            '{"a":["ä"]}'.encode(),
        ),
        ({"headers": JSON}, b""),
        ({"body": {"a": [1, None, 2], "b": "x y"}}, b"a=1&a=2&b=x+y"),
    ],
)
def test_what_is_sent(url: str, parameters: dict[str, Any], sent: bytes) -> None:
    assert echoed(url, **parameters)["body"].encode("latin-1") == sent


@pytest.mark.parametrize(
    "headers",
    [{"X-A": 1, "X-B": "b=c", "Content-Length": "99"}, "X-A=1, X-B=b=c,content-length=99"],
)
def test_headers(url: str, headers: object) -> None:
    told = echoed(url, headers=headers, body="1234")["headers"]
    assert (told["X-A"], told["X-B"], told["Content-Length"]) == ("1", "b=c", "4")
    assert echoed(url, headers={"user-agent": "mine"})["headers"]["user-agent"] == "mine"


def test_parameters_and_cookies(url: str) -> None:
    outcome = send(
        f"{url}/echo?z=0#part", params={"a": [1, True], "n": None, "t": "x&y"}, cookies={"c": 1}
    )
    body = outcome.result["body"]
    assert body["path"] == "/echo?z=0&a=1&a=True&t=x%26y"
    assert body["headers"]["Cookie"] == "c=1"


@pytest.mark.parametrize(
    ("parameters", "user"),
    [
        ({"username": "u", "password": "p"}, "u:p"),
        ({"password": "p"}, ":p"),
        ({"auth": "u:p:q"}, "u:p:q"),
        ({"auth": ["u", "p"]}, "u:p"),
    ],
)
def test_authentication(url: str, parameters: dict[str, Any], user: str) -> None:
    expected = "Basic " + base64.b64encode(user.encode()).decode()
    assert echoed(url, **parameters)["headers"]["Authorization"] == expected


def test_files(url: str) -> None:
    told = echoed(url, file_name="notes.txt", file_content="content")
    assert told["method"] == "POST"
    assert told["headers"]["Content-Type"].startswith("multipart/form-data")
    assert 'name="notes.txt"; filename="notes.txt"' in told["body"]
    assert "\r\n\r\ncontent\r\n" in told["body"]


def test_redirects(url: str) -> None:
    assert send(f"{url}/redirect").status == "failed"
    outcome = send(f"{url}/redirect", allow_redirects=True)
    assert outcome.result["body"]["path"] == "/echo"


def test_proxy(url: str) -> None:
    told = send("http://elsewhere.example/echo", http_proxy=url).result["body"]
    assert told["path"] == "http://elsewhere.example/echo"
    assert told["headers"]["Host"] == "elsewhere.example"


def test_time_limit(url: str) -> None:
    outcome = send(f"{url}/hang", timeout=0.1)
    assert outcome.status == "timeout"
    assert outcome.result == {"error": f"GET {url}/hang: read timed out after 0.1 seconds"}


def test_cancellation(url: str, server: ThreadingHTTPServer) -> None:
    async def cancelled() -> bool:
        hanging = server.hanging  # type: ignore[attr-defined]
        hanging.clear()
        action = invocation(HTTP, {"url": f"{url}/hang"}, OWN)
        task = asyncio.ensure_future(find(HTTP).run(action, Services()))
        return await cancel_when(task, hanging.is_set)

    assert asyncio.run(cancelled())


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"url": "http://127.0.0.1:1/"}, "connection"),
        ({"url": "nonsense"}, "protocol"),
        ({"url": "http://[::1"}, "`url` is no address"),
        ({"url": ""}, "`url` must be given"),
        ({"url": "http://x", "headers": [1]}, "`headers` must be a mapping"),
        ({"url": "http://x", "params": "a=b"}, "`params` must be a mapping"),
        ({"url": "http://x", "auth": "nobody"}, "`auth` must be"),
        ({"url": "http://x", "body": "{", "headers": JSON}, "the body is no JSON"),
        ({"url": "http://x", "timeout": "soon"}, "could not convert"),
        ({"url": "http://x", "url_hosts_blacklist": ["x"]}, "is blacklisted"),
        ({"url": "http://u:p@X:80/", "url_hosts_blacklist": ["x"]}, "is blacklisted"),
        ({"url": "http://x", "url_hosts_whitelist": ["y"]}, "is not whitelisted"),
        (
            {"url": "http://x", "url_hosts_whitelist": ["y"], "url_hosts_blacklist": ["z"]},
            "mutually exclusive",
        ),
        ({"url": "http://x", "http_proxy": "nonsense://y"}, "proxy"),
    ],
)
def test_what_cannot_be_sent(parameters: dict[str, Any], error: str) -> None:
    outcome = run(HTTP, parameters, OWN)
    assert outcome.status == "failed"
    assert set(outcome.result) == {"error", "traceback"}
    assert error in outcome.result["error"].replace("All connection attempts", "connection")


def test_connection_that_breaks(url: str) -> None:
    outcome = send(f"{url}/close")
    assert outcome.status == "failed"
    assert f"GET {url}/close" in outcome.result["error"]


def test_secrets_in_errors_are_hidden() -> None:
    parameters = {"url": "http://127.0.0.1:1/?key=hidden-word"}
    outcome = run(HTTP, parameters, OWN, secrets=("hidden-word", ""))
    assert "?key=********" in outcome.result["error"]


def test_certificates_are_read_once_and_checked() -> None:
    assert http_request._context(True).check_hostname
    assert not http_request._context(False).check_hostname
    assert http_request._context(True) is http_request._context(True)
