"""The only place where our offsets meet the protocol's positions.

A position of the protocol is a line and a number of code units: UTF-8 bytes, UTF-16 units or characters, as
client and server have agreed. Lines end where LSP ends them (`\\n`, `\\r\\n`, `\\r`), which is also where
`Source` does.
"""

from __future__ import annotations

from lsprotocol import types as lsp

from st2lang.source import Source, Span


class Converter:
    """Offsets to positions and back, in the units of one connection."""

    def __init__(self, encoding: str = "utf-16") -> None:
        self.encoding = encoding

    def offset(self, source: Source, position: lsp.Position) -> int:
        """The character offset of a position; beyond the end of its line or the text, that end.

        A position inside a character (between the halves of a surrogate pair) is the start of it.
        """
        starts = source.line_starts
        if position.line < 0:
            return 0
        if position.line >= len(starts):
            return len(source.text)
        line = source.line_span(position.line + 1)
        text = source.text[line.start : line.end]
        return line.start + self._characters(text, position.character)

    def position(self, source: Source, offset: int) -> lsp.Position:
        """The position of a character offset."""
        line, column = source.position(offset)
        start = source.line_starts[line - 1]
        return lsp.Position(line - 1, self._units(source.text[start : start + column - 1]))

    def range(self, source: Source, span: Span) -> lsp.Range:
        """The range of a span."""
        return lsp.Range(self.position(source, span.start), self.position(source, span.end))

    def span(self, source: Source, place: lsp.Range) -> Span:
        """The span of a range."""
        start = self.offset(source, place.start)
        return Span(start, max(start, self.offset(source, place.end)))

    def _units(self, text: str) -> int:
        if self.encoding == "utf-32" or text.isascii():
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    def _characters(self, text: str, units: int) -> int:
        """How many whole characters lie in so many units from the start of a line."""
        if self.encoding == "utf-32" or text.isascii():
            return max(0, min(units, len(text)))
        seen = 0
        for index, character in enumerate(text):
            seen += self._units(character)
            if seen > units:
                return index
        return len(text)
