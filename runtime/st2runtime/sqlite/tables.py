"""What stores need of a database with tables, whichever it is. Placeholders are question marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]


class Cursor(Protocol):
    """What a statement has come to."""

    @property
    def rowcount(self) -> int:
        """How many rows it has changed."""

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last, where the database tells."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def __iter__(self) -> Iterator[Any]:
        """The rows."""


class Connection(Protocol):
    """A transaction that is open."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """Do one statement."""

    def executemany(self, sql: str, parameters: Any, /) -> Cursor:
        """Do a statement for every one of several rows."""


class Tables(Protocol):
    """A database. Everything raises the error of its kind."""

    def exists(self) -> bool:
        """Whether there is anything in it."""

    def read(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows that a query gives."""

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction: what the body writes is there when it ends, and nothing of it when it raises."""

    def close(self) -> None:
        """Let go of it; the next use opens it again."""
