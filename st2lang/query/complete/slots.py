"""What of the YAML could be typed at the cursor: a key of some mapping, a value, an item of a list.

An empty place is offered something only where what is typed there would be read as meant: its column says
what it belongs to, nothing else stands on the line, and no deeper block goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from st2lang.document import Document
from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.query import shapes
from st2lang.query._memo import per_document
from st2lang.query.complete import flow
from st2lang.query.complete.model import Parts
from st2lang.query.complete.place import Slot
from st2lang.query.complete.writing import Fresh, Within
from st2lang.query.cursor import Cursor, Where
from st2lang.query.tree import column as column_of
from st2lang.query.tree import line_start, root_of
from st2lang.source import Span
from st2lang.yaml import Mapping, Node, Scalar, Sequence, Style, deref
from st2lang.yaml.report import step

_LEAD = lazy(r" *(?:- +)*")
_COLON = lazy(r"[ \t]*:(?=\s|$)")
_NEXT = lazy(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*(?P<indent> *)(?P<first>[^\s#]?)")
_UNIT = lazy(r"^[^\s#][^\r\n]*:[ \t]*\r?\n(?P<indent> +)[^\s#]", re.MULTILINE)
_ENTRY = lazy(r"[^\s#][^\r\n]*?:(?=\s|\Z)")

Slots = tuple[Slot, ...]


def slots(cursor: Cursor) -> Slots:
    """What could be typed at the cursor."""
    if cursor.where is Where.COMMENT:
        return ()
    in_flow = flow.slots(cursor)
    if in_flow is not None:
        return in_flow
    if cursor.where is Where.KEY:
        return tuple(_of_key(cursor))
    if cursor.scalar is not None:
        return tuple(_of_scalar(cursor, cursor.scalar))
    return tuple(_of_nothing(cursor))


@per_document
def unit(document: Document) -> int:
    """By how many blanks the file indents its blocks."""
    found = _UNIT.search(document.source.text)
    return min(8, len(found["indent"])) if found else 2


def _of_key(cursor: Cursor) -> Iterator[Slot]:
    """The key that the cursor is on."""
    scalar, text = cursor.scalar, cursor.document.source.text
    if scalar is None or "\n" in text[scalar.start : scalar.end]:
        return
    path = cursor.path[:-1]
    followed = _COLON.match(text, scalar.end) is not None
    if not followed and not is_clear(text, scalar.end):
        return
    yield Slot(
        path,
        key=True,
        fresh=Fresh(scalar.span),
        typed=text[scalar.start : cursor.offset].lstrip("'\""),
        column=column_of(text, scalar.start),
        taken=_taken(cursor.document, path, scalar),
        followed=followed,
        heads=_heads(text, scalar.end, column_of(text, scalar.start)),
    )


def _of_scalar(cursor: Cursor, scalar: Scalar) -> Iterator[Slot]:
    """The value that the cursor is in or behind; a single word may become a key."""
    text = cursor.document.source.text
    if not _is_inside(scalar, cursor.offset):
        return
    if cursor.offset > scalar.end and not is_clear(text, cursor.offset):
        return
    start = line_start(text, scalar.start)
    lead = _LEAD.match(text, start)
    begins = lead is not None and lead.end() == scalar.start
    yield Slot(
        cursor.path,
        key=False,
        fresh=Fresh(Span(cursor.offset, cursor.offset)),
        typed=cursor.text,
        column=len(lead[0]) if lead else 0,
        scalar=scalar,
        offset=cursor.offset,
    )
    word = text[scalar.start : scalar.end]
    if (
        begins
        and scalar.style is Style.PLAIN
        and cursor.offset <= scalar.end
        and not re.search(r"\s", word)
        and is_clear(text, scalar.end)
        and not text[scalar.end : scalar.end + 1].strip()
    ):
        yield Slot(
            cursor.path,
            key=True,
            fresh=Fresh(scalar.span),
            typed=text[scalar.start : cursor.offset],
            column=scalar.start - start,
            alone=True,
            heads=_heads(text, scalar.end, scalar.start - start),
        )


def _is_inside(scalar: Scalar, offset: int) -> bool:
    """Whether an offset is in the text of a scalar: between its quotes; behind it only when it has none."""
    if scalar.style is Style.PLAIN:
        return scalar.start <= offset
    return scalar.map.start <= offset <= scalar.map.end


def _of_nothing(cursor: Cursor) -> Iterator[Slot]:
    """An empty place: behind a key or a dash, or on a line of its own."""
    document, offset, path = cursor.document, cursor.offset, cursor.path
    text = document.source.text
    if not is_clear(text, offset):
        return
    start = line_start(text, offset)
    before = text[start:offset]
    node = node_at_path(document, path)
    if not before.strip():
        yield from _on_own_line(cursor, node, len(before))
        return
    if not _is_empty(node) or before.rstrip()[-1:] not in (":", "-"):
        return
    prefix = "" if before[-1:].isspace() else " "
    here = Span(offset, offset)
    lead = _LEAD.match(before + " ")
    own = len(lead[0].rstrip(" ")) if lead else 0
    if before.rstrip().endswith("-") and lead and not before[own:].strip():
        column = len(before) + len(prefix)
        fresh = Fresh(here, prefix)
        yield Slot(path, key=True, fresh=fresh, column=column, alone=True, opened=True)
        yield Slot(path, key=False, fresh=fresh, column=column, opened=True)
        return
    column = len(_LEAD.match(before)[0])  # type: ignore[index]
    if _follows(text, offset)[0] > column:
        return
    yield Slot(path, key=False, fresh=Fresh(here, prefix), column=column, opened=True)
    yield from _below(document, path, offset, column + unit(document))


def _below(document: Document, path: SpecPath, offset: int, column: int) -> Iterator[Slot]:
    """Keys and items that can only stand on the line below a key."""
    prefix = "\n" + " " * column
    here = Span(offset, offset)
    for is_list in _containers(document, path):
        if is_list:
            yield Slot(
                (*path, 0),
                key=True,
                fresh=Fresh(here, f"{prefix}- "),
                column=column + 2,
                alone=True,
            )
            yield Slot((*path, 0), key=False, fresh=Fresh(here, f"{prefix}- "), column=column + 2)
        else:
            yield Slot(path, key=True, fresh=Fresh(here, prefix), column=column, alone=True)


def _containers(document: Document, path: SpecPath) -> tuple[bool, ...]:
    """Whether a list, a mapping or both may stand at a path: True for a list."""
    shape = shapes.at(document.kind, path)
    if shape is None:
        return ()
    found = shapes.types_of(shape) or ("object",)
    return tuple(name == "array" for name in found if name in ("array", "object"))


def _on_own_line(cursor: Cursor, node: Node | None, column: int) -> Iterator[Slot]:
    document, path, offset = cursor.document, cursor.path, cursor.offset
    text = document.source.text
    indent, first = _follows(text, offset)
    here = Span(offset, offset)
    opened = _opens(text, offset)
    target = deref(node) if node is not None else None
    if indent > column:
        return
    if isinstance(target, Mapping):
        keys = target.entries and not target.flow and not (indent == column and first == "-")
        if keys and column == column_of(text, target.entries[0].key.start):
            taken = _taken(document, path, None)
            yield Slot(path, key=True, fresh=Fresh(here), column=column, taken=taken)
    elif isinstance(target, Sequence):
        if not target.flow and column == column_of(text, target.start):
            item = (*path, _items_before(target, offset))
            fresh = Fresh(here, "- ")
            yield Slot(item, key=True, fresh=fresh, column=column + 2, alone=True)
            yield Slot(item, key=False, fresh=fresh, column=column + 2)
    elif _is_empty(target):
        if not path and column == 0:
            yield Slot((), key=True, fresh=Fresh(here), column=0, alone=True)
        elif path and _is_deeper(document, path, target, column):
            yield from _new_block(document, path, here, column, opened)


def _new_block(
    document: Document, path: SpecPath, here: Span, column: int, opened: bool
) -> Iterator[Slot]:
    """The first line below a key that has no value yet."""
    containers = _containers(document, path)
    if True in containers:
        fresh = Fresh(here, "- ")
        item = (*path, 0)
        yield Slot(item, key=True, fresh=fresh, column=column + 2, alone=True, opened=opened)
        yield Slot(item, key=False, fresh=fresh, column=column + 2, opened=opened)
    if False in containers:
        yield Slot(path, key=True, fresh=Fresh(here), column=column, alone=True, opened=opened)
    yield Slot(path, key=False, fresh=Fresh(here), column=column, opened=opened)


def _is_deeper(document: Document, path: SpecPath, empty: Node | None, column: int) -> bool:
    """Whether a column is right of the key or dash that the empty value belongs to."""
    text = document.source.text
    around = node_at_path(document, path[:-1])
    if isinstance(around, Mapping):
        entry = next((e for e in reversed(around.entries) if step(e.key) == path[-1]), None)
        return entry is not None and column > column_of(text, entry.key.start)
    return empty is not None and column > column_of(text, empty.start - 1)


def _items_before(sequence: Sequence, offset: int) -> int:
    return sum(item.start < offset for item in sequence.items)


def _opens(text: str, offset: int) -> bool:
    """Whether the line above opens a block and is the reason for this one."""
    return text[: line_start(text, offset)].rstrip().endswith(":")


def _follows(text: str, offset: int) -> tuple[int, str]:
    """Indentation and first character of the next line with content below an offset."""
    line = text.find("\n", offset)
    found = _NEXT.match(text, line + 1) if line >= 0 else None
    if found is None or not found["first"]:
        return -1, ""
    return len(found["indent"]), found["first"]


def _heads(text: str, offset: int, column: int) -> str:
    """What follows on the lines below as the value of a key in some column."""
    indent, first = _follows(text, offset)
    if first == "-" and indent >= column:
        return "array"
    if indent <= column:
        return ""
    line = text.find("\n", offset) + 1
    found = _ENTRY.search(text, line)
    return "object" if found and not text[line : found.start()].strip() else "string"


def is_clear(text: str, offset: int) -> bool:
    """Whether nothing but a comment stands between an offset and the end of its line."""
    rest = text[offset : _line_end(text, offset)]
    return not rest.strip() or (rest[:1].isspace() and rest.lstrip().startswith("#"))


def _line_end(text: str, offset: int) -> int:
    ends = [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0]
    return min(ends, default=len(text))


def _is_empty(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.start == node.end)


def _taken(document: Document, path: SpecPath, but: Scalar | None) -> frozenset[str]:
    """The keys that a mapping has, one left out."""
    node = node_at_path(document, path)
    target = deref(node) if node is not None else None
    if not isinstance(target, Mapping):
        return frozenset()
    return frozenset(
        str(step(e.key)) for e in target.entries if e.key is not but and isinstance(e.key, Scalar)
    )


def node_at_path(document: Document, path: SpecPath) -> Node | None:
    """The node at a path, aliases not followed; None where there is none."""
    node: Node | None = root_of(document) or document.root
    for name in path:
        target = deref(node) if node is not None else None
        if isinstance(target, Mapping):
            entry = next((e for e in reversed(target.entries) if step(e.key) == name), None)
            node = entry.value if entry is not None else None
        elif isinstance(target, Sequence) and isinstance(name, int):
            node = target.items[name] if name < len(target.items) else None
        else:
            return None
    return node


def within(slot: Slot, start: int, end: int) -> Within:
    """The decoded characters `start:end` of the slot's scalar as a place to write to."""
    assert slot.scalar is not None
    scalar, offset = slot.scalar, slot.offset
    span = Span(offset, offset) if start >= end else scalar.locate(start, end)
    return Within(scalar, start, end, span, offset, slot.flow)


def lines(parts: Parts, column: int) -> Parts:
    """Parts of several lines, those below the first indented to a column."""
    indent = "\n" + " " * column
    return tuple(p.replace("\n", indent) if isinstance(p, str) else p for p in parts)
