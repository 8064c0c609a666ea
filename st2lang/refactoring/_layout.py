"""Where new text goes in a YAML file, and how it is laid out there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.problem import Edit
from st2lang.query.complete.slots import unit
from st2lang.query.extent import of_entry, trimmed
from st2lang.query.tree import column, line_start
from st2lang.source import Span
from st2lang.yaml import Alias, Entry, Mapping, Node, Scalar, Sequence, node_at

if TYPE_CHECKING:
    from st2lang.document import Document


def newline(document: Document) -> str:
    """How the file ends its lines."""
    return "\r\n" if "\r\n" in document.source.text else "\n"


def indent(document: Document) -> str:
    """One level of indentation as the file has it."""
    return " " * unit(document)


def own(mapping: Mapping, key: str) -> Entry | None:
    """The only entry with a key that is written in a mapping, its value in place: no alias, no merge."""
    found = [e for e in mapping.entries if isinstance(e.key, Scalar) and e.key.data == key]
    if len(found) != 1 or isinstance(found[0].value, Alias):
        return None
    return found[0]


def is_plainly_written(node: Node) -> bool:
    """True for a node without anchor or tag: nothing else refers to it, and it is what it looks like."""
    return not isinstance(node, Alias) and node.tag is None and node.anchor is None


def in_flow(document: Document, offset: int) -> bool:
    """Whether a place is inside `[…]` or `{…}`."""
    around = node_at(document.yaml, offset)
    return any(isinstance(n, Mapping | Sequence) and n.flow for n in around)


def line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends, its line break not included."""
    ends = [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0]
    return min(ends, default=len(text))


def column_of(document: Document, offset: int) -> int:
    """The column of an offset, from 0."""
    return column(document.source.text, offset)


def below(document: Document, end: int, lines: list[str], at: int) -> Edit:
    """Lines put in column `at`, below the line of `end`: the end of what they follow.

    Blank lines that belong to a block scalar above stay with it.
    """
    text, nl = document.source.text, newline(document)
    written = [" " * at + line if line else "" for line in lines]
    stop = line_end(text, trimmed(text, 0, end).end)
    if _keeps_blank_lines(document, stop):
        stop = line_start(text, end)
        return Edit(Span(stop, stop), nl.join(written) + nl)
    return Edit(Span(stop, stop), nl + nl.join(written))


def _keeps_blank_lines(document: Document, offset: int) -> bool:
    """Whether the line breaks behind a place are part of a block scalar's text."""
    around = node_at(document.yaml, offset)
    inner = around[-1] if around else None
    return (
        isinstance(inner, Scalar)
        and inner.style.block
        and inner.value.endswith("\n\n")
        and inner.end > offset + 1
    )


def into_flow(document: Document, mapping: Mapping, written: str) -> Edit:
    """`key: value` put behind the last entry of a `{…}`."""
    if not mapping.entries:
        return Edit(Span(mapping.start + 1, mapping.start + 1), written)
    end = of_entry(document.source.text, mapping.entries[-1]).end
    return Edit(Span(end, end), f", {written}")
