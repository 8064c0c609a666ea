"""A file that was cut or changed is refused or read, never a traceback and never quoted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from st2runtime.datastore import Datastore, DatastoreError

Ordinary = tuple[Path, Callable[..., CompletedProcess[str]]]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "keys.db"
    with Datastore(path) as store:
        for number in range(40):
            store.set(f"key{number}", "value" * 50, ttl=None if number % 2 else 10**6)
    return path


def outcome(path: Path, content: bytes) -> str:
    """What reading and writing such a file comes to; anything but these is a failure."""
    path.write_bytes(content)
    with Datastore(path) as store:
        try:
            found = store.list()
            store.set("new", "v")
            store.delete("key1")
        except DatastoreError as error:
            return "quoted" if "valuevalue" in str(error) else "refused"
        finally:
            store.close()
            for companion in path.parent.glob("keys.db-*"):
                companion.unlink()
    return "whole" if len(found) == 40 else "part"


def test_a_truncated_file_is_never_taken_for_a_whole_one(full: Path, tmp_path: Path) -> None:
    content = full.read_bytes()
    size = len(content)
    lengths = {*range(1, size, 997), *range(4096, size, 4096), size - 1}
    results = {outcome(tmp_path / "keys.db", content[:length]) for length in lengths}
    assert results == {"refused"}
    assert outcome(tmp_path / "keys.db", content) == "whole"


@given(
    st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=30)
    | st.lists(st.tuples(st.integers(0, 99), st.integers(0, 255)), min_size=1, max_size=3)
)
@example([(3746, 0x80)])  # in the text of the schema, which SQLite's own message quotes
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoiled_file_is_never_a_traceback(
    full: Path, tmp_path: Path, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(full.read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    assert outcome(tmp_path / "keys.db", bytes(content)) in ("refused", "whole", "part")


def test_a_row_that_is_no_text_is_not_quoted(store: Datastore, path: Path) -> None:
    store.set("a", "1")
    store.close()
    for value in ("CAST(x'ff73656372657480' AS TEXT)", "x'736563726574'"):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(f"UPDATE pairs SET value = {value}")
        connection.close()
        with pytest.raises(DatastoreError, match="is damaged") as error:
            store.get("a")
        assert "secret" not in str(error.value)
