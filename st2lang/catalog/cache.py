"""What the metadata of a pack said when it was last read, kept on disk.

One file for each pack's `actions` folder. A metadata file is known again by its time and size, else by a
hash of its content; what is not known is read anew. Nothing here is ever wrong for long or fatal: a file
that is damaged, from another version or not writable counts as not being there.
"""

# Paths are strings here, not Path objects: they are made for thousands of files.

from __future__ import annotations

import os
from typing import Any, NamedTuple

from st2lang import __version__

SCHEMA = f"1 {__version__}"
"""Of another release nothing is taken over: it may have read the same file differently."""

_FRESH = 2_000_000_000
"""A file this many nanoseconds younger than the cache may have changed again within its clock tick."""


class Stamp(NamedTuple):
    """By what a file is taken for unchanged."""

    mtime: int
    size: int


class Entry(NamedTuple):
    """One metadata file as it was read."""

    stamp: Stamp
    digest: str
    data: dict[str, Any]


def default_folder() -> str:
    """Where caches go: `$ST2C_CACHE_DIR`, else the platform's folder for caches."""
    named = os.environ.get("ST2C_CACHE_DIR")
    if named:
        return named
    from platformdirs import user_cache_dir

    return user_cache_dir("st2c", appauthor=False)


def digest(content: bytes) -> str:
    """What identifies a content."""
    from hashlib import blake2b

    return blake2b(content, digest_size=16).hexdigest()


class Cache:
    """The cache files under one folder; without a folder nothing is kept."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder

    @property
    def enabled(self) -> bool:
        """False when nothing is kept."""
        return self._folder is not None

    def load(self, actions_folder: str) -> tuple[dict[str, Entry], int]:
        """The entries by file name and the time that they were saved at; ({}, 0) when there are none."""
        import json

        if self._folder is None:
            return {}, 0
        try:
            with open(self._file(actions_folder), encoding="utf-8") as file:
                content = json.load(file)
            if content["schema"] != SCHEMA or content["folder"] != actions_folder:
                return {}, 0
            return {
                name: Entry(Stamp(int(mtime), int(size)), str(key), _checked(data))
                for name, (mtime, size, key, data) in content["files"].items()
            }, int(content["saved"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}, 0

    def save(self, actions_folder: str, entries: dict[str, Entry]) -> None:
        """Replace what is kept about a folder; a cache that cannot be written is left alone."""
        import json
        import time

        if self._folder is None:
            return
        content = {
            "schema": SCHEMA,
            "folder": actions_folder,
            "saved": time.time_ns(),
            "files": {name: [*e.stamp, e.digest, e.data] for name, e in entries.items()},
        }
        target = self._file(actions_folder)
        temporary = f"{target}.{os.getpid()}"
        try:
            os.makedirs(self._folder, exist_ok=True)
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(json.dumps(content, separators=(",", ":")))
            os.replace(temporary, target)
        except (OSError, ValueError, RecursionError):
            _remove(temporary)

    def _file(self, actions_folder: str) -> str:
        key = digest(actions_folder.encode("utf-8", "surrogateescape"))
        return os.path.join(self._folder or "", f"actions-{key}.json")


def trusted(entry: Entry, stamp: Stamp, saved: int) -> bool:
    """True when a file with this stamp need not be opened."""
    return entry.stamp == stamp and stamp.mtime < saved - _FRESH


def _checked(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise TypeError("an entry is a mapping")
    return data


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
