"""Secrets: unreadable without their key file, and the key file is for one pair of eyes."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from st2runtime.datastore import Datastore, DatastoreError, default_key_file

Ordinary = tuple[Path, Callable[..., CompletedProcess[str]]]
posix = pytest.mark.skipif(
    os.name != "posix", reason="permissions of files mean something else on Windows"
)


def written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())


def test_no_secret_lies_in_clear_anywhere(store: Datastore, path: Path) -> None:
    store.set("open", "marker-in-clear")
    store.set("token", "marker-of-secret", secret=True)
    assert b"marker-in-clear" in written(path.parent)
    assert b"marker-of-secret" not in written(path.parent)
    store.close()
    assert b"marker-of-secret" not in written(path.parent)


def test_the_same_secret_is_never_the_same_text(store: Datastore) -> None:
    one = store.set("a", "hunter2", secret=True).value
    assert store.set("a", "hunter2", secret=True).value != one


def test_a_value_that_becomes_a_secret_leaves_no_trace(store: Datastore, path: Path) -> None:
    store.set("token", "marker-of-secret")
    store.set("token", "marker-of-secret", secret=True)
    store.close()
    assert b"marker-of-secret" not in written(path.parent)


@posix
def test_the_key_file_is_made_for_the_owner_alone(store: Datastore, path: Path) -> None:
    before = os.umask(0)
    try:
        store.set("plain", "v")
        assert not store.key_file.exists()
        store.set("token", "v", secret=True)
    finally:
        os.umask(before)
    assert store.key_file == path.with_name("keys.db.key")
    assert stat.S_IMODE(store.key_file.stat().st_mode) == 0o600
    assert not [file.name for file in path.parent.iterdir() if ".key." in file.name]


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
def test_a_key_file_that_others_may_read_is_refused(store: Datastore, mode: int) -> None:
    store.set("token", "hunter2", secret=True)
    store.key_file.chmod(mode)
    with (
        Datastore(store.path) as other,
        pytest.raises(DatastoreError, match=f"mode 0{mode:o}.*run `chmod 600 ") as error,
    ):
        other.get("token", decrypt=True)
    assert "hunter2" not in str(error.value)
    store.key_file.chmod(0o600)
    with Datastore(store.path) as other:
        assert other.lookup("system.token", True) == "hunter2"


def test_the_environment_names_the_key_file(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ST2C_KEY_FILE", str(tmp_path / "elsewhere" / "my.key"))
    assert default_key_file(path) == tmp_path / "elsewhere" / "my.key"
    with Datastore(path) as store:
        store.set("token", "hunter2", secret=True)
        assert (tmp_path / "elsewhere" / "my.key").is_file()
    with Datastore(path, key_file=tmp_path / "elsewhere" / "my.key") as store:
        assert store.lookup("system.token", True) == "hunter2"


def test_a_missing_key_file_is_not_replaced(store: Datastore) -> None:
    store.set("token", "hunter2", secret=True)
    store.set("plain", "v")
    store.key_file.unlink()
    with Datastore(store.path) as other:
        for use in (
            lambda: other.get("token", decrypt=True),
            lambda: other.list(decrypt=True),
            lambda: other.set("second", "x", secret=True),
        ):
            with pytest.raises(DatastoreError, match=r"key file .* is missing.*ST2C_KEY_FILE"):
                use()
        assert other.lookup("system.plain") == "v"
        assert other.get("token") is not None
        assert not other.key_file.exists()
        other.delete("token")
        other.set("token", "new", secret=True)
        assert other.lookup("system.token", True) == "new"


def test_another_key_is_said_to_be_another(store: Datastore, tmp_path: Path) -> None:
    store.set("token", "hunter2", secret=True)
    with Datastore(tmp_path / "other.db") as other:
        other.set("x", "y", secret=True)
        wrong = other.key_file
    with Datastore(store.path, key_file=wrong) as other:
        with pytest.raises(DatastoreError, match="`token` was encrypted with another key"):
            other.get("token", decrypt=True)
        with pytest.raises(DatastoreError, match="were encrypted with another key than that in"):
            other.set("second", "x", secret=True)
        assert [item.name for item in other.list()] == ["token"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello\n",
        b"\xff\xfe\x00",
        b"st2c-datastore-key:1:\n",
        b"st2c-datastore-key:1:c2hvcnQ=\n",
        b"st2c-datastore-key:1:not base64\n",
        b"st2c-datastore-key:2:" + b"A" * 43 + b"=\n",
        b"x" * 100_000,
    ],
)
def test_what_is_no_key_file_is_said_to_be_none(store: Datastore, content: bytes) -> None:
    store.set("token", "hunter2", secret=True)
    store.key_file.write_bytes(content)
    with Datastore(store.path) as other:
        with pytest.raises(DatastoreError, match="is no key file of a datastore"):
            other.get("token", decrypt=True)
        with pytest.raises(DatastoreError, match="is no key file of a datastore"):
            other.set("token", "x", secret=True)
    assert store.key_file.read_bytes() == content


def test_a_folder_is_no_key_file(store: Datastore, tmp_path: Path) -> None:
    with (
        Datastore(store.path, key_file=tmp_path) as other,
        pytest.raises(DatastoreError, match=r"the key file .* cannot be used: "),
    ):
        other.set("token", "x", secret=True)
    assert store.get("token") is None


def change(path: Path, statement: str, *parameters: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement, parameters)
    connection.close()


def test_a_secret_opens_only_where_it_was_stored(store: Datastore) -> None:
    store.set("admin", "hunter2", secret=True)
    mine = store.set("guest", "guest", secret=True)
    store.close()
    change(store.path, "UPDATE pairs SET value = ? WHERE name = 'admin'", mine.value)
    with pytest.raises(DatastoreError, match="`admin` cannot be decrypted: its stored value was"):
        store.get("admin", decrypt=True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-8] + ("AAAAAAAA" if text[-8:] != "AAAAAAAA" else "BBBBBBBB"),
        lambda text: text[:40],
        lambda text: text[:-1],
        lambda text: text.rpartition(":")[0] + ":",
        lambda text: "",
        lambda text: "hunter2",
        lambda text: "st2c:1:",
        lambda text: "st2c:1:é",
    ],
)
def test_a_changed_secret_does_not_open(store: Datastore, spoil: Callable[[str], str]) -> None:
    sealed = store.set("token", "hunter2", secret=True).value
    store.close()
    change(store.path, "UPDATE pairs SET value = ?", spoil(sealed))
    with pytest.raises(DatastoreError) as error:
        store.get("token", decrypt=True)
    assert str(error.value).startswith("`token` ")
    assert "hunter2" not in str(error.value)


def test_an_ordinary_user_cannot_make_a_key_file_in_a_closed_folder(ordinary: Ordinary) -> None:
    folder, run = ordinary
    (folder / "closed").mkdir(mode=0o555)
    done = run(
        "import sys; from st2runtime.datastore import *\n"
        "with Datastore(sys.argv[1], key_file=sys.argv[2]) as store:\n"
        "    store.set('plain', 'v')\n"
        "    try: store.set('token', 'hunter2', secret=True)\n"
        "    except DatastoreError as error: print(error)\n"
        "    print([item.name for item in store.list()])",
        str(folder / "keys.db"),
        str(folder / "closed" / "my.key"),
    )
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first.endswith("my.key` cannot be used: permission denied")
    assert second == "['plain']"
