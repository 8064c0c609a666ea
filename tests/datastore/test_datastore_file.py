"""The file: made by writing alone, shared by processes, and never a traceback whatever it is."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from st2runtime.datastore import Datastore, DatastoreError, default_path
from st2runtime.datastore.schema import SCHEMA

Ordinary = tuple[Path, Callable[..., CompletedProcess[str]]]


def test_reading_makes_nothing(store: Datastore, path: Path, tmp_path: Path) -> None:
    assert store.get("a") is None
    assert store.list() == ()
    assert not store.delete("a")
    with pytest.raises(KeyError):
        store.lookup("system.a")
    assert not path.parent.exists()


def test_reading_changes_nothing(store: Datastore, path: Path) -> None:
    store.set("a", "1", ttl=1)
    store.set("b", "2", secret=True)
    store.close()
    before = path.read_bytes()
    with Datastore(path) as other:
        assert other.get("b", decrypt=True) is not None
        assert [item.name for item in other.list()] == ["a", "b"]
        with pytest.raises(KeyError):
            other.lookup("system.c")
    assert path.read_bytes() == before


@pytest.mark.skipif(
    os.name != "posix", reason="permissions of files mean something else on Windows"
)
def test_everything_is_for_the_owner_alone(store: Datastore, path: Path) -> None:
    before = os.umask(0)
    try:
        store.set("a", "1")
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"keys.db": 0o600, "keys.db-wal": 0o600, "keys.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_file_says_what_it_is(store: Datastore, path: Path) -> None:
    store.set("a", "1")
    connection = sqlite3.connect(path)
    pragmas = ("application_id", "user_version", "journal_mode")
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    connection.close()
    assert found == [int.from_bytes(b"ST2C"), SCHEMA, "wal"]


def test_the_environment_names_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ST2C_DATASTORE", str(tmp_path / "x.db"))
    assert default_path() == tmp_path / "x.db"
    monkeypatch.delenv("ST2C_DATASTORE")
    assert default_path().name == "datastore.db"
    assert "st2c" in default_path().parts


def test_an_empty_file_is_a_new_one(store: Datastore, path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert store.list() == ()
    assert path.read_bytes() == b""
    store.set("a", "1")
    assert store.lookup("system.a") == "1"


def test_a_file_that_is_replaced_is_opened_anew(store: Datastore, path: Path) -> None:
    store.set("a", "1")
    assert store.lookup("system.a") == "1"
    store.close()
    path.unlink()
    assert store.get("a") is None
    store.set("b", "2")
    assert [item.name for item in store.list()] == ["b"]


def test_what_another_writes_is_seen(store: Datastore, path: Path) -> None:
    store.set("a", "1")
    with Datastore(path) as reader, Datastore(path) as writer:
        assert reader.lookup("system.a") == "1"
        writer.set("a", "2")
        assert reader.lookup("system.a") == "2"
        store.set("a", "3")
        assert reader.lookup("system.a") == "3"


def test_a_reader_need_not_wait_for_a_writer(store: Datastore, path: Path) -> None:
    store.set("a", "1")
    with store._database.write() as connection:
        connection.execute("UPDATE pairs SET value = '2'")
        with Datastore(path, timeout=0) as reader:
            assert reader.lookup("system.a") == "1"


def test_a_writer_waits_only_so_long(store: Datastore, path: Path) -> None:
    store.set("a", "1")
    with (
        store._database.write(),
        Datastore(path, timeout=0.01) as other,
        pytest.raises(DatastoreError, match="is locked: another process keeps writing"),
    ):
        other.set("a", "2")


def test_a_locked_new_file(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    with (
        Datastore(path, timeout=0.01) as other,
        pytest.raises(DatastoreError, match="is locked"),
    ):
        other.set("a", "2")
    connection.close()


@pytest.mark.parametrize(
    "content",
    [b"hello", b"\x00" * 4096, b"SQLite format 3\x00", b"- name: a\n  value: b\n" * 100],
)
def test_some_other_file_is_left_alone(store: Datastore, path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for use in (lambda: store.get("a"), lambda: store.set("a", "b"), lambda: store.delete("a")):
        with pytest.raises(DatastoreError, match=r"keys.db` is "):
            use()
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE TABLE theirs (a)", "is the database of another program"),
        ("PRAGMA application_id = 7", "is the database of another program"),
        ("PRAGMA user_version = 7", "is the database of another program"),
        (f"PRAGMA application_id = {int.from_bytes(b'ST2C')}", "has an older format"),
    ],
)
def test_a_database_that_is_not_ours(
    store: Datastore, path: Path, statement: str, message: str
) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()
    with pytest.raises(DatastoreError, match=message):
        store.get("a")
    if "older" in message:
        store.set("a", "1")
        assert store.lookup("system.a") == "1"
        return
    with pytest.raises(DatastoreError, match=message):
        store.set("a", "1")


def test_a_newer_format_is_left_alone(store: Datastore, path: Path) -> None:
    store.set("a", "1")
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    for use in (lambda: store.get("a"), lambda: store.set("a", "2")):
        with pytest.raises(DatastoreError, match=r"was made by a newer st2c .* upgrade"):
            use()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with Datastore(tmp_path) as store:
        for use in (lambda: store.get("a"), lambda: store.set("a", "b")):
            with pytest.raises(DatastoreError, match="is not a datastore but a folder"):
                use()


def test_a_path_through_a_file(store: Datastore, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Datastore(tmp_path / "file" / "keys.db") as other:
        assert other.get("a") is None
        with pytest.raises(DatastoreError, match="cannot be used: "):
            other.set("a", "b")
