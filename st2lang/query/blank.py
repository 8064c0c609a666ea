"""Where a thing would belong that is typed in a place where nothing stands yet."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.query.tree import column as column_of
from st2lang.query.tree import line_start, path_of
from st2lang.record import field, record
from st2lang.yaml import Mapping, Node, Scalar, Sequence, deref, node_at
from st2lang.yaml.report import step

if TYPE_CHECKING:
    from st2lang.document import Document

_COMMENT = lazy(r"(?:^|(?<=\s))#")
_DASHES = lazy(r"(?:- +)*")


@record
class Spot:
    """A place in the YAML: `where` is the value of a `cursor.Where`."""

    where: str
    path: SpecPath
    scalar: Scalar | None = field(compare=False, default=None)


def spot(document: Document, offset: int) -> Spot:
    """The spot of an offset that is in no scalar, told from what stands on the line, else its column."""
    text = document.source.text
    start = line_start(text, offset)
    before = text[start:offset]
    column = len(before)
    if before.strip():
        found = _on_line(document, start, offset)
        if found is not None:
            return found
        content = before.lstrip()
        dashes = _DASHES.match(content)
        column = len(before) - len(content) + (dashes.end() if dashes else 0)
    elif flow := _flow(document, offset):
        return flow
    return Spot("gap", _by_column(document, column, offset))


def _on_line(document: Document, start: int, offset: int) -> Spot | None:
    """Behind something that stands on the same line: a comment, `key:`, `-`, a value."""
    before = document.source.text[start:offset].rstrip()
    around = node_at(document.yaml, start + len(before))
    inner = around[-1] if around else None
    comment = _COMMENT.search(before)
    if comment is not None and not _holds(inner, start + comment.start()):
        return Spot("comment", path_of(node_at(document.yaml, offset))[0])
    flow = _flow(document, offset)
    if flow is not None:
        return flow
    path, is_key = path_of(around)
    if isinstance(inner, Scalar) and not is_key:
        empty = inner.start == inner.end
        return Spot("value", path, None if empty else inner)
    if isinstance(inner, Mapping) and before.endswith(":"):
        return Spot("gap", _value_of(inner, path, offset))
    return None


def _flow(document: Document, offset: int) -> Spot | None:
    """The gap between the parts of `[…]` or `{…}`."""
    around = node_at(document.yaml, offset)
    for at in range(len(around) - 1, -1, -1):
        node = around[at]
        if isinstance(node, Mapping | Sequence):
            if node.flow and node.start < offset and not _is_closed_at(node, offset):
                return Spot("gap", path_of(around[: at + 1])[0])
            return None
    return None


def _is_closed_at(node: Mapping | Sequence, offset: int) -> bool:
    return offset == node.end and node.end > node.start + 1


def _holds(node: Node | None, offset: int) -> bool:
    """True where a `#` is a character of a scalar."""
    return isinstance(node, Scalar) and node.start <= offset < node.end


def _value_of(mapping: Mapping, path: SpecPath, offset: int) -> SpecPath:
    """The path of the value whose key stands in front of an offset."""
    at = bisect_right(mapping.entries, offset, key=lambda e: e.key.start) - 1
    return path if at < 0 else (*path, step(mapping.entries[at].key))


def _by_column(document: Document, column: int, offset: int) -> SpecPath:
    """The path of what a thing in this column would belong to, going by the indentation."""
    text = document.source.text
    node: Node | None = document.root
    path: SpecPath = ()
    while node is not None:
        inner = _below(text, deref(node), column, offset)
        if inner is None:
            break
        path, node = (*path, inner[0]), inner[1]
        if node.start > offset or column < column_of(text, node.start):
            break
    return path


def _below(text: str, node: Node, column: int, offset: int) -> tuple[str | int, Node] | None:
    """The last part of a block that begins before an offset, when the column is deeper than the block's."""
    if isinstance(node, Mapping) and not node.flow:
        at = bisect_right(node.entries, offset, key=lambda e: e.key.start) - 1
        if at >= 0 and column > column_of(text, node.entries[at].key.start):
            return step(node.entries[at].key), node.entries[at].value
    elif isinstance(node, Sequence) and not node.flow:
        at = bisect_right(node.items, offset, key=lambda n: n.start) - 1
        if at >= 0 and column > column_of(text, node.start):
            return at, node.items[at]
    return None
