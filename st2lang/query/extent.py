"""How far things go in the file, without the line breaks that blocks end with."""

from __future__ import annotations

from st2lang.source import Span
from st2lang.yaml import Entry, Node


def trimmed(text: str, start: int, end: int) -> Span:
    """A span without the blanks and line breaks at its end."""
    end = max(start, end)
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return Span(start, end)


def of_node(text: str, node: Node) -> Span:
    """The extent of a node."""
    return trimmed(text, node.start, node.end)


def of_entry(text: str, entry: Entry) -> Span:
    """The extent of `key: value` as written."""
    end = of_node(text, entry.value).end if entry.value.start >= entry.key.end else entry.key.end
    return Span(entry.key.start, max(entry.key.end, end))
