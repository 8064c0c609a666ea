"""The session itself: what is cancelled, outdated, broken, and how the server leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lsp.wire import PATIENCE, SERVER, Wire, edit, framed, inserted, messages, place

FLAWED = (sys.executable, str(Path(__file__).with_name("flawed_server.py")))
TEXT = "version: 1.0\ntasks:\n  first:\n    action: core.noop\n    next: [{do: second}]\n"
CANCELLED, MODIFIED, OVERTAKEN = -32800, -32801, -32802


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("session") / "log"


@pytest.fixture(scope="module")
def shared(log: Path) -> Iterator[Wire]:
    with begun(log) as wire:
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    """One server for all tests that leave it alive; what it has said before is forgotten."""
    shared.heard.clear()
    return shared


@contextmanager
def begun(log: Path) -> Iterator[Wire]:
    with Wire("--log-file", str(log), command=FLAWED) as wire:
        wire.begin()
        yield wire


def cancel(request: dict[str, Any]) -> dict[str, Any]:
    return Wire.notification("$/cancelRequest", {"id": request["id"]})


def test_cancelled_before_its_turn(wire: Wire) -> None:
    slow, waiting, last = (wire.request("test/slow") for _ in range(3))
    wire.write(slow, waiting, last, cancel(waiting))
    assert wire.answer(waiting)["error"]["code"] == CANCELLED
    assert wire.answer(last)["result"] == "done"
    answered = [message["id"] for message in wire.heard]
    assert sorted(answered) == [slow["id"], waiting["id"], last["id"]]


def test_cancelled_while_it_waits(wire: Wire) -> None:
    request = wire.request("test/waits")
    wire.write(request)
    assert wire.ask("test/slow") == "done"
    wire.write(cancel(request))
    assert wire.answer(request)["error"]["code"] == CANCELLED


def test_cancelled_too_late_or_never_asked(wire: Wire, log: Path) -> None:
    before = log.read_bytes()
    request = wire.request("test/slow")
    wire.write(request)
    wire.answer(request)
    wire.write(cancel(request), cancel({"id": "unheard-of"}))
    assert wire.ask("test/slow") == "done"
    assert log.read_bytes() == before


def test_a_request_without_an_id_is_passed_over(wire: Wire, log: Path) -> None:
    """Nobody waits for its answer; Kate 22.12 asks for the shutdown so."""
    wire.notify("shutdown")
    wire.notify("textDocument/hover", place("file:///a.yaml", 0, 0))
    assert wire.ask("test/slow") == "done"
    assert "`shutdown` has come without an id" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_question_about_an_older_text(wire: Wire) -> None:
    uri = "file:///a.yaml"
    wire.open(uri, TEXT)
    asked = wire.request("textDocument/definition", place(uri, 4, 17))
    pulled = wire.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    change = wire.notification(
        "textDocument/didChange", edit(uri, 2, inserted(0, 0, "# one line more\n"))
    )
    again = wire.request("textDocument/definition", place(uri, 4, 17))
    wire.write(wire.request("test/slow"), asked, pulled, change, again)
    assert wire.answer(asked)["error"]["code"] == MODIFIED
    overtaken = wire.answer(pulled)["error"]
    assert (overtaken["code"], overtaken["data"]) == (OVERTAKEN, {"retriggerRequest": True})
    assert "result" in wire.answer(again)


def test_only_the_last_text_is_judged(wire: Wire) -> None:
    uri = "file:///b.yaml"
    wire.open(uri, TEXT)
    typed = [
        wire.notification("textDocument/didChange", edit(uri, version, inserted(4, 20, "x")))
        for version in range(2, 40)
    ]
    wire.write(wire.request("test/slow"), *typed)
    found = wire.published(uri, 39)
    assert [one["code"] for one in found] == ["undefined-task"]
    assert "`seco" + 38 * "x" + "nd`" in found[0]["message"]
    versions = [
        message["params"]["version"]
        for message in wire.heard
        if message.get("method") == "textDocument/publishDiagnostics"
        and message["params"]["uri"] == uri
    ]
    assert versions[-1] == 39
    assert not set(versions) & set(range(2, 39))


def test_features_that_fail(wire: Wire, log: Path) -> None:
    failing, broken = wire.request("test/fails"), wire.request("test/unwritable")
    wire.write(failing, broken, wire.notification("test/notified", {}))
    assert wire.answer(failing)["error"] == {
        "code": -32603,
        "message": "`test/fails` failed: of all things",
    }
    assert wire.answer(broken)["error"]["code"] == -32603
    assert wire.ask("test/slow") == "done"
    told = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError: of all things" in told
    assert "nobody asked" in told


def test_what_is_printed_is_no_message(wire: Wire) -> None:
    wire.notify("textDocument/willSave", {"textDocument": {"uri": "file:///a"}, "reason": 1})
    assert wire.ask("test/slow") == "done"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"id": 77, "method": "test/slow"}, -32600),
        ({"jsonrpc": "2.0", "id": 77, "method": "test/unheard-of"}, -32601),
        (
            {"jsonrpc": "2.0", "id": 77, "method": "textDocument/hover", "params": {"position": 1}},
            -32602,
        ),
    ],
)
def test_refused(wire: Wire, sent: dict[str, Any], code: int) -> None:
    wire.write(sent)
    assert wire.answer({"id": 77})["error"]["code"] == code
    assert wire.ask("test/slow") == "done"


def test_no_json(wire: Wire) -> None:
    assert wire.process.stdin is not None
    wire.process.stdin.write(b"Content-Length: 3\r\n\r\n{?}" + framed([]))  # type: ignore[arg-type]
    wire.process.stdin.flush()
    assert wire.answer({"id": None})["error"]["code"] == -32700
    assert wire.answer({"id": None})["error"]["code"] == -32600
    assert wire.ask("test/slow") == "done"


def test_before_and_after() -> None:
    with Wire() as wire:
        early = wire.request("textDocument/hover", place("file:///a.yaml", 0, 0))
        wire.write(early)
        assert wire.answer(early)["error"]["code"] == -32002
        wire.begin()
        wire.ask("shutdown")
        late = wire.request("textDocument/hover", place("file:///a.yaml", 0, 0))
        wire.write(late)
        assert wire.answer(late)["error"]["code"] == -32600
        wire.notify("exit")
        assert wire.process.wait(PATIENCE) == 0


def test_shutdown_answers_what_waits(tmp_path: Path) -> None:
    with begun(tmp_path / "log") as wire:
        waits, slow, queued = (wire.request(f"test/{name}") for name in ("waits", "slow", "slow"))
        wire.write(waits)
        assert wire.ask("test/slow") == "done"
        end = wire.request("shutdown")
        wire.write(slow, queued, end)
        assert wire.answer(end)["result"] is None
        for request in (waits, queued):
            told = [m for m in wire.heard if m.get("id") == request["id"]]
            answer = told[0] if told else wire.answer(request)
            assert answer["error"]["code"] == CANCELLED
        wire.notify("exit")
        assert wire.process.wait(PATIENCE) == 0


def test_exit_without_shutdown() -> None:
    with Wire() as wire:
        wire.begin()
        wire.notify("exit")
        assert wire.process.wait(PATIENCE) == 1


@pytest.mark.parametrize("begun", [True, False])
def test_input_ends(begun: bool) -> None:
    with Wire() as wire:
        if begun:
            wire.begin()
        assert wire.process.stdin is not None
        wire.process.stdin.close()
        assert wire.process.wait(PATIENCE) == 1


@pytest.mark.skipif(os.name != "posix", reason="elsewhere standard input ends with the editor")
def test_editor_dies() -> None:
    waits = [sys.executable, "-c", "input()"]
    with subprocess.Popen(waits, stdin=subprocess.PIPE) as editor, Wire() as wire:
        wire.begin(processId=editor.pid)
        assert wire.process.poll() is None
        editor.send_signal(signal.SIGKILL)
        editor.wait()
        assert wire.process.wait(PATIENCE) == 1


def test_messages_in_pieces() -> None:
    process = subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        request = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {"capabilities": {}},
        }
        body = json.dumps(request).encode()
        whole = b"content-type: x; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s" % (
            len(body),
            body,
        )
        for at in range(0, len(whole), 7):
            process.stdin.write(whole[at : at + 7])
            process.stdin.flush()
        answer = next(messages(process.stdout))
        assert answer["id"] == 1
        assert "capabilities" in answer["result"]
        process.stdin.close()
        assert process.wait(PATIENCE) == 1
