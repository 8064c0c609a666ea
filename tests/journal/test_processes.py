"""Real processes: killed, stopped, continued, in the background; and the commands that look at them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")

LINE = """
version: 1.0
input: [folder]
tasks:
  one:
    action: core.local
    input: {cmd: "echo one $ST2C_IDEMPOTENCY_KEY >> <% ctx(folder) %>/ran; echo first"}
    next: [{when: <% succeeded() %>, publish: [{said: <% result().stdout %>}, {number: <% random() %>}], do: [two]}]
  two:
    with: {items: <% range(3) %>, concurrency: 1}
    action: core.local
    input:
      cmd: "echo two$ST2C_IDEMPOTENCY_KEY >> <% ctx(folder) %>/ran; until test -e <% ctx(folder) %>/go; do sleep 0.05; done"
    next: [{do: [three]}]
  three:
    delay: 1
    action: core.local
    input: {cmd: "echo three $ST2C_IDEMPOTENCY_KEY >> <% ctx(folder) %>/ran"}
output: [{said: <% ctx(said) %>}, {number: <% ctx(number) %>}]
"""
ASKS = """
version: 1.0
tasks:
  ask:
    action: core.ask
    input: {schema: {type: object, properties: {colour: {type: string, required: true}, pin: {type: string, secret: true}}}}
    next: [{publish: [{answer: <% result().response %>}], do: [say]}]
  say: {action: core.local, input: {cmd: echo <% ctx(answer).colour %> <% ctx(answer).pin %>}}
output: [{colour: <% ctx(answer).colour %>}]
"""


class Place:
    """A folder with workflows and a journal, and `st2c` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "ST2C_STORE": str(folder / "runs.db"),
            "ST2C_DATASTORE": str(folder / "keys.db"),
            "NO_COLOR": "1",
        }
        (folder / "line.yaml").write_text(LINE)
        (folder / "asks.yaml").write_text(ASKS)
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin a command."""
        process = subprocess.Popen(
            [sys.executable, "-m", "st2lang.commands.main", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def st2c(self, *words: str, code: int = 0) -> str:
        """The output of a command that ends with this code."""
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, (words, out, err)
        assert "Traceback" not in err
        return out if code != 2 else err

    def json(self, *words: str, code: int = 0) -> Any:
        """The output as data."""
        return json.loads(self.st2c(*words, "--format", "json", code=code))

    def line(self) -> subprocess.Popen[str]:
        """Begin the workflow `line`, up to where its second task runs."""
        process = self.start("run", "line.yaml", f"folder={self.folder}", "-q")
        until(lambda: "two" in self.ran())
        return process

    def ran(self) -> str:
        """What has run."""
        path = self.folder / "ran"
        return path.read_text() if path.exists() else ""

    def go(self) -> None:
        """Let the second task end."""
        (self.folder / "go").touch()


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path)
    yield found
    found.go()
    for process in found.processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_killed_and_resumed(place: Place) -> None:
    process = place.line()
    (run,) = place.json("execution", "list")
    assert (run["status"], run["holder"]) == ("running", f"process {process.pid}")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert "cut off" in place.st2c("execution", "list")
    before = place.ran().splitlines()
    place.go()
    out = place.st2c("resume", "-q")
    assert "said: first" in out
    after = place.ran().splitlines()
    assert [line.split()[0] for line in after].count("one") == 1
    keys = [line for line in after if line.startswith("two")]
    assert len(keys) == 4  # three items, the first of them twice
    assert len(set(keys)) == 3
    assert before[-1] in keys[1:]  # with the same key
    assert place.json("execution", "get", "last")["status"] == "succeeded"
    assert "nothing to go on with" in place.start("resume").communicate()[1]


def test_stopped_taken_over_and_continued(place: Place) -> None:
    place.environment["ST2C_SILENCE"] = "1"
    process = place.line()
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(1.2)
    place.go()
    out = place.st2c("resume", "-q")
    assert "said: first" in out
    os.kill(process.pid, signal.SIGCONT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "taken over by another process" in err
    assert place.json("execution", "get", "last")["status"] == "succeeded"


def test_one_process_a_run(place: Place) -> None:
    process = place.line()
    assert f"being run by process {process.pid}" in place.st2c("resume", "last", code=2)
    assert "being run by process" in place.st2c("execution", "delete", "last", code=2)


def test_paused_and_resumed_from_outside(place: Place) -> None:
    process = place.line()
    place.st2c("execution", "pause", "last")
    place.go()
    process.communicate(timeout=60)
    assert process.returncode == 1
    assert place.json("execution", "get", "last")["status"] == "paused"
    assert "three" not in place.ran()
    place.st2c("execution", "resume", "last")
    assert "three" in place.st2c("execution", "tail", "last")
    assert place.json("execution", "get", "last")["status"] == "succeeded"
    assert "it is succeeded" in place.st2c("execution", "pause", "last", code=2)


def test_cancelled_from_outside(place: Place) -> None:
    process = place.line()
    place.st2c("execution", "cancel", "last")
    place.go()
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert place.json("execution", "get", "last")["status"] == "canceled"


def test_cancelled_after_a_crash(place: Place) -> None:
    process = place.line()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    place.st2c("execution", "cancel", "last")
    assert place.json("execution", "get", "last")["status"] == "canceled"


def test_in_the_background(place: Place) -> None:
    name = place.st2c("run", "line.yaml", f"folder={place.folder}", "--detach").strip()
    until(lambda: "two" in place.ran())
    assert place.json("execution", "list")[0]["id"] == name
    place.go()
    place.st2c("execution", "tail", name)
    assert place.json("execution", "output", name)["said"] == "first"
    assert "is not defined" in place.st2c(
        "run", "core.local", "cdm=x", "--detach", code=2
    ) or "cannot be run" in place.st2c("run", "core.local", "cdm=x", "--detach", code=2)


def test_asked_and_answered(place: Place) -> None:
    place.st2c("run", "asks.yaml", "-q", code=1)
    (inquiry,) = place.json("inquiry", "list")
    assert inquiry["schema"]["properties"]["pin"] == {"type": "string", "secret": True}
    assert "do not fit" in place.st2c(
        "inquiry", "respond", "last", "--response", '{"colour": 5}', code=2
    )
    place.st2c("inquiry", "respond", inquiry["id"], "colour=blue", "pin=98765")
    place.st2c("execution", "tail", "last")
    run = place.json("execution", "get", "last")
    assert (run["status"], run["output"]) == ("succeeded", {"colour": "blue"})
    assert run["tasks"][1]["result"]["stdout"] == "blue ********"
    assert place.json("inquiry", "list") == []
    assert b"98765" not in b"".join(
        path.read_bytes() for path in place.folder.glob("runs.db*") if path.is_file()
    )


RESTRICTED = """
version: 1.0
tasks:
  ask: {action: core.ask, input: {users: [ada], roles: [approver], ttl: 5}}
"""


def test_who_may_answer_and_until_when(place: Place) -> None:
    (place.folder / "restricted.yaml").write_text(RESTRICTED)
    place.environment["LOGNAME"] = "grace"
    place.st2c("run", "restricted.yaml", "-q", code=1)
    run = place.json("execution", "get", "last")
    (inquiry,) = place.json("inquiry", "list")
    assert (inquiry["users"], inquiry["ttl"]) == (["ada"], 5)
    assert run["wakers"][-1] == f"inquiry {inquiry['id']} until {inquiry['deadline']}"
    assert "  until 2" in place.st2c("inquiry", "list")
    refused = place.st2c("inquiry", "respond", "last", "continue=true", code=2)
    assert "only ada may answer this, not grace" in refused
    process = place.start("inquiry", "respond", "last", "continue=true", "--user", "ada")
    assert "only StackStorm knows" in process.communicate(timeout=60)[1]
    place.st2c("execution", "tail", "last")
    assert place.json("execution", "get", "last")["status"] == "succeeded"


def test_resumed_while_only_an_answer_helps(place: Place) -> None:
    process = place.start("run", "asks.yaml", "-q")
    told = process.communicate(timeout=60)[1]
    (inquiry,) = place.json("inquiry", "list")
    respond = f"st2c inquiry respond {inquiry['id']} colour=… pin=…"
    assert respond in told
    for words in (["resume", "last"], ["execution", "resume", "last"]):
        process = place.start(*words)
        assert respond in process.communicate(timeout=60)[1]
        assert process.returncode == 1
    assert place.json("execution", "get", "last")["status"] == "paused"
    name = place.st2c(
        "resume", "last", "--detach"
    ).strip()  # waits until nobody may answer any more
    assert place.json("execution", "list")[0]["holder"]
    place.st2c("inquiry", "respond", "last", "colour=blue", "pin=1")
    place.st2c("execution", "tail", name)
    assert place.json("execution", "get", "last")["status"] == "succeeded"


def test_looked_at(place: Place) -> None:
    place.go()
    place.st2c("run", "line.yaml", f"folder={place.folder}", "-q")
    run = place.json("execution", "get", "last")
    assert set(run) >= {
        "id", "action", "status", "parameters", "output", "errors", "tasks", "context", "spec",
        "graph", "state", "start_timestamp", "end_timestamp",
    }  # fmt: skip
    assert run["tasks"][0]["next"] == [{"transition": 0, "to": ["two"]}]
    assert run["tasks"][0]["published"]["said"] == "first"
    seen = place.json("execution", "context", "line.yaml", "--task", "three")
    assert seen["execution"] == run["id"]
    assert (seen["task"], seen["route"], seen["status"]) == ("three", 0, "succeeded")
    assert seen["context"]["said"] == "first"
    assert seen["item"] is None
    items = place.json("execution", "context", "line.yaml", "--task", "two")
    assert items["item"] == 0
    assert "✓ succeeded" in place.st2c("execution", "get", "last", "--graph")
    assert "succeeded → two" in place.st2c("execution", "get", "last", "--graph").replace(" ✓", "")
    assert "said: first" in place.st2c("execution", "get", "last")
    place.start("execution", "context", "asks.yaml", "--task", "ask").communicate()
    assert place.processes[-1].returncode == 1


def test_exported_replayed_and_compared(place: Place) -> None:
    place.go()
    place.st2c("run", "line.yaml", f"folder={place.folder}", "-q")
    place.st2c("execution", "export", "last", "-o", "case.yaml")
    case = (place.folder / "case.yaml").read_text()
    assert "expected_task_sequence" in case
    steps = place.json("execution", "replay", "last")
    assert steps[0]["event"] == "Start"
    assert steps[-1]["then"] == "succeeded"
    other = place.json("execution", "replay", "last", "--status", "one=failed")
    assert other[-1]["then"] == "failed"
    assert "no task `on`; did you mean `one`" in place.st2c(
        "execution", "replay", "last", "--result", "on=1", code=2
    )
    first = place.json("execution", "list")[0]["id"]
    place.st2c("run", "line.yaml", f"folder={place.folder}", "-q")
    parted = place.json("execution", "diff", first, "last", code=1)
    assert [one["where"] for one in parted["differences"]] == ["output"]
    assert "Both runs are the same" in place.st2c("execution", "diff", first, first)


def test_forgotten(place: Place) -> None:
    place.go()
    for _ in range(2):
        place.st2c("run", "core.noop", "-q")
    place.st2c("run", "core.noop", "-q", "--no-store")
    assert len(place.json("execution", "list")) == 2
    place.st2c("execution", "delete", "last")
    assert place.json("execution", "purge", "--older-than", "0s") == {"deleted": 1}
    assert place.json("execution", "list") == []
    assert "there is no execution" in place.st2c("execution", "get", "last", code=2)
