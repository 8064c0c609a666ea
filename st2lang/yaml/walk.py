"""Going through a tree: all nodes, plain data, and what is at a place.

Trees are at most `MAX_DEPTH` deep and aliases have been bounded when they were read, so recursion
is safe here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from st2lang.problem import SpecPath
from st2lang.yaml.nodes import Mapping, Node, Scalar, Sequence, Value, deref
from st2lang.yaml.parse import YamlFile
from st2lang.yaml.report import step
from st2lang.yaml.resolve import TAG


def walk(node: Node, path: SpecPath = ()) -> Iterator[tuple[SpecPath, Node]]:
    """The node and every value below it as written, with paths, in document order.

    Aliases are handed out but not followed; keys are found in their mapping's `entries`.
    """
    pending: list[tuple[SpecPath, Node]] = [(path, node)]
    while pending:
        here, current = pending.pop()
        yield here, current
        if isinstance(current, Mapping):
            pending += [((*here, step(key)), value) for key, value in reversed(current.entries)]
        elif isinstance(current, Sequence):
            pending += [
                ((*here, at), current.items[at]) for at in range(len(current.items) - 1, -1, -1)
            ]


def to_data(node: Node | None) -> Any:
    """The node as `yaml.safe_load` would load it: merge keys applied, aliases shared.

    Keys that cannot be keys in Python are left out; an alias that cannot be followed is None.
    """
    return None if node is None else _data(deref(node), {})


def _data(node: Value, made: dict[int, Any]) -> Any:
    if isinstance(node, Scalar):
        return node.data
    known = made.get(id(node))
    if known is not None:
        return known
    tag = (node.tag or "").removeprefix(TAG)
    data: Any
    if isinstance(node, Sequence):
        data = [_data(deref(item), made) for item in node.items]
        if tag in ("omap", "pairs"):
            data = [pair for item in data if isinstance(item, dict) for pair in item.items()]
    else:
        data = {key: _data(deref(entry.value), made) for key, entry in node.index.items()}
        if tag == "set":
            data = set(data)
    made[id(node)] = data
    return data


def node_at(file: YamlFile, offset: int) -> tuple[Node, ...]:
    """The nodes around an offset, from the document's root to the innermost; empty outside.

    A key counts as a node inside its mapping; aliases are not followed. A node's end still belongs
    to it, because a cursor can stand there.
    """
    starts = [document.start for document in file.documents]
    at = bisect_right(starts, offset) - 1
    node: Node | None = file.documents[at] if at >= 0 else None
    found: list[Node] = []
    while node is not None and node.start <= offset <= node.end:
        found.append(node)
        node = _child_at(node, offset)
    return tuple(found)


def _child_at(node: Node, offset: int) -> Node | None:
    """The last child that starts at or before the offset."""
    if isinstance(node, Mapping):
        at = bisect_right(node.entries, offset, key=lambda entry: entry.key.start) - 1
        if at < 0:
            return None
        key, value = node.entries[at]
        return key if offset <= key.end else value
    if isinstance(node, Sequence):
        at = bisect_right(node.items, offset, key=lambda item: item.start) - 1
        return node.items[at] if at >= 0 else None
    return None
