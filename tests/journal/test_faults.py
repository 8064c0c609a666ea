"""Disks that are full, broken, read-only or locked: a clear message, nothing half-recorded, and it can go on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from journal.kit import RUN, Bench, Table
from st2runtime.actions.secrets import Secrets
from st2runtime.journal import holders
from st2runtime.journal.errors import JournalError
from st2runtime.journal.file import FileStore

GIVEN = {"names": ["ada", "grace"]}


class Faulty(sqlite3.Connection):
    """A connection whose disk fails from some commit on."""

    left = 10**9
    failure = ("SQLITE_FULL", sqlite3.SQLITE_FULL)

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
        """As always, unless the disk fails."""
        if statement == "COMMIT":
            Faulty.left -= 1
            if Faulty.left < 0:
                self.rollback()
                error = sqlite3.OperationalError("it fails")
                error.sqlite_errorname, error.sqlite_errorcode = Faulty.failure
                raise error
        return super().execute(statement, *values)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_FULL", "no room left"),
        ("SQLITE_IOERR_FSYNC", "its disk reports an error"),
        ("SQLITE_IOERR_WRITE", "its disk reports an error"),
        ("SQLITE_READONLY", "read-only"),
        ("SQLITE_BUSY", "is locked"),
    ],
)
def test_a_disk_that_fails_in_the_middle(
    tmp_path: Path, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holders, "lives", lambda *_: False)  # the process that failed has gone
    bench = Bench(tmp_path, factory=Faulty)
    bench.store.create("f" * 24, Secrets())  # the file is made while its disk is well
    Faulty.failure = (name, getattr(sqlite3, name))
    for left in (2, 4, 6):
        run = f"{left:024x}"
        Faulty.left = left
        with pytest.raises(JournalError, match=words):
            bench.run("shop.top", GIVEN, Table(), run)
        Faulty.left = 10**9
        assert bench.fold(run).status == "running"  # what is kept is whole
        step = bench.resume(Table(), run=run)
        assert step.status == "paused"
        step = bench.resume(Table(), bench.answer({"continue": True}, run), run=run)
        assert step.status == "succeeded"


def test_a_disk_that_fails_before_anything_has_run(tmp_path: Path) -> None:
    bench = Bench(tmp_path, factory=Faulty)
    Faulty.failure, Faulty.left = ("SQLITE_FULL", sqlite3.SQLITE_FULL), 0
    table = Table()
    with pytest.raises(JournalError, match="no room left"):
        bench.run("shop.top", GIVEN, table)
    Faulty.left = 10**9
    assert table.begun == []


def test_a_locked_database(tmp_path: Path) -> None:
    bench = Bench(tmp_path, timeout=0.1)
    bench.run("shop.top", GIVEN, Table())
    with sqlite3.connect(bench.store.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="is locked"):
            bench.resume(Table())
        assert bench.fold().status == "paused"  # reading goes on
        other.execute("ROLLBACK")
    other.close()
    assert bench.resume(Table()).status == "paused"


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database" * 100)
    with pytest.raises(JournalError, match="is not a journal but some other file"):
        FileStore(tmp_path / "text.db").find(RUN)
    with sqlite3.connect(tmp_path / "theirs.db") as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    with pytest.raises(JournalError, match="another program"):
        FileStore(tmp_path / "theirs.db").find(RUN)
    with pytest.raises(JournalError, match="a folder or a device"):
        FileStore(tmp_path).find(RUN)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    """A real write that fails: the run ends with a message, and goes on once there is room."""
    workflow = tmp_path / "w.yaml"
    workflow.write_text(
        "version: 1.0\ntasks:\n  t:\n    with: {items: <% range(200) %>, concurrency: 4}\n"
        "    action: core.noop\noutput: [{n: <% task(t).result.items.len() %>}]\n"
    )
    store = tmp_path / "runs.db"
    command = [sys.executable, "-m", "st2lang.commands.main"]
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)); "
        "from st2lang.commands.main import main; sys.exit(main(sys.argv[1:]))"
    )
    small = subprocess.run(
        [sys.executable, "-c", script, "run", str(workflow), "-q", "--store", str(store)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert small.returncode == 1, small.stderr
    assert "the journal" in small.stderr
    assert "Traceback" not in small.stderr
    assert "goes on" in small.stderr
    resumed = subprocess.run(
        [*command, "resume", "-q", "--store", str(store)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (resumed.returncode, resumed.stdout) == (0, "output:\n  n: 200\n"), resumed.stderr
