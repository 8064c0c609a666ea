"""The store: lists, holds, fences, forgets; what is secret is not to be read in it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from st2runtime.actions.secrets import Secrets
from st2runtime.events import ActionEnded, Rerun, RerunTask
from st2runtime.journal import entries as written
from st2runtime.journal import holders
from st2runtime.journal.cloak import Cloak
from st2runtime.journal.entries import Begin, Happened
from st2runtime.journal.errors import BusyError, FencedError, JournalError, UnknownExecutionError
from st2runtime.journal.file import FileStore
from st2runtime.journal.log import FileLog
from st2runtime.journal.store import Mail, Query

json_data = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "runs.db", key_file=tmp_path / "key")


def begin(store: FileStore, name: str, at: float = 1.0, status: str = "running") -> FileLog:
    log = store.create(name, Secrets())
    first = Begin(name, "core.noop", "noop", {}, {}, {"user": "ada"}, entry_point="/w.yaml", at=at)
    log.append([first], status=status)
    return log


def ended(result: object = None) -> Happened:
    return Happened(0, ActionEnded("", "succeeded", result), at=2.0)


@given(json_data)
def test_entries_come_back_as_they_were(value: object) -> None:
    entry = ended(value)
    assert written.from_text(written.to_text(entry)) == entry
    again = Happened(1, Rerun((RerunTask("a", 2, True),)), [["now", [], 5]], "x", {"mail": 1}, 3.5)
    assert written.from_text(written.to_text(again)) == again


@given(json_data, st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_cloaked_text_comes_back_to_the_letter(value: object, secrets: list[str]) -> None:
    known = Secrets()
    known.add(secrets)
    cloak = Cloak(known)
    cloak.new()
    text = written.to_text(ended([value, secrets]))
    assert cloak.show(cloak.hide(text)) == text


def test_secrets_are_not_to_be_read(store: FileStore) -> None:
    secrets = Secrets()
    log = store.create("a" * 24, secrets)
    log.append([Begin("a" * 24, "core.noop", "noop", {}, {}, {})])
    secrets.add(["hunter2\\n", "x9"])
    log.append([ended({"out": "it is hunter2\\n!", "short": "x9", "plain": "x91"})])
    store.close()
    content = (
        store.path.read_bytes() + Path(f"{store.path}-wal").read_bytes()
        if Path(f"{store.path}-wal").exists()
        else store.path.read_bytes()
    )
    assert b"hunter2" not in content
    assert b'"x9"' not in content
    (_, entry) = store.entries("a" * 24)
    assert isinstance(entry, Happened)
    assert entry.event == ended({"out": "it is hunter2\\n!", "short": "x9", "plain": "x91"}).event
    learned = Secrets()
    log.release()
    store.open("a" * 24, learned)
    assert "hunter2\\n" in learned


def test_without_the_key_secrets_cannot_be_read(store: FileStore, tmp_path: Path) -> None:
    secrets = Secrets()
    secrets.add(["hunter2"])
    log = store.create("a" * 24, secrets)
    log.append([Begin("a" * 24, "core.noop", "noop", {"p": "hunter2"}, {}, {})])
    (tmp_path / "key").unlink()
    fresh = FileStore(store.path, key_file=tmp_path / "key")
    assert fresh.find("last").id == "a" * 24
    with pytest.raises(JournalError, match=r"key file .* is missing"):
        list(fresh.entries("a" * 24))


def test_lists(store: FileStore) -> None:
    assert store.executions(Query()) == []
    for number in range(5):
        begin(store, f"{number}" * 24, float(number), "failed" if number % 2 else "running")
    assert [one.id[0] for one in store.executions(Query(limit=2))] == ["4", "3"]
    assert [one.id[0] for one in store.executions(Query(statuses=("failed",)))] == ["3", "1"]
    assert [one.id[0] for one in store.executions(Query(since=2.0, before=4.0))] == ["3", "2"]
    assert len(store.executions(Query(source="/w.yaml"))) == 5
    assert store.executions(Query(action="core.local")) == []
    assert store.find("3").id == "3" * 24
    assert store.find("last").id == "4" * 24
    for wrong in ("9", "", "x'--", "3" * 25):
        with pytest.raises(UnknownExecutionError):
            store.find(wrong)


def test_one_writer(store: FileStore) -> None:
    log = begin(store, "a" * 24)
    with pytest.raises(BusyError, match="is being run by process"):
        store.open("a" * 24, Secrets())
    log.release()
    second = store.open("a" * 24, Secrets())
    with pytest.raises(FencedError, match="taken over"):
        log.append([ended()])
    with pytest.raises(FencedError):
        log.renew()
    second.append([ended()])
    assert len(list(store.entries("a" * 24))) == 2


def test_a_holder_that_is_silent_has_lost_it(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = begin(store, "a" * 24)
    now = holders.tick()
    monkeypatch.setattr(holders, "tick", lambda: now + holders.SILENCE + 1)
    second = store.open("a" * 24, Secrets())
    with pytest.raises(FencedError):
        log.append([ended()])
    second.append([ended()])


def test_a_deleted_execution_is_told_to_its_writer(store: FileStore) -> None:
    log = begin(store, "a" * 24)
    with pytest.raises(BusyError):
        store.delete("a" * 24)
    log.release()
    store.delete("a" * 24)
    with pytest.raises(FencedError, match="or deleted"):
        log.append([ended()])


def test_mail(store: FileStore) -> None:
    log = begin(store, "a" * 24)
    other = FileStore(store.path, key_file=store.path.with_name("key"))
    number = other.post("a" * 24, Mail("pause"))
    other.post("a" * 24, Mail("answer", {"response": {"pin": "hunter2"}}, secret=True))
    first, second = log.mail()
    assert (first.kind, first.number) == ("pause", number)
    assert second.data == {"response": {"pin": "hunter2"}}
    assert log.mail() == []  # nothing new
    log.append([], mail=[number])
    assert other.waiting("a" * 24) == [second.number]
    with sqlite3.connect(store.path) as connection:
        (body,) = connection.execute("SELECT body FROM mail").fetchone()
    connection.close()
    assert "hunter2" not in body


def test_large_entries_are_files(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ST2C_STORE_LIMIT", "2000")
    for name in ("a" * 24, "b" * 24):
        log = begin(store, name, status="succeeded")
        log.append([ended("x" * 5000)], status="succeeded")
        log.release()
    (blob,) = store.blobs.names()
    assert store.path.stat().st_size < 10**6
    store.delete("a" * 24)
    assert list(store.blobs.names()) == [blob]
    _, entry = store.entries("b" * 24)
    assert entry == ended("x" * 5000)
    path = store.blobs.folder / blob[:2] / blob[2:]
    path.write_bytes(path.read_bytes().replace(b"xxx", b"xyx", 1))
    with pytest.raises(JournalError, match="is damaged"):
        list(store.entries("b" * 24))
    store.delete("b" * 24)
    assert list(store.blobs.names()) == []


def test_purge(store: FileStore) -> None:
    for number in range(4):
        log = begin(store, f"{number}" * 24, float(number))
        if number:
            log.append([ended()], status="succeeded")
        log.release()
    assert store.purge(Query(before=3.0)) == 2
    assert [one.id[0] for one in store.executions(Query())] == ["3", "0"]


OPENED_AND_CLOSED = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM executions").fetchone()
connection.close()
"""


def test_a_second_look_does_not_give_up_the_locks_of_the_process(store: FileStore) -> None:
    """Another process would take itself for the last one, and remove the log of SQLite under this one."""
    begin(store, "a" * 24)
    other = FileStore(store.path)
    assert other.find("a" * 24).id == "a" * 24
    other.close()
    wal = Path(f"{store.path}-wal")
    before = wal.stat().st_ino
    subprocess.run([sys.executable, "-c", OPENED_AND_CLOSED, str(store.path)], check=True)
    assert wal.exists()
    assert wal.stat().st_ino == before
