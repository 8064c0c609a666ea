"""Which files a run is about: those named, and the YAML files below the folders named.

Below a folder, what Git ignores and what the configuration excludes is left out, by the rules of
gitignore(5): nested files, nearest first, the repository's own `.git/info/exclude` last. A file
that is named is always taken, and a folder that is named is always searched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from st2lang.commands.gitignore import Patterns, excluded, excluded_anywhere

SUFFIXES = (".yaml", ".yml")
NEVER = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__"}
)
"""Folders that are never workflows' homes; naming one on the command line still checks it."""


class File(NamedTuple):
    """A file to check: its path as it can be opened, and whether it was named itself."""

    path: str
    named: bool


class Excludes(NamedTuple):
    """Patterns of the configuration, relative to its folder. `force` applies them to named files."""

    root: str = ""
    patterns: tuple[str, ...] = ()
    force: bool = False


def find(paths: Iterable[str], excludes: Excludes) -> Iterator[File]:
    """The files to check, each once, in the order of `paths` and sorted below each folder.

    A path that does not exist is given like a file: who opens it learns why it cannot be read.
    """
    seen = set()
    for path in paths:
        for file in _below(path, excludes):
            key = os.path.abspath(file.path)
            if key not in seen:
                seen.add(key)
                yield file


def _below(path: str, excludes: Excludes) -> Iterator[File]:
    configured = [Patterns(excludes.root, excludes.patterns)] if excludes.patterns else []
    folder = os.path.isdir(path)
    if excludes.force and excluded_anywhere(path, folder, configured):
        return
    if not folder:
        yield File(path, named=True)
    else:
        yield from _walk(path, configured, _inherited(path))


def _walk(folder: str, configured: list[Patterns], ignores: list[Patterns]) -> Iterator[File]:
    """Depth first, names sorted. `ignores` goes from the outermost folder to this one."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        yield File(folder, named=True)
        return
    if any(entry.name == ".gitignore" for entry in entries):
        ignores = ignores + _read(os.path.join(folder, ".gitignore"), folder)
    for entry in entries:
        path = entry.path if folder != "." else entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in NEVER and not _excluded(path, True, configured, ignores):
                yield from _walk(path, configured, ignores)
        elif (
            entry.name.lower().endswith(SUFFIXES)
            and entry.is_file()
            and not _excluded(path, False, configured, ignores)
        ):
            yield File(path, named=False)


def _excluded(path: str, folder: bool, configured: list[Patterns], ignores: list[Patterns]) -> bool:
    return excluded(path, folder, configured) or excluded(path, folder, ignores)


def _inherited(folder: str) -> list[Patterns]:
    """The ignore files that reach a folder from above, outermost first: none outside Git."""
    above = []
    here = os.path.abspath(folder)
    while True:
        above.append(here)
        if os.path.exists(os.path.join(here, ".git")):
            break
        parent = os.path.dirname(here)
        if parent == here:
            return []
        here = parent
    found = _read(os.path.join(_git_folder(here), "info", "exclude"), here)
    for each in reversed(above[1:]):
        found += _read(os.path.join(each, ".gitignore"), each)
    return found


def _git_folder(top: str) -> str:
    """The folder that holds `info/exclude`: in a worktree `.git` is a file that leads there."""
    place = os.path.join(top, ".git")
    pointer = _text(place)
    if pointer.startswith("gitdir:"):
        place = os.path.join(top, pointer.partition(":")[2].strip())
        common = _text(os.path.join(place, "commondir")).strip()
        place = os.path.join(place, common) if common else place
    return place


def _read(path: str, root: str) -> list[Patterns]:
    patterns = Patterns(root, _text(path).split("\n"))
    return [patterns] if patterns else []


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
