"""`st2c worker`, and the commands over a database, as real processes."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from distributed.cluster import Cluster, Worker, st2c
from st2runtime.commands.stores import open_database

ASK = """
version: 1.0
tasks:
  ask:
    action: core.ask
    input:
      schema: {type: object, properties: {ok: {type: boolean}, pin: {type: string, secret: true}}}
    next: [{publish: [{ok: <% result().response.ok %>}, {pin: <% result().response.pin %>}], do: [say]}]
  say:
    action: core.local
    input: {cmd: "echo pin <% ctx(pin) %>"}
output: [{ok: <% ctx(ok) %>}]
"""
SLOW = """
version: 1.0
input: [marks]
tasks:
  first:
    action: core.local
    input:
      cmd: "echo $ST2C_IDEMPOTENCY_KEY >> <% ctx(marks) %>; while ! test -e <% ctx(marks) %>.go; do sleep 0.1; done"
    next: [{do: [second]}]
  second:
    action: core.local
    input: {cmd: "echo $ST2C_IDEMPOTENCY_KEY >> <% ctx(marks) %>"}
output: [{done: true}]
"""
KEYS = """
version: 1.0
vars: [{token: "<% st2kv('system.token', decrypt => true) %>"}]
tasks:
  tell:
    action: core.local
    input: {cmd: "test $(echo -n <% ctx(token) %> | wc -c) = 9 && echo <% st2kv('system.region') %>"}
    next: [{publish: [{said: <% result().stdout %>}]}]
output: [{said: <% ctx(said) %>}]
"""


class Commands:
    """Commands over one database."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder

    def __call__(self, *words: str, code: int | None = 0) -> str:
        printed, said = st2c(self.cluster.url, self.folder, *words, code=code)
        return printed if code == 0 else printed + said

    def json(self, *words: str, code: int | None = 0) -> Any:
        """What a command prints, as data."""
        words = (*words, "--format", "json")
        return json.loads(st2c(self.cluster.url, self.folder, *words, code=code)[0])

    def submitted(self, text: str, *words: str) -> str:
        """A workflow that has been submitted; gives the id."""
        path = self.folder / "given.yaml"
        path.write_text(text)
        return self("run", str(path), "--detach", "--no-config", *words).strip()

    def status(self, execution: str) -> str:
        """What an execution is now."""
        return str(self.json("execution", "get", execution, code=None)["status"])

    def becomes(self, execution: str, status: str) -> None:
        """Wait until an execution is something."""
        until(lambda: self.status(execution) == status)


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not become true"
        time.sleep(0.1)


@pytest.fixture
def commands(cluster: Cluster, folder: Path) -> Commands:
    return Commands(cluster, folder)


def marks(folder: Path, name: str) -> Path:
    """A file for the keys of attempts that have begun. The first task waits until `go` is called."""
    path = folder / name
    path.write_text("")
    return path


def go(path: Path) -> None:
    """Let the first tasks end."""
    path.with_name(path.name + ".go").touch()


def test_a_run_is_shown_as_one_here(commands: Commands, worker: Worker) -> None:
    path = commands.folder / "slow.yaml"
    path.write_text(SLOW)
    shown = marks(commands.folder, "shown")
    go(shown)
    text = commands("run", str(path), f"marks={shown}", "--no-config")
    assert "✓ succeeded  first" in text
    assert "├─ ✓ first" in text
    assert "done: true" in text
    data = commands.json("run", "core.local", "cmd=echo hello", "--no-config")
    assert (data["status"], data["result"]["stdout"]) == ("succeeded", "hello")
    assert (
        commands.json("run", "core.local", "cmd=exit 3", "--no-config", code=1)["status"]
        == "failed"
    )


def test_an_answer_wakes_it_and_secrets_are_nowhere_in_the_database(
    commands: Commands, worker: Worker
) -> None:
    execution = commands.submitted(ASK)
    until(lambda: commands.json("inquiry", "list"))
    commands.becomes(execution, "paused")
    commands("inquiry", "respond", execution, "ok=true", "pin=opensesame-4711")
    commands.becomes(execution, "succeeded")
    found = commands.json("execution", "get", execution)
    assert found["output"] == {"ok": True}
    assert "4711" not in json.dumps(found)
    assert "opensesame-4711" not in commands.cluster.dump()


def test_a_deadline_is_looked_after(commands: Commands, worker: Worker) -> None:
    execution = commands.submitted(ASK.replace("input:", "input:\n      ttl: 1", 1))
    commands.becomes(execution, "paused")
    database = open_database(commands.cluster.url).database
    left = "SELECT due - extract(epoch FROM now()) FROM alarms WHERE execution = ?"
    until(lambda: database.read(left, (execution,)))
    ((seconds,),) = database.read(left, (execution,))
    assert 0 < seconds <= 60
    before = "SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid LIKE ? || '.%'"
    assert database.read(before, (execution,)) == [(1,)]
    with database.write() as connection:
        connection.execute("UPDATE alarms SET due = 0 WHERE execution = ?", (execution,))
    until(lambda: database.read(before, (execution,)) == [(2,)])
    commands("execution", "cancel", execution)
    commands.becomes(execution, "canceled")


def test_keys_of_the_database(commands: Commands, worker: Worker) -> None:
    commands("key", "set", "region", "eu")
    commands("key", "set", "token", "topsecret", "--encrypt")
    commands("key", "set", "b", "2", "--scope", "user")
    assert [one["name"] for one in commands.json("key", "list")] == ["b", "region", "token"]
    assert commands("key", "get", "token", "--decrypt").strip() == "topsecret"
    assert commands("key", "get", "none", code=1)
    execution = commands.submitted(KEYS)
    commands.becomes(execution, "succeeded")
    assert commands.json("execution", "get", execution)["output"] == {"said": "eu"}
    assert "topsecret" not in commands.cluster.dump()
    commands("key", "set", "region", "us")
    commands("key", "delete", "b", "--scope", "user")
    assert [one["value"] for one in commands.json("key", "list", "--prefix", "reg")] == ["us"]


def test_python_actions_read_and_write_them(
    commands: Commands, worker: Worker, packs: Path
) -> None:
    actions = packs / "shop" / "actions"
    (actions / "count.yaml").write_text(
        "name: count\nrunner_type: python-script\nentry_point: count.py\n"
    )
    (actions / "count.py").write_text(
        "from st2common.runners.base_action import Action\n"
        "class Count(Action):\n"
        "    def run(self):\n"
        "        self.action_service.set_value('n', '7', local=False)\n"
        "        return self.action_service.get_value('n', local=False)\n"
    )
    words = ("run", "shop.count", "--pack-dir", str(packs), "--no-config")
    assert commands.json(*words)["result"]["result"] == "7"
    assert commands("key", "get", "n").strip() == "7"


def test_pause_resume_cancel_rerun(commands: Commands, worker: Worker) -> None:
    path = marks(commands.folder, "controlled")
    execution = commands.submitted(SLOW, f"marks={path}")
    until(path.read_text)
    commands("execution", "pause", execution)
    go(path)
    commands.becomes(execution, "paused")
    assert len(path.read_text().split()) == 1
    commands("execution", "resume", execution)
    commands.becomes(execution, "succeeded")
    commands("execution", "rerun", execution, "--tasks", "second")
    until(lambda: len(path.read_text().split()) == 3)
    commands.becomes(execution, "succeeded")
    path = marks(commands.folder, "cancelled")
    other = commands.submitted(SLOW, f"marks={path}")
    until(path.read_text)
    commands("execution", "cancel", other)
    go(path)
    commands.becomes(other, "canceled")
    assert commands("execution", "replay", execution)
    commands("execution", "delete", other)
    assert "there is no execution" in commands("execution", "get", other, code=2)


def test_what_the_worker_does_not_have_fails_the_run(commands: Commands, worker: Worker) -> None:
    text = SLOW.replace("action: core.local", "action: nowhere.known", 1)
    execution = commands.submitted(text, "marks=x", "--force")
    commands.becomes(execution, "failed")
    assert "nowhere.known" in commands("execution", "get", execution, code=None)


def test_the_queue_says_who_takes_it(commands: Commands, worker: Worker) -> None:
    path = marks(commands.folder, "queued")
    execution = commands.submitted(SLOW, f"marks={path}", "--queue", "elsewhere")
    said = commands("execution", "pause", execution, code=None)
    assert "no worker takes from the queue `elsewhere`" in said
    go(path)
    other = Worker(commands.cluster.url, commands.folder, "--queues", "elsewhere,third")
    commands.becomes(execution, "paused")
    commands("execution", "resume", execution)
    commands.becomes(execution, "succeeded")
    assert other.stop() == 0


def test_a_killed_worker_loses_nothing(commands: Commands) -> None:
    path = marks(commands.folder, "killed")
    first = Worker(commands.cluster.url, commands.folder, "--queues", "fragile")
    execution = commands.submitted(SLOW, f"marks={path}", "--queue", "fragile")
    until(path.read_text)
    first.kill()
    go(path)
    second = Worker(commands.cluster.url, commands.folder, "--queues", "fragile")
    commands.becomes(execution, "succeeded")
    begun = path.read_text().split()
    assert len(begun) == 3, begun
    assert begun[0] == begun[1] != begun[2]  # the one that was under way began again, under its key
    assert second.stop() == 0


def test_a_stopped_worker_has_lost_it(commands: Commands) -> None:
    path = marks(commands.folder, "stopped")
    first = Worker(commands.cluster.url, commands.folder, "--queues", "frozen")
    execution = commands.submitted(SLOW, f"marks={path}", "--queue", "frozen")
    until(path.read_text)
    first.freeze()
    go(path)
    second = Worker(commands.cluster.url, commands.folder, "--queues", "frozen")
    commands.becomes(execution, "succeeded")
    first.thaw()
    assert first.stop() == 0, first.said
    assert len(path.read_text().split()) == 3
    assert second.stop() == 0


def test_the_database_crashes_and_comes_back(commands: Commands, worker: Worker) -> None:
    path = marks(commands.folder, "crashed")
    execution = commands.submitted(SLOW, f"marks={path}")
    until(path.read_text)
    commands.cluster.crash()
    go(path)
    commands.becomes(execution, "succeeded")
    assert 2 <= len(path.read_text().split()) <= 4


def test_a_worker_that_is_asked_to_stop_ends_what_it_has(commands: Commands) -> None:
    path = marks(commands.folder, "asked")
    only = Worker(commands.cluster.url, commands.folder, "--queues", "asked")
    execution = commands.submitted(SLOW, f"marks={path}", "--queue", "asked")
    until(path.read_text)
    only.process.send_signal(signal.SIGTERM)
    until(lambda: "Stopping" in only.said)
    go(path)
    assert only.process.wait(60) == 0
    assert commands.status(execution) == "succeeded"
    assert len(path.read_text().split()) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("worker", "--no-config"), "cannot be reached"),
        (("run", "core.noop", "--no-config"), "cannot be reached"),
        (("key", "list"), "cannot be reached"),
        (("execution", "list"), "cannot be reached"),
    ],
)
def test_passwords_are_not_shown(tmp_path: Path, cluster: Cluster, words: Any, said: str) -> None:
    url = f"postgresql://st2c:opensesame@/st2c?host={tmp_path}&password=opensesame"
    text = "".join(st2c(url, tmp_path, *words, code=2))
    assert said in text
    assert "opensesame" not in text


def test_what_makes_no_sense(commands: Commands) -> None:
    def says(url: str, *words: str) -> str:
        return st2c(url, commands.folder, *words, code=2)[1]

    assert "named by a URL" in says("mysql://x", "execution", "list")
    assert "give one" in commands("execution", "list", "--store", "x", "--database", "y", code=2)
    assert "not with --datastore" in commands("run", "core.noop", "--datastore", "x", code=2)
    assert "name the database" in says("", "worker")
    assert "--queue names" in says("", "run", "core.noop", "--queue", "x")
