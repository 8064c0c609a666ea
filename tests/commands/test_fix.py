"""Fixing: which fixes are applied, in which order, and that nothing else of a file changes."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.commands import fix
from st2lang.commands.fix import apply, disjoint, settle, wanted
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.source import Source, Span
from st2lang.yaml.decode import decode


def problem(start: int, end: int, text: str, *, safe: bool = True) -> Problem:
    change = Fix(f"write {text}", (Edit(Span(start, end), text),), safe)
    return Problem("some-check", Severity.ERROR, "m", Span(start, end), fix=change)


def shorten(text: str) -> tuple[Source, tuple[Problem, ...]]:
    """A check that wants `aa` to be `a`, and whose fixes overlap in a longer row."""
    found = (problem(m.start(), m.start() + 2, "a") for m in re.finditer("(?=aa)", text))
    return Source("x", text), tuple(found)


def run(text: str, *, unsafe: bool = False) -> fix.Settled:
    return settle(*shorten(text), shorten, unsafe=unsafe)


@given(st.text(alphabet="ab\n", max_size=40))
@settings(max_examples=60)
def test_overlapping_fixes_are_applied_one_after_the_other(text: str) -> None:
    settled = run(text)
    assert settled.source.text == re.sub("a+", "a", text)
    assert settled.problems == ()
    assert settled.fixed == len(text) - len(settled.source.text)


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    def analyse(text: str) -> tuple[Source, tuple[Problem, ...]]:
        found = [problem(0, 1, "b", safe=False)] if text.startswith("a") else []
        return Source("x", text), tuple(found)

    assert settle(*analyse("a: 1"), analyse).source.text == "a: 1"
    assert settle(*analyse("a: 1"), analyse, unsafe=True).source.text == "b: 1"


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    def analyse(text: str) -> tuple[Source, tuple[Problem, ...]]:
        return Source("x", text), (problem(0, 1, "b" if text[0] == "a" else "a"),)

    settled = settle(*analyse("a: 1"), analyse)
    assert settled.source.text in ("a: 1", "b: 1")
    assert settled.fixed == fix.ROUNDS


def test_a_fix_that_breaks_the_yaml_is_not_made_and_the_others_are() -> None:
    def analyse(text: str) -> tuple[Source, tuple[Problem, ...]]:
        found = [problem(3, 4, '"'), problem(8, 9, "3")] if "2" in text else [problem(3, 4, '"')]
        return Source("x", text), tuple(found)

    settled = settle(*analyse("a: 1\nb: 2\n"), analyse)
    assert settled.source.text == "a: 1\nb: 3\n"
    assert settled.fixed == 1


def test_two_insertions_at_one_place_are_not_made_at_once() -> None:
    fixes = list(wanted([problem(1, 1, "x"), problem(1, 1, "y"), problem(2, 2, "z")]))
    assert [each.title for each in disjoint(fixes)] == ["write x", "write z"]
    assert apply("abc", disjoint(fixes)) == "axbzc"


@pytest.mark.parametrize(
    "data",
    [b"a: 1\n", b"\xef\xbb\xbfa: 1\r\nb: \xc3\xa9", b"a: 1\rb: 2", b"", b"a:  # \xe7\x95\x8c\n\n"],
)
def test_writing_back_gives_the_same_bytes(data: bytes, tmp_path: Path) -> None:
    source, problems = decode("x", data)
    assert not problems
    assert fix.writes_back(source, data)
    path = tmp_path / "x.yaml"
    path.write_bytes(b"old")
    fix.write(str(path), source)
    assert path.read_bytes() == data
    assert os.listdir(tmp_path) == ["x.yaml"]


@pytest.mark.parametrize("data", ["a: ü".encode("latin-1"), "a: ü".encode("utf-16")])
def test_other_encodings_are_left_alone(data: bytes) -> None:
    assert not fix.writes_back(decode("x", data)[0], data)


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither modes nor free links")
def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path, link = tmp_path / "x.yaml", tmp_path / "link.yaml"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    fix.write(str(link), Source("x", "new"))
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        fix.write(str(path), Source("x", "\ud800"))
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["x.yaml"]


lines = st.lists(st.sampled_from(["a", "b", "c\r", "", "\x0c", "é"]), max_size=8)


@given(lines, lines, st.booleans(), st.booleans())
@settings(max_examples=25)
def test_git_can_apply_the_diff(
    before: list[str], after: list[str], end_before: bool, end_after: bool
) -> None:
    """`git apply` is the judge (run in a folder that is no repository)."""
    import shutil
    import tempfile

    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    old = "\n".join(before) + "\n" * end_before
    new = "\n".join(after) + "\n" * end_after
    if old == new or not old or not new:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.yaml")
        path.write_bytes(old.encode())
        patch = "".join(fix.diff("x.yaml", old, new)).encode()
        command = ["git", "apply", "--unsafe-paths", "--whitespace=nowarn", "-"]
        subprocess.run(command, input=patch, cwd=folder, check=True, capture_output=True)
        assert path.read_bytes() == new.encode()
