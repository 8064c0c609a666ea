"""Formats YAML: indentation, the space after `-` and `:`, blank lines, the ends of lines and of the file.

Nothing else is touched: quotes, comments, line breaks inside values and expressions stay as they are
written. The text is never written anew from data; lines are moved. What comes out is parsed again and
returned only if it means the same, with the same comments.

Two spaces a level, lists one level deeper than their key:

    next:
      - when: <% succeeded() %>
        do: greet
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from st2lang.patterns import lazy
from st2lang.record import record
from st2lang.source import Source
from st2lang.yaml import Mapping, Node, Scalar, Sequence, YamlFile, parse, to_data

STEP = 2
"""Spaces a level."""

BREAKS = frozenset("\x85\u2028\u2029")
"""What YAML counts as line breaks and nobody else does: a `|` with such breaks in it is not moved."""

_HEADER = lazy(r"[|>](?P<flags>[-+0-9]*)")
_BLANK = frozenset(" \t\r\n")


class UnformattableError(ValueError):
    """The text is broken, or would mean something else afterwards; the message says which."""


@record
class Line:
    """A line of the source: its text without the break, the break, and how far it is indented."""

    text: str
    ending: str
    indent: int

    @property
    def blank(self) -> bool:
        """True when there is nothing but white space on it."""
        return self.indent == len(self.text)


def format_text(text: str) -> str:
    """The text, formatted. Raises `UnformattableError`."""
    file = parse(text)
    if file.problems:
        line = Source("", text).position(file.problems[0].span.start).line
        raise UnformattableError(f"line {line}: {file.problems[0].message}")
    formatted = _Layout(text, file).formatted()
    if formatted != text and not _same(file, parse(formatted)):
        if not BREAKS.isdisjoint(text):
            raise UnformattableError(
                "a value in it has line breaks of a rare kind (U+0085, U+2028)"
            )
        raise UnformattableError("it would mean something else afterwards")
    return formatted


def same_meaning(before: str, after: str) -> bool:
    """Whether both texts are valid YAML for the same data."""
    return _same(parse(before), parse(after))


def _same(before: YamlFile, after: YamlFile) -> bool:
    if after.problems or len(before.documents) != len(after.documents):
        return False
    pairs = zip(before.documents, after.documents, strict=True)
    return all(repr(to_data(a)) == repr(to_data(b)) for a, b in pairs)


class _Layout:
    """Where every line of one text belongs."""

    def __init__(self, text: str, file: YamlFile) -> None:
        self.source = Source("", text)
        self.lines = list(_lines(self.source))
        self.file = file
        self.indents: dict[int, int] = {}
        """New indentation of lines that begin a key or an item, by index."""
        self.content: dict[int, int] = {}
        """New indentation of lines inside a `|` or `>`, whose white space is theirs."""
        self.inside: set[int] = set()
        """Lines that continue a quoted or plain value: their white space is not trimmed."""
        self.extra: dict[int, int] = {}
        """White space at the start of such a line that is content, beyond the indentation."""
        self.gaps: dict[int, list[tuple[int, int]]] = {}
        """Columns between which a line has one space afterwards."""

    def formatted(self) -> str:
        for document in self.file.documents:
            self._node(document, 0, -1)
        ending = next((line.ending for line in self.lines if line.ending), "\n")
        written: list[str] = []
        blank = True
        for index, text in enumerate(self._moved()):
            line = self.lines[index]
            if line.blank and index not in self.content and index not in self.inside:
                if blank:
                    continue
                blank = True
            else:
                blank = False
            # A line break at the end of the file would be part of a value that ends there.
            written.append(text + (line.ending or ("" if index in self.content else ending)))
        while written and not written[-1].strip() and self._open_end(len(self.lines) - 1):
            written.pop()
        return "".join(written)

    def _open_end(self, index: int) -> bool:
        """Whether blank lines at the end of the file mean nothing."""
        return index not in self.content and index not in self.inside

    def _moved(self) -> Iterator[str]:
        """Every line at its new place, without its end."""
        shift = 0
        comments = self._comments()
        for index, line in enumerate(self.lines):
            if index in self.content:
                extra = self.extra[index]
                empty = line.blank and not extra
                yield "" if empty else " " * self.content[index] + line.text[line.indent - extra :]
                continue
            if index in self.indents:
                shift = self.indents[index] - line.indent
            here = comments.get(index, shift)
            text = self._spaced(index, line)
            body = text[line.indent :]
            if index not in self.inside:
                body = body.rstrip(" \t")
            yield " " * max(0, line.indent + here) + body if body else ""

    def _spaced(self, index: int, line: Line) -> str:
        text = line.text
        for start, end in sorted(self.gaps.get(index, ()), reverse=True):
            text = f"{text[:start]} {text[end:]}"
        return text

    # -- nodes -----------------------------------------------------------------------------------

    def _node(self, node: Node, column: int, parent: int) -> None:
        """Place a node at a column; `parent` is the actual column of what it stands in."""
        match node:
            case Mapping(flow=False):
                self._mapping(node, column)
            case Sequence(flow=False):
                self._sequence(node, column)
            case Scalar() if node.style.block:
                self._block(node, column, parent)
            case Scalar() | Mapping() | Sequence():
                first, last = self._line(node.start), self._line(node.end)
                self.inside.update(range(first + 1, last + 1))

    def _mapping(self, node: Mapping, column: int) -> None:
        for key, value in node.entries:
            line = self._line(key.start)
            actual = self._column(key.start, line)
            if self.lines[line].indent == actual:
                self.indents[line] = column
            self._explicit(line, "?", column)
            if (below := self._line(value.start)) != line:
                self._explicit(below, ":", column)
            if isinstance(key, Scalar) and self._line(key.end) == line:
                self._after_key(line, self._column(key.end, line))
            deeper = isinstance(value, Mapping | Sequence) and not value.flow
            self._node(value, column + STEP if deeper else column, actual)

    def _explicit(self, line: int, mark: str, column: int) -> None:
        """The `?` of a key that is more than a word, or the `:` of its value, first on its line."""
        at, text = self.lines[line].indent, self.lines[line].text
        if text[at : at + 1] == mark and text[at + 1 : at + 2] in ("", " ", "\t"):
            self.indents[line] = column
            self._one_space(line, at + 1)

    def _one_space(self, line: int, start: int) -> None:
        """Of the white space at a column one character stays, if something other than a comment follows."""
        text = self.lines[line].text
        end = start
        while end < len(text) and text[end] in " \t":
            end += 1
        if start < end < len(text) and text[end] != "#":
            self.gaps.setdefault(line, []).append((start, end))

    def _after_key(self, line: int, column: int) -> None:
        """One space after `key:`, none before the colon."""
        text = self.lines[line].text
        at = column
        while at < len(text) and text[at] in " \t":
            at += 1
        if at < len(text) and text[at] == ":":
            self._one_space(line, at + 1)

    def _sequence(self, node: Sequence, column: int) -> None:
        for item in node.items:
            dash = self._dash(item)
            if dash is None:
                continue
            line = self._line(dash)
            actual = self._column(dash, line)
            if self.lines[line].indent == actual:
                self.indents[line] = column
            self._one_space(line, actual + 1)
            deeper = isinstance(item, Mapping | Sequence) and not item.flow
            self._node(item, column + STEP if deeper else column, actual)

    def _dash(self, item: Node) -> int | None:
        """The offset of the `-` before an item."""
        text = self.source.text
        at = item.start - 1
        while at >= 0 and text[at] != "-":
            if text[at] == "\n" and not self._only_space(at + 1, item.start):
                return None
            at -= 1
        return at if at >= 0 else None

    def _only_space(self, start: int, end: int) -> bool:
        return all(character in _BLANK for character in self.source.text[start:end])

    def _block(self, node: Scalar, column: int, parent: int) -> None:
        """The content of `|` and `>`, one level deeper than what it belongs to."""
        first = self._line(node.start)
        header = _HEADER.match(self.source.text, node.start)
        digits = [c for c in header["flags"] if c.isdigit()] if header else []
        last = self._line(max(node.start, node.end - 1))
        lines = range(first + 1, last + 1)
        if digits:
            base = max(parent, 0) + int(digits[0])
            new = column + int(digits[0])
        else:
            base = next((self.lines[i].indent for i in lines if not self.lines[i].blank), 0)
            new = column + STEP
        for index in lines:
            line = self.lines[index]
            self.content[index] = new
            self.extra[index] = max(0, line.indent - base)

    # -- comments --------------------------------------------------------------------------------

    def _comments(self) -> dict[int, int]:
        """How far lines with nothing but a comment move: with the next line if they stand before it,
        else with the line above that they are aligned with."""
        found: dict[int, int] = {}
        shifts: list[tuple[int, int]] = []
        upcoming: dict[int, tuple[int, int]] = {}
        following: tuple[int, int] | None = None
        for index in range(len(self.lines) - 1, -1, -1):
            if index in self.indents:
                following = (
                    self.lines[index].indent,
                    self.indents[index] - self.lines[index].indent,
                )
            if following is not None:
                upcoming[index] = following
        for index, line in enumerate(self.lines):
            if index in self.content or index in self.inside:
                continue
            if index in self.indents:
                shifts.append((line.indent, self.indents[index] - line.indent))
            elif not line.blank and line.text[line.indent] == "#":
                found[index] = self._comment_shift(line.indent, upcoming.get(index), shifts)
        return found

    @staticmethod
    def _comment_shift(
        indent: int, following: tuple[int, int] | None, before: list[tuple[int, int]]
    ) -> int:
        if following is not None and following[0] == indent:
            return following[1]
        for column, shift in reversed(before):
            if column <= indent:
                if column == indent:
                    return shift
                break
        return following[1] if following is not None else (before[-1][1] if before else 0)

    # -- places ----------------------------------------------------------------------------------

    def _line(self, offset: int) -> int:
        return self.source.position(offset).line - 1

    def _column(self, offset: int, line: int) -> int:
        return offset - self.source.line_starts[line]


def _lines(source: Source) -> Iterator[Line]:
    starts = [*source.line_starts, len(source.text)]
    for number, (start, end) in enumerate(pairwise(starts), 1):
        if start == end:
            continue
        span = source.line_span(number)
        text = source.text[start : span.end]
        indent = len(text) - len(text.lstrip(" \t"))
        yield Line(text, source.text[span.end : end], indent)
