"""Lines of a source with a span underlined: over several lines, with tabs, with wide characters."""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.commands.terminal import Paint, cells, printable
from st2lang.source import Source, Span

TAB = 4
"""Cells from one tab stop to the next."""
MOST_LINES = 5
"""A longer span is shown by its first lines and its last one."""
MOST_CELLS = 110
"""A longer line is shown by the part around the span."""


def excerpt(
    source: Source, span: Span, paint: Paint, style: str, mark: str, width: int
) -> Iterator[str]:
    """The lines that a span touches, each over its underline; `width` is that of line numbers."""
    first, last = _touched(source, span)
    gutter = paint("frame", " " * width + " |")
    yield gutter
    for line in _shown(first, last):
        if line is None:
            yield f"{paint('frame', '...')}"
            continue
        text, before, under = _lay_out(source, span, line)
        yield f"{paint('frame', f'{line:>{width}} |')} {text}".rstrip()
        if under:
            yield f"{gutter} {' ' * before}{paint(style, mark * under)}"


def _touched(source: Source, span: Span) -> tuple[int, int]:
    """First and last line; a span that ends with a line break does not touch the next line."""
    start = source.position(span.start)
    end = source.position(max(span))
    last = end.line
    if last > start.line and end.column == 1:
        last -= 1
    return start.line, last


def _shown(first: int, last: int) -> list[int | None]:
    if last - first < MOST_LINES:
        return list(range(first, last + 1))
    return [*range(first, first + MOST_LINES - 2), None, last]


def _lay_out(source: Source, span: Span, line: int) -> tuple[str, int, int]:
    """The line as shown, the cells before its underline, and how many are underlined."""
    bounds = source.line_span(line)
    text = source.text[bounds.start : bounds.end]
    start = max(span.start, bounds.start) - bounds.start
    end = max(start, min(span.end, bounds.end) - bounds.start)
    if span.start < bounds.start:  # further lines: not the indentation
        start += len(text[start:end]) - len(text[start:end].lstrip(" \t"))
    if span.end > bounds.end:  # lines before the last: not what trails
        end = start + len(text[start:end].rstrip(" \t"))
    start = min(start, len(text))
    blank = span.start < bounds.start and not text[start:end].strip()
    text, start, end = _window(text, start, end)
    head = _expand(text[:start], 0)
    body = _expand(text[start:end], cells(head))
    tail = _expand(text[end:], cells(head) + cells(body))
    return head + body + tail, cells(head), 0 if blank else max(1, cells(body))


def _window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Cut a very long line down to what surrounds the span."""
    if len(text) <= MOST_CELLS:
        return text, start, end
    left = max(0, min(start - MOST_CELLS // 3, len(text) - MOST_CELLS))
    right = left + MOST_CELLS
    cut, start, end = text[left:right], start - left, min(end, right) - left
    if right < len(text):
        cut += "…"
    if left:
        cut, start, end = "…" + cut, start + 1, end + 1
    return cut, start, end


def _expand(text: str, column: int) -> str:
    """Printable text with tabs as blanks up to the next stop."""
    if "\t" not in text:
        return printable(text)
    shown = ""
    for index, part in enumerate(text.split("\t")):
        if index:
            shown += " " * (TAB - (column + cells(shown)) % TAB)
        shown += printable(part)
    return shown
