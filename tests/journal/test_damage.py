"""A journal that was cut or changed is read up to where it is whole, or refused; nothing is guessed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from journal.kit import RUN, Bench, Table
from st2runtime.journal.errors import DamagedError, JournalError, OtherVersionError
from st2runtime.journal.file import FileStore
from st2runtime.journal.fold import Fold
from st2runtime.journal.store import Query

GIVEN = {"names": ["ada", "grace"]}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = Bench(tmp_path_factory.mktemp("kept"))
    bench.run("shop.top", GIVEN, Table())
    with sqlite3.connect(bench.store.path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    bench.store.close()
    return bench.store.path


@pytest.fixture(scope="module")
def texts(kept: Path) -> list[str]:
    return [str(entry) for entry in FileStore(kept).entries(RUN)]


def outcome(path: Path, content: bytes, texts: list[str]) -> str:
    """What reading such a file comes to."""
    for companion in path.parent.glob(f"{path.name}-*"):
        companion.unlink()
    path.write_bytes(content)
    store = FileStore(path)
    try:
        listed = store.executions(Query())
        if not listed:
            return "nothing"
        found = list(store.entries(listed[0].id))
        Fold(store.graph).read(found)
    except JournalError:
        return "refused"
    finally:
        store.close()
    assert [str(entry) for entry in found] == texts
    assert (listed[0].status, listed[0].action) == ("paused", "shop.top")
    return "whole"


def lengths(size: int, factor: int) -> Iterator[int]:
    """Where to cut: everywhere when there is time, else here and there and at the ends of pages."""
    step = 1 if factor > 5 else 1009
    yield from sorted({*range(1, size, step), *range(4096, size, 4096), size - 1})


def test_a_truncated_file(kept: Path, texts: list[str], tmp_path: Path, fuzz_factor: int) -> None:
    content = kept.read_bytes()
    assert outcome(tmp_path / "runs.db", content, texts) == "whole"
    found = {
        outcome(tmp_path / "runs.db", content[:length], texts)
        for length in lengths(len(content), fuzz_factor)
    }
    assert found == {"refused"}


@given(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 7)), min_size=1, max_size=8))
@example([(24, 1)])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_flipped_bits(
    kept: Path, texts: list[str], tmp_path: Path, flips: list[tuple[int, int]]
) -> None:
    content = bytearray(kept.read_bytes())
    for place, bit in flips:
        content[place % len(content)] ^= 1 << bit
    assert outcome(tmp_path / "runs.db", bytes(content), texts) in ("refused", "whole", "nothing")


def change(kept: Path, tmp_path: Path, statement: str, *values: object) -> FileStore:
    path = tmp_path / "runs.db"
    path.write_bytes(kept.read_bytes())
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()
    return FileStore(path)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE log SET body = replace(body, 'ada', 'bob') WHERE position = 1", "entry 1 of"),
        ("DELETE FROM log WHERE position = 3", "entry 3 of"),
        ("DELETE FROM log WHERE position = (SELECT max(position) FROM log)", "is missing"),
        ("UPDATE log SET digest = x'00' WHERE position = 2", "entry 2 of"),
        ("UPDATE executions SET status = 'succeeded'", "in the list"),
        ("UPDATE executions SET entries = entries - 1", "in the list"),
        ("UPDATE executions SET head = x'00'", "in the list"),
        ("UPDATE log SET body = 'x' WHERE position = 0", "entry 0 of"),
        ("UPDATE log SET large = '../../x' WHERE position = 0", "entry 0 of"),
    ],
)
def test_what_is_changed_is_told(kept: Path, tmp_path: Path, statement: str, message: str) -> None:
    store = change(kept, tmp_path, statement)
    with pytest.raises(DamagedError, match=message):
        list(store.entries(RUN))


def test_a_changed_workflow_is_told(kept: Path, tmp_path: Path) -> None:
    store = change(kept, tmp_path, "UPDATE graphs SET text = replace(text, 'left', 'loft')")
    with pytest.raises(DamagedError, match="a workflow"):
        Fold(store.graph).read(store.entries(RUN))


def test_another_workflow_or_version_is_refused(kept: Path) -> None:
    from st2lang.record import replace

    store = FileStore(kept)
    first, *rest = store.entries(RUN)
    with pytest.raises(OtherVersionError, match="not the one it began with"):
        Fold(store.graph).read([replace(first, graph="0" * 64), *rest])
    with pytest.raises(OtherVersionError, match="another version of st2c"):
        Fold(store.graph).read([replace(first, version=99), *rest])
    with pytest.raises(DamagedError, match="asks for something else now"):
        Fold(store.graph).read([first, replace(rest[0], asked="0" * 24), *rest[1:]])
    with pytest.raises(DamagedError, match="entry 1 does not fit"):
        Fold(store.graph).read([first, rest[1]])
