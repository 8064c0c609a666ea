"""Which files are found: Git is asked what it would say."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.commands.files import Excludes, find

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def make(top: Path, *paths: str, **texts: str) -> None:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(texts.get(path, ""), encoding="utf-8")


def found(top: Path, *paths: str, excludes: Excludes | None = None) -> list[str]:
    """What is found, relative to `top`, with `top` as the current folder."""
    before = os.getcwd()
    os.chdir(top)
    try:
        files = find(paths or ["."], excludes or Excludes())
        return [file.path.replace(os.sep, "/") for file in files]
    finally:
        os.chdir(before)


def test_yaml_files_below_a_folder_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.yaml", "a/z.yml", "a/b/c.YAML", "a.txt", ".git/x.yaml", "node_modules/y.yaml")
    assert found(tmp_path) == ["a/b/c.YAML", "a/z.yml", "b.yaml"]
    assert found(tmp_path, "a") == ["a/b/c.YAML", "a/z.yml"]
    assert found(tmp_path, "b.yaml", ".", "./b.yaml") == ["b.yaml", "a/b/c.YAML", "a/z.yml"]


def test_named_files_are_taken_whatever_they_are(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "x/b.yaml", "missing")
    (tmp_path / "missing").unlink()
    (tmp_path / ".gitignore").write_text("*.yaml\n")
    excludes = Excludes(str(tmp_path), ("x/",))
    assert found(tmp_path, "a.txt", "x/b.yaml", "missing", excludes=excludes) == [
        "a.txt",
        "x/b.yaml",
        "missing",
    ]
    forced = excludes._replace(force=True)
    assert found(tmp_path, "a.txt", "x/b.yaml", excludes=forced) == ["a.txt"]


def test_excludes_are_relative_to_the_configuration(tmp_path: Path) -> None:
    make(tmp_path, "a/x.yaml", "b/x.yaml", "b/keep.yaml", "c/a/x.yaml")
    excludes = Excludes(str(tmp_path), ("/a/", "b/*.yaml", "!b/keep.yaml"))
    assert found(tmp_path, excludes=excludes) == ["b/keep.yaml", "c/a/x.yaml"]
    assert found(tmp_path / "b", excludes=excludes) == ["keep.yaml"]


def test_a_named_folder_is_searched_even_when_git_ignores_it(tmp_path: Path) -> None:
    make(tmp_path, ".git/HEAD", "build/a.yaml", "build/sub/b.yaml", "c.yaml")
    (tmp_path / ".gitignore").write_text("build/\n")
    assert found(tmp_path) == ["c.yaml"]
    assert found(tmp_path, "build") == ["build/a.yaml", "build/sub/b.yaml"]


def test_ignore_files_above_count_up_to_the_repository(tmp_path: Path) -> None:
    make(tmp_path, "r/.git/HEAD", "r/s/a.yaml", "r/s/b.yaml", "r/s/t/c.yaml")
    (tmp_path / ".gitignore").write_text("a.yaml\n")
    (tmp_path / "r" / ".gitignore").write_text("b.yaml\n")
    assert found(tmp_path / "r" / "s") == ["a.yaml", "t/c.yaml"]


@needs_git
def test_worktrees_find_the_exclude_file(tmp_path: Path) -> None:
    repository, tree = tmp_path / "r", tmp_path / "w"
    repository.mkdir()

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(
            ["git", *identity, *arguments], cwd=repository, check=True, capture_output=True
        )

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("worktree", "add", "-q", str(tree))
    exclude = repository / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("hidden.yaml\n")
    make(tree, "hidden.yaml", "seen.yaml")
    assert found(tree) == ["seen.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a/x.yaml")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "file.yaml").symlink_to(tmp_path / "a" / "x.yaml")
    (tmp_path / "broken.yaml").symlink_to(tmp_path / "nowhere")
    assert found(tmp_path) == ["a/x.yaml", "file.yaml"]
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert found(tmp_path, "link") == ["link/x.yaml"]


names = st.sampled_from(["a", "b", "c"])
patterns = st.sampled_from(
    ["a", "/a", "a/", "a/b", "**/b", "b/**", "a/**/c", "*.yaml", "!*.yaml", "!a", "!a/b", "!/b/",
     "c*", "[ab]", "#a", "\\#a", "", " ", "a ", "/*", "!/c", "?.yaml", "!b.yaml", "a/*.yaml",
     "[!a]", "[^b]*", "[a-b].yaml", "[]a]", "[", "a\\", "a**", "**", "**/", "a/**/", "/**/c", "***/c",
     "[[:alpha:]]", "[[:upper:]]", "[b-a]", "\\a", "\\!a", "[\\a]", "a/b/", "!a/**/c/", "/", "//", "a?c"]
)  # fmt: skip
files = st.lists(st.lists(names, min_size=1, max_size=4), min_size=1, max_size=8)
ignores = st.dictionaries(
    st.lists(names, max_size=2).map("/".join), st.lists(patterns, max_size=4), max_size=3
)


@needs_git
@given(files, ignores, st.lists(patterns, max_size=2))
@settings(max_examples=60)
def test_git_agrees(
    files: list[list[str]], ignores: dict[str, list[str]], exclude: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        subprocess.run(["git", "init", "-q", folder], check=True, capture_output=True)
        for parts in files:
            make(top, "/".join(parts) + ".yaml")
        for place, lines in ignores.items():
            (top / place).mkdir(parents=True, exist_ok=True)
            (top / place / ".gitignore").write_text("\n".join(lines) + "\n")
        (top / ".git" / "info").mkdir(exist_ok=True)
        (top / ".git" / "info" / "exclude").write_text("\n".join(exclude) + "\n")
        listed = subprocess.run(
            ["git", "ls-files", "--others", "--exclude-standard", "-z", "--", "*.yaml"],
            cwd=top,
            check=True,
            capture_output=True,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        )
        theirs = {path for path in listed.stdout.decode().split("\0") if path}
        assert set(found(top)) == theirs
