"""The text of one file, and places in it.

Everything inside the house speaks of places as `Span`s: half-open ranges of character offsets
into `Source.text`. Lines and columns exist only where text leaves the house.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from st2lang.patterns import lazy
from st2lang.record import record

_LINE_BREAK = lazy(r"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open range of character offsets: `text[span.start:span.end]`."""

    start: int
    end: int

    def __contains__(self, offset: object) -> bool:
        """True for an offset inside the range, its end included (where a cursor can stand)."""
        return isinstance(offset, int) and self.start <= offset <= self.end

    def cover(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


class Position(NamedTuple):
    """A place for people: line and column, both counted from 1, columns in characters."""

    line: int
    column: int


@record(frozen=False, eq=False)
class Source:
    """A decoded text with the path it came from.

    `path` is as the user gave it ("" when there is none). `text` never starts with a byte order
    mark; `bom` remembers that the file had one, so that writing it back changes nothing else.
    """

    path: str
    text: str
    bom: bool = False
    _starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offsets of the first character of every line (\\n, \\r\\n and \\r end a line)."""
        if self._starts is None:
            if "\r" in self.text:
                self._starts = [0, *(m.end() for m in _LINE_BREAK.finditer(self.text))]
            else:
                lengths = map(len, self.text.split("\n"))
                self._starts = [0, *accumulate(length + 1 for length in lengths)][:-1]
        return self._starts

    def position(self, offset: int) -> Position:
        """Line and column of a character offset; offsets beyond the text count as its end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Character offset of a line and column (both from 1), kept inside the text and the line."""
        if line < 1:
            return 0
        if line > len(self.line_starts):
            return len(self.text)
        return min(self.line_starts[line - 1] + max(0, column - 1), self.line_span(line).end)

    def line_span(self, line: int) -> Span:
        """The span of a line (from 1) without its line break."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)

    def line_text(self, line: int) -> str:
        """The text of a line (from 1) without its line break."""
        start, end = self.line_span(line)
        return self.text[start:end]
