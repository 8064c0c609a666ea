"""`FileLog`: the log of one execution, held by this process and written in whole transactions.

Every entry has a digest of itself and of all before it; the list of executions has the last one. So entries
that are changed, missing, moved or cut off are noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from st2lang.graph import Graph
from st2runtime.journal import entries as written
from st2runtime.journal import holders
from st2runtime.journal.blobs import limit
from st2runtime.journal.cloak import Cloak
from st2runtime.journal.entries import Begin, Entry
from st2runtime.journal.errors import FencedError
from st2runtime.journal.store import Mail
from st2runtime.sqlite.tables import Connection

if TYPE_CHECKING:
    from st2runtime.journal.file import FileStore

_SIZE = 16
MAIL = -1
"""The position at which secret mail is sealed."""
_INSERT = (
    'INSERT INTO executions (id, action, source, "user", graph, began, status, ended, entries, '
    "head, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UNLESS = "VALUES (?, ?) ON CONFLICT DO NOTHING"
_FINAL = frozenset(("succeeded", "failed", "timeout", "abandoned", "canceled"))


def chained(before: bytes, execution: str, body: str, large: str | None) -> bytes:
    """The digest of an entry after another."""
    text = f"{execution}\0{large or ''}\0{body}"
    return hashlib.blake2b(before + text.encode(), digest_size=_SIZE).digest()


def mark_of(row: Sequence[Any]) -> bytes:
    """What guards a row of the list of executions."""
    return hashlib.blake2b(repr(tuple(row)).encode("utf-8", "replace"), digest_size=_SIZE).digest()


def mail_digest(number: int, body: str) -> bytes:
    """What guards a piece of mail."""
    return hashlib.blake2b(f"{number}\0{body}".encode(), digest_size=_SIZE).digest()


class FileLog:
    """See `Log`."""

    def __init__(
        self, store: FileStore, execution: str, number: int | None, epoch: int, cloak: Cloak
    ) -> None:
        self.id, self._store, self._number = execution, store, number
        self._epoch, self._cloak = epoch, cloak
        self._limit = limit()
        self._graphs: dict[str, str] = {}
        self._kept: set[str] = set()
        self._version: int | str | None = None
        self._secrets = 0
        self._row: list[Any] = []
        if number is not None:
            self._take(number)

    def _take(self, number: int) -> None:
        rows = self._store.database.read(
            'SELECT id, action, source, "user", graph, began, status, ended, entries, head '
            "FROM executions WHERE number = ?",
            (number,),
        )
        ((self._secrets,),) = self._store.database.read(
            "SELECT count(*) FROM secrets WHERE execution = ?", (number,)
        )
        self._row = list(rows[0])

    def keep(self, graph: Graph) -> str:
        """Keep a workflow; see `Log`."""
        from st2runtime.journal.file import copy_of

        text = graph.to_text()
        copy = copy_of(text)
        if copy not in self._kept:
            self._graphs[copy] = text
        return copy

    def append(
        self, entries: Sequence[Entry], *, status: str = "", mail: Iterable[int] = ()
    ) -> None:
        """Keep entries; see `Log`."""
        new = self._cloak.new()
        sealed = self._store.seals.seal(new, self.id, self._secrets) if new else []
        row = self._next_row(entries, status)
        texts = [self._cloak.hide(written.to_text(entry)) for entry in entries]
        with self._store.database.write() as connection:
            lines = []
            for text in texts:
                # within the transaction, so that nobody takes a file for a left-over
                body, large = self._laid_out(text)
                row[9] = chained(row[9], self.id, body, large)
                lines.append((row[8], body, large, row[9]))
                row[8] += 1
            number = self._held(connection, row)
            connection.executemany(
                "INSERT INTO log (execution, position, body, large, digest) VALUES (?, ?, ?, ?, ?)",
                [(number, *line) for line in lines],
            )
            self._write_beside(connection, number, entries, sealed)
            for one in mail:
                connection.execute("DELETE FROM mail WHERE number = ?", (one,))
        self._number, self._row = number, row
        self._secrets += len(sealed)
        self._kept |= self._graphs.keys()
        self._graphs.clear()

    def _next_row(self, entries: Sequence[Entry], status: str) -> list[Any]:
        from st2runtime.journal.file import source_of

        row = list(self._row)
        if not row:
            first = entries[0]
            assert isinstance(first, Begin)
            user = str(first.context.get("user") or "")
            head = chained(b"", self.id, "", None)
            row = [self.id, first.action, source_of(first), user, first.graph, float(first.at)]
            row += ["running", None, 0, head]
        if status:
            row[6] = status
            if status not in _FINAL:
                row[7] = None
            elif entries:
                row[7] = float(entries[-1].at)
        return row

    def _laid_out(self, text: str) -> tuple[str, str | None]:
        if len(text) <= self._limit:
            return text, None
        with self._store.explained():
            return "", self._store.blobs.put(text)

    def _held(self, connection: Connection, row: list[Any]) -> int:
        """Write the row of the execution, if it is still held; gives its number."""
        mark = mark_of(row)
        if self._number is None:
            number = self._store.made(connection, connection.execute(_INSERT, (*row, mark)))
            connection.execute(
                "INSERT INTO leases (execution, epoch, holder, renewed) VALUES (?, ?, ?, ?)",
                (number, self._epoch, self._store.myself(), holders.tick()),
            )
            return number
        self._renew(connection)
        connection.execute(
            "UPDATE executions SET status = ?, ended = ?, entries = ?, head = ?, mark = ? "
            "WHERE number = ?",
            (row[6], row[7], row[8], row[9], mark, self._number),
        )
        return self._number

    def _write_beside(
        self,
        connection: Connection,
        number: int,
        entries: Sequence[Entry],
        sealed: Sequence[str],
    ) -> None:
        from st2runtime.journal.file import source_of

        begun = [entry for entry in entries if isinstance(entry, Begin)]
        connection.executemany(
            "INSERT INTO parts (id, execution, source) VALUES (?, ?, ?)",
            [(entry.id, number, source_of(entry)) for entry in begun],
        )
        for copy, text in self._graphs.items():
            connection.execute(f"INSERT INTO graphs {_UNLESS}", (copy, text))
            connection.execute(f"INSERT INTO uses {_UNLESS}", (number, copy))
        for index, text in enumerate(sealed):
            connection.execute(
                "INSERT INTO secrets (execution, position, sealed) VALUES (?, ?, ?)",
                (number, self._secrets + index, text),
            )

    def _renew(self, connection: Connection) -> None:
        renewed = connection.execute(
            "UPDATE leases SET renewed = ? WHERE execution = ? AND epoch = ?",
            (holders.tick(), self._number, self._epoch),
        )
        if renewed.rowcount != 1:
            raise FencedError(
                f"the execution {self.id} has been taken over by another process or deleted: "
                "nothing that happens here counts any more"
            )

    def renew(self) -> None:
        """Say that this process is still there; see `Log`."""
        if self._number is not None:
            with self._store.database.write() as connection:
                self._renew(connection)

    def release(self) -> None:
        """Let go; see `Log`."""
        if self._number is None:
            return
        with self._store.database.write() as connection:
            connection.execute(
                "UPDATE leases SET holder = '' WHERE execution = ? AND epoch = ?",
                (self._number, self._epoch),
            )

    def mail(self) -> list[Mail]:
        """What has come in; see `Log`."""
        if self._number is None:
            return []
        version = self._store.changes()
        if version == self._version:
            return []
        self._version = version
        rows = self._store.database.read(
            "SELECT number, body, digest FROM mail WHERE execution = ? ORDER BY number",
            (self._number,),
        )
        found = []
        for number, body, digest in rows:
            if mail_digest(self._number, body) != digest:
                raise self._store.damaged(f"mail {number} for execution {self.id}")
            text = body if body.startswith("[") else self._store.seals.open(body, self.id, MAIL)
            kind, data = json.loads(text)
            found.append(Mail(kind, data, number, text is not body))
        return found
