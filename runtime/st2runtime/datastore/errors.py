"""What goes wrong with a datastore."""

from __future__ import annotations

from collections.abc import Sequence


class DatastoreError(Exception):
    """The datastore cannot do it; the message says why and what to do, and never shows a value."""


class LoadError(DatastoreError):
    """A file of keys that cannot be loaded; `mistakes` are all of them, one sentence each."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = tuple(mistakes)
