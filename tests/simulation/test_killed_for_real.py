"""A sample with real processes: `st2c run` killed at any moment, `st2c resume` killed too, then to the end."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from journal.kit import outcomes
from st2runtime.journal.file import FileStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")

WORKFLOW = """
version: 1.0
input: [folder]
tasks:
  each:
    with: {items: <% range(4) %>, concurrency: 2}
    action: core.local
    input: {cmd: "echo $ST2C_IDEMPOTENCY_KEY >> <% ctx(folder) %>/ran; sleep 0.1; echo <% item() %>"}
    next: [{publish: [{items: <% result().select($.stdout) %>}], do: [both]}]
  tries:
    action: core.local
    input: {cmd: "echo $ST2C_IDEMPOTENCY_KEY >> <% ctx(folder) %>/ran; case $ST2C_IDEMPOTENCY_KEY in */1) ;; *) exit 1;; esac"}
    retry: {count: 1, delay: 1}
    next: [{publish: [{tried: <% task_status(tries) %>}], do: [both]}]
  both:
    join: all
    delay: 1
    action: core.local
    input: {cmd: "echo $ST2C_IDEMPOTENCY_KEY >> <% ctx(folder) %>/ran; sleep 0.1; echo end"}
    next: [{publish: [{end: <% result().stdout %>}]}]
output: [{items: <% ctx(items) %>}, {tried: <% ctx(tried) %>}, {end: <% ctx(end) %>}]
"""
ATTEMPTS = 7
EXPECTED = {"items": [0, 1, 2, 3], "tried": "succeeded", "end": "end"}


class Run:
    """A run in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "runs.db"
        folder.mkdir()
        (folder / "flow.yaml").write_text(WORKFLOW)

    def begun(self) -> list[str]:
        """The keys of the attempts that have begun."""
        ran = self.folder / "ran"
        return ran.read_text().splitlines() if ran.exists() else []

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "st2lang.commands.main", *words, "--store", str(self.path)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def next(self) -> subprocess.Popen[str]:
        """Go on with it, or begin when nothing of it is on the disk."""
        if self.path.exists() and self.store().database.read("SELECT 1 FROM executions"):
            return self.start("resume", "-q", "--format", "json")
        return self.start("run", "flow.yaml", f"folder={self.folder}", "-q", "--format", "json")

    def store(self) -> FileStore:
        """The journal."""
        return FileStore(self.path)

    def kill(self, more: int, moment: float) -> None:
        """Go on until some more attempts have begun and a moment has passed, then kill it."""
        before, process = len(self.begun()), self.next()
        while process.poll() is None and len(self.begun()) < before + more:
            time.sleep(0.01)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("seed", range(int(os.environ.get("ST2C_FUZZ", "1")) + 1))
def test_killed_wherever(seed: int, tmp_path: Path) -> None:
    chance, run = random.Random(seed), Run(tmp_path / "run")
    kills = chance.randint(1, 3)
    for _ in range(kills):
        run.kill(chance.randint(0, 3), chance.uniform(0, 1.2))
    _, err = run.next().communicate(timeout=120)
    assert "Traceback" not in err
    out, _ = run.start("execution", "get", "last", "--format", "json").communicate(timeout=120)
    told = json.loads(out)
    assert (told["status"], told["output"]) == ("succeeded", EXPECTED)
    store = run.store()
    ended = outcomes(store.entries(told["id"]))
    store.close()
    assert len(ended) == len(set(ended)) == ATTEMPTS
    begun = run.begun()
    assert len(set(begun)) == ATTEMPTS
    assert max(begun.count(key) for key in begun) <= kills + 1
