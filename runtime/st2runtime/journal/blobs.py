"""Large entries: files beside the database, each by the hash of what is in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from st2runtime.journal.errors import DamagedError

LIMIT = 1_000_000
"""Entries longer than this become files of their own."""


def limit() -> int:
    """How many characters an entry may have in the database; ST2C_STORE_LIMIT says otherwise."""
    try:
        return max(1000, int(os.environ.get("ST2C_STORE_LIMIT", LIMIT)))
    except ValueError:
        return LIMIT


class Blobs:
    """Texts by their hash. What is there is on the disk, and never changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, text: str) -> str:
        """Keep a text; gives its name. It is on the disk when this returns. Raises `OSError`."""
        content = text.encode()
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with open(
                os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        _settle(path.parent)
        return name

    def get(self, name: str) -> str:
        """A text by its name. Raises `DamagedError` when it is missing or another one."""
        path = self._path(name)
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise DamagedError(
                f"`{path}`, a part of the journal, cannot be read: {reason}"
            ) from error
        if hashlib.sha256(content).hexdigest() != name:
            raise DamagedError(f"`{path}`, a part of the journal, is damaged")
        return content.decode()

    def remove(self, name: str) -> None:
        """Remove a text if it is there."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The names of all texts."""
        for path in sorted(self.folder.glob("??/*")):
            if not path.name.endswith(".part"):
                yield path.parent.name + path.name

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:]


def _settle(folder: Path) -> None:
    """Have the name of a new file on the disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
