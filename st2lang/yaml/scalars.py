"""From the decoded text of a scalar back to the characters that wrote it, and the other way.

The parser hands out decoded text: escapes resolved, lines folded, indentation removed. Here the
raw text of one scalar is decoded a second time, on demand, this time remembering where every
character came from. The rules are libyaml's (`scanner.c`), so that both decodings agree; the tests
hold them to that.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from st2lang.patterns import lazy
from st2lang.source import Span

BREAKS = "\n\r\x85\u2028\u2029"
_BREAK = r"\r\n|[\n\r\x85\u2028\u2029]"


class Piece(NamedTuple):
    """`length` source characters from `start` stand for `text`.

    Either they are the text itself, or `text` is a single character (an escape, a folded line).
    """

    start: int
    length: int
    text: str


class SourceMap:
    """The pieces of one scalar, in order, between `start` and `end` of its content."""

    __slots__ = ("_decoded", "_size", "pieces", "start")

    def __init__(self, start: int, pieces: list[Piece]) -> None:
        self.start = start
        self.pieces = pieces
        self._decoded: list[int] = []
        size = 0
        for piece in pieces:
            self._decoded.append(size)
            size += len(piece.text)
        self._size = size

    @property
    def end(self) -> int:
        """Where the last character of the content ends in the source."""
        if not self.pieces:
            return self.start
        last = self.pieces[-1]
        return last.start + last.length

    def locate(self, start: int, end: int) -> Span:
        """The source span of decoded characters `start:end`; offsets outside are clamped."""
        start = max(0, min(start, self._size))
        end = max(start, min(end, self._size))
        first = self._start_of(start)
        return Span(first, first if end == start else self._end_of(end - 1))

    def offset_at(self, source: int) -> int | None:
        """The decoded offset of a source offset; None outside the content.

        A place that decodes to nothing (indentation, a folded blank) is that of what follows it; a
        place inside an escape is that of the escape.
        """
        if not self.pieces:
            return 0 if source == self.start else None
        if not self.start <= source <= self.end:
            return None
        at = bisect_right(self.pieces, source, key=lambda piece: piece.start) - 1
        if at < 0:
            return 0
        start, length, text = self.pieces[at]
        base = self._decoded[at]
        if source >= start + length:
            return base + len(text)
        return base + (source - start if length == len(text) else 0)

    def _start_of(self, offset: int) -> int:
        if offset >= self._size:
            return self.end
        at = bisect_right(self._decoded, offset) - 1
        return self.pieces[at].start + offset - self._decoded[at]

    def _end_of(self, offset: int) -> int:
        at = bisect_right(self._decoded, offset) - 1
        start, length, text = self.pieces[at]
        return start + (offset - self._decoded[at] + 1 if length == len(text) else length)


def source_map(text: str, start: int, end: int, style: str, value: str) -> SourceMap:
    """The map of the scalar `text[start:end]`, written in a style ("", ', ", | or >).

    `value` is its decoded text, from which the indentation of block scalars is known.
    """
    if style == "":
        if len(value) == end - start:
            return SourceMap(start, [Piece(start, end - start, value)] if value else [])
        return SourceMap(start, list(_flow_pieces(text, start, end, _PLAIN_TOKEN)))
    if style in ("'", '"'):
        return quoted_map(text, start, end)[0]
    body = _block_body(text, start, end)
    return SourceMap(body, list(_block_pieces(text, start, body, end, value)))


def quoted_map(text: str, start: int, end: int) -> tuple[SourceMap, str]:
    """The map of a quoted scalar and its decoded text.

    The closing quote may be missing and escapes may be wrong: they stand for themselves then.
    """
    quote = text[start]
    token = _SINGLE_TOKEN if quote == "'" else _DOUBLE_TOKEN
    inner = end
    if end - start > 1 and text[end - 1] == quote:
        inner = end - 1
    pieces = list(_flow_pieces(text, start + 1, inner, token))
    return SourceMap(start + 1, pieces), "".join(piece.text for piece in pieces)


# A token is a line fold (blanks, breaks and blanks), an escape, or text that stands for itself.
_FOLD = rf"(?P<fold>[ \t]*(?:{_BREAK})(?:[ \t]|{_BREAK})*)"
_PLAIN_TOKEN = lazy(rf"{_FOLD}|[ \t]+|[^ \t{BREAKS}]+")
_SINGLE_TOKEN = lazy(rf"{_FOLD}|(?P<escape>'')|[ \t]+|[^ \t{BREAKS}']+|'")
_DOUBLE_TOKEN = lazy(
    rf"{_FOLD}|\\(?P<continued>(?:{_BREAK})(?:[ \t]|{_BREAK})*)"
    r"|(?P<escape>\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0abt\tnvfre \"'/\\N_LP]))"
    rf"|[ \t]+|[^ \t{BREAKS}\\]+|\\"
)
_BREAKS_RE = lazy(_BREAK)

_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def _flow_pieces(text: str, start: int, end: int, token: re.Pattern[str]) -> Iterator[Piece]:
    """The pieces of plain and quoted text, which fold lines alike."""
    copied = at = start
    while at < end:
        match = token.match(text, at, end)
        if match is None:  # pragma: no cover - the tokens cover every character
            at += 1
            continue
        at, kind = match.end(), match.lastgroup
        if kind is None:
            continue
        if copied < match.start():
            yield Piece(copied, match.start() - copied, text[copied : match.start()])
        copied = at
        if kind == "escape":
            yield Piece(match.start(), at - match.start(), _unescape(match.group()))
        else:
            yield from _fold(text, match.start(kind), at, kind == "continued")
    if copied < end:
        yield Piece(copied, end - copied, text[copied:end])


def _unescape(escape: str) -> str:
    if escape == "''":
        return "'"
    if escape[1] in "xuU":
        code = int(escape[2:], 16)
        return chr(code) if code < 0x110000 else "\ufffd"
    return _ESCAPES.get(escape[1], escape[1])


def _fold(text: str, start: int, end: int, continued: bool) -> Iterator[Piece]:
    """Line breaks between two lines: one becomes a blank, of several the first is dropped.

    After a backslash at the end of a line (`continued`) the first gives nothing. The line and
    paragraph separators of Unicode are kept.
    """
    breaks = [_break_piece(match) for match in _BREAKS_RE.finditer(text, start, end)]
    first = breaks.pop(0)
    if not continued:
        if first.text != "\n":
            yield first
        elif not breaks:
            yield first._replace(text=" ")
    yield from breaks


def _break_piece(match: re.Match[str]) -> Piece:
    found = match.group()
    return Piece(match.start(), len(found), found if found in "\u2028\u2029" else "\n")


def _block_body(text: str, start: int, end: int) -> int:
    """Where the first line below the header of a block scalar starts."""
    match = _BREAKS_RE.search(text, start, end)
    return end if match is None else match.end()


class _Line(NamedTuple):
    """A line of a block scalar: its content without indentation, and its break if it has one."""

    start: int
    end: int
    line_break: Piece | None


def _block_lines(text: str, start: int, end: int, value: str) -> Iterator[_Line]:
    indent: int | None = None
    leading = len(value) - len(value.lstrip("\n\u2028\u2029"))
    content = value[leading:]
    inner = len(content) - len(content.lstrip(" "))
    number = 0
    while start < end:
        match = _BREAKS_RE.search(text, start, end)
        stop = end if match is None else match.start()
        spaces = stop - start - len(text[start:stop].lstrip(" "))
        if indent is None and content and number == leading:
            indent = spaces - inner
        begin = start + (spaces if indent is None else min(indent, spaces))
        yield _Line(begin, stop, None if match is None else _break_piece(match))
        start = end if match is None else match.end()
        number += 1


def _block_pieces(text: str, header: int, start: int, end: int, value: str) -> Iterator[Piece]:
    """The pieces of a literal or folded scalar, up to the length of its value (chomping)."""
    size = 0
    for piece in _unchomped_pieces(text, text[header] == ">", start, end, value):
        if size >= len(value):
            return
        size += len(piece.text)
        yield piece


def _unchomped_pieces(text: str, folded: bool, start: int, end: int, value: str) -> Iterator[Piece]:
    pending: list[Piece] = []
    held: Piece | None = None  # the break of the last line with content
    blank_before = False
    for line in _block_lines(text, start, end, value):
        if line.start == line.end:
            if line.line_break is not None:
                pending.append(line.line_break)
            continue
        blank = text[line.start] in " \t"
        if held is not None:
            if not folded or held.text != "\n" or blank_before or blank:
                yield held
            elif not pending:
                yield held._replace(text=" ")
        yield from pending
        pending.clear()
        yield Piece(line.start, line.end - line.start, text[line.start : line.end])
        held, blank_before = line.line_break, blank
    if held is not None:
        yield held
    yield from pending
