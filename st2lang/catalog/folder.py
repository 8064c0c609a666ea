"""One pack on disk, read no further than the question needs.

A workflow of three tasks in a pack of four hundred actions costs the reading of three metadata files. So
a name is first looked for where it should be (`actions/NAME.yaml`); else in the files whose text mentions
it; and only a listing of everything parses everything, with the help of the cache.
"""

# Paths are strings here, not Path objects: they are made for thousands of files.

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from st2lang.catalog.cache import Cache, Entry, Stamp, digest, trusted
from st2lang.catalog.models import Action, Pack
from st2lang.catalog.read import action_of, read_data, read_pack

MANIFEST = "pack.yaml"
_SUFFIXES = (".yaml", ".yml", ".json", ".meta.yaml", ".meta.yml", ".meta.json")
_MANY = 16
_STEP = 100
"""Files between two steps of reading a pack."""


def is_pack(path: str) -> bool:
    """True for a folder that holds a `pack.yaml`."""
    return os.path.isfile(os.path.join(path, MANIFEST))


def decode(content: bytes) -> str:
    """The text of a metadata file; what is not UTF-8 is replaced."""
    return content.decode("utf-8-sig", "replace")


def read_bytes(path: str) -> bytes:
    """The content of a file; nothing when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


class PackFolder:
    """The pack in the folder `path`. What was read is remembered: a changed folder needs a new object."""

    def __init__(self, path: str, cache: Cache) -> None:
        self.path = path
        self.actions_path = os.path.join(path, "actions")
        self._cache = cache
        self._texts: dict[str, str] = {}
        self._read: dict[str, dict[str, Any]] = {}
        self._complete = False

    @cached_property
    def pack(self) -> Pack:
        """The manifest; without one the folder's name is the ref."""
        return read_pack(self.manifest, self.path)

    @cached_property
    def manifest(self) -> str:
        """The text of `pack.yaml`."""
        return decode(read_bytes(os.path.join(self.path, MANIFEST)))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The names of the metadata files in `actions/` (StackStorm does not look into folders)."""
        try:
            with os.scandir(self.actions_path) as entries:
                return tuple(sorted(e.name for e in entries if _is_metadata(e)))
        except OSError:
            return ()

    def find(self, name: str) -> Action | None:
        """The action with this name, wherever its metadata lies in `actions/`."""
        usual = [name + suffix for suffix in _SUFFIXES if name + suffix in self.files]
        found = self._first(name, usual)
        return self._first(name, self._mentioning(name, usual)) if found is None else found

    def _first(self, name: str, files: Iterable[str]) -> Action | None:
        actions = (self._action(file) for file in files)
        return next((action for action in actions if action and action.name == name), None)

    def running(self, entry_point: str) -> tuple[Action, ...]:
        """The actions whose entry point is this path (relative to `actions/`, with `/`)."""
        base = entry_point.rpartition("/")[2]
        found = (self._action(file) for file in self._mentioning(base))
        return tuple(a for a in found if a and _normal(a.entry_point) == _normal(entry_point))

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every action of the pack by name, the first file winning where a name comes twice."""
        if not self._complete:
            self._load_all()
        found: dict[str, Action] = {}
        for file in self.files:
            action = self._action(file)
            if action is not None:
                found.setdefault(action.name, action)
        return found

    @property
    def likely_names(self) -> Iterable[str]:
        """The names of the pack's actions: those in the metadata where all of it has been read, else those
        of the files, which cost nothing to know and are mostly the same."""
        if "actions" in self.__dict__:
            return self.actions
        return [file.removesuffix(s) for file in self.files for s in [_suffix(file)]]

    def _action(self, file: str) -> Action | None:
        """The action of a metadata file; None for one that describes no action."""
        if file not in self._read:
            self._read[file] = read_data(self._text(file))
        data = self._read[file]
        if "name" not in data and "runner_type" not in data:
            return None
        pack = "" if data.get("pack") and not self.manifest else self.pack.ref
        return action_of(data, pack, self._path(file))

    def _mentioning(self, word: str, but: Iterable[str] = ()) -> list[str]:
        found = [f for f in self.files if f not in but and word in self._text(f)]
        if self._cache.enabled and sum(file not in self._read for file in found) > _MANY:
            self._load_all()
        return found

    def _text(self, file: str) -> str:
        if file not in self._texts:
            self._texts[file] = decode(read_bytes(self._path(file)))
        return self._texts[file]

    def _path(self, file: str) -> str:
        return f"{self.actions_path}{os.sep}{file}"

    def reading(self) -> Iterator[None]:
        """Come to know `actions` in small steps, for those who have other things to do in between."""
        yield from self._loading()
        _ = self.actions

    def _load_all(self) -> None:
        for _ in self._loading():
            continue

    def _loading(self) -> Iterator[None]:
        """Know the data of every metadata file: from the cache where it is known there."""
        known, saved = self._cache.load(self.actions_path)
        yield
        by_content = {entry.digest: entry.data for entry in known.values()}
        entries: dict[str, Entry] = {}
        for number, file in enumerate(self.files, 1):
            if number % _STEP == 0:
                yield
            stamp = _stamp(self._path(file))
            entry = known.get(file)
            if entry is None or not trusted(entry, stamp, saved):
                entry = self._entry(file, stamp, by_content)
            entries[file] = entry
            self._read[file] = entry.data
        if any(entries.get(file) is not known.get(file) for file in {**known, **entries}):
            self._cache.save(self.actions_path, entries)
        self._complete = True
        yield

    def _entry(self, file: str, stamp: Stamp, by_content: dict[str, dict[str, Any]]) -> Entry:
        content = read_bytes(self._path(file))
        key = digest(content)
        data = by_content.get(key)
        return Entry(stamp, key, read_data(decode(content)) if data is None else data)


def _suffix(file: str) -> str:
    """The longest suffix of a metadata file that a file has."""
    return max((s for s in _SUFFIXES if file.endswith(s)), key=len, default="")


def _is_metadata(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith((".yaml", ".yml", ".json")) and entry.is_file()


def _stamp(path: str) -> Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return Stamp(0, -1)
    return Stamp(status.st_mtime_ns, status.st_size)


def _normal(entry_point: str) -> str:
    return os.path.normpath(entry_point) if entry_point else ""
