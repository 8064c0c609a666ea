"""The cache changes how fast an answer comes, never the answer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.catalog import cache
from st2lang.catalog.discover import Catalog
from st2lang.catalog.folder import PackFolder
from st2lang.catalog.models import Action
from st2lang.catalog.read import read_data

WORKSPACE = Path(__file__).parent / "workspace"

_names = st.sampled_from(["a", "b", "c", "day"])
_scalars = st.sampled_from(
    [
        "x",
        "5",
        "1.5",
        ".nan",
        "-.inf",
        "2020-01-01",
        "2020-01-01 10:00:00",
        "!!binary aGk=",
        "~",
        "yes",
        "0o17",
        "1_000",
        "'é'",
        "*x",
        '"\\ud83d\\ude00"',
        '"\\0"',
        "[1, [2]]",
        "{1: 2, yes: no}",
        "99e999999",
    ]
)
_long = st.just("9" * 1200)
_texts = st.lists(st.tuples(_names, _scalars | _long), max_size=5).map(
    lambda pairs: (
        "name: n\nrunner_type: noop\nparameters:\n  p:\n"
        + "".join(f"    {name}: {value}\n" for name, value in pairs)
    )
)
_steps = st.lists(
    st.tuples(st.sampled_from(["write", "remove", "touch"]), _names, _texts), min_size=1, max_size=6
)


def everything(folder: Path, cache_dir: Path | None) -> tuple[Action, ...]:
    kept = None if cache_dir is None else str(cache_dir)
    return Catalog(pack_dirs=[str(folder)], cache_dir=kept, installed=None).actions()


@settings(max_examples=60)
@given(_steps)
def test_a_cached_answer_is_the_fresh_answer(steps: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as name:
        root, kept = Path(name) / "packs", Path(name) / "cache"
        actions = root / "p" / "actions"
        actions.mkdir(parents=True)
        (root / "p" / "pack.yaml").write_text("ref: p\n", encoding="utf-8")
        for age, (step, stem, text) in enumerate(steps):
            file = actions / f"{stem}.yaml"
            if step == "write":
                file.write_text(text, encoding="utf-8")
            elif step == "remove":
                file.unlink(missing_ok=True)
            elif file.exists():
                os.utime(file, ns=(age, age))
            fresh = everything(root, None)
            assert everything(root, kept) == fresh
            assert everything(root, kept) == fresh


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read_data(text), dict)


def packs_in(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WORKSPACE, tmp_path / "packs"))


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the file is known and need not be read")

    monkeypatch.setattr(PackFolder, "_entry", never)


def age(folder: Path) -> None:
    for file in folder.rglob("*.*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))


def test_unchanged_files_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = packs_in(tmp_path)
    age(root)
    first = everything(root, tmp_path / "cache")
    forbid_reading(monkeypatch)
    assert everything(root, tmp_path / "cache") == first


def test_a_new_time_on_the_same_content_parses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = packs_in(tmp_path)
    age(root)
    first = everything(root, tmp_path / "cache")
    for file in root.rglob("*.yaml"):
        os.utime(file)

    def never(text: str) -> dict[str, object]:
        raise AssertionError(f"known content is parsed again: {text[:40]}")

    monkeypatch.setattr("st2lang.catalog.folder.read_data", never)
    assert everything(root, tmp_path / "cache") == first


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "null",
        "[]",
        '{"schema": 0}',
        "\x00\xff",
        '{"schema": "1", "files": []}',
        "[" * 100_000,
    ],
)
def test_a_damaged_cache_is_rebuilt(tmp_path: Path, damage: str) -> None:
    root, kept = packs_in(tmp_path), tmp_path / "cache"
    first = everything(root, kept)
    files = list(kept.iterdir())
    assert files
    for file in files:
        file.write_text(damage, encoding="latin-1")
    assert everything(root, kept) == first
    assert all(file.read_text(encoding="utf-8") != damage for file in files)


def test_a_cache_of_another_version_is_rebuilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, kept = packs_in(tmp_path), tmp_path / "cache"
    first = everything(root, kept)
    monkeypatch.setattr(cache, "SCHEMA", "another")
    assert everything(root, kept) == first


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    root = packs_in(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert everything(root, tmp_path / "file" / "cache") == everything(root, None)


def test_nothing_is_left_behind_by_writing(tmp_path: Path) -> None:
    root, kept = packs_in(tmp_path), tmp_path / "cache"
    everything(root, kept)
    assert all(file.suffix == ".json" for file in kept.iterdir())


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ST2C_CACHE_DIR", "/some/where")
    assert cache.default_folder() == "/some/where"
    monkeypatch.delenv("ST2C_CACHE_DIR")
    assert "st2c" in cache.default_folder()
