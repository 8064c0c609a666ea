"""Nodes of one text as nodes of another, that has the same characters at another place.

Most of what an edit has moved is not looked at before the next edit moves it again. So a mapping is moved by
itself, and what is in it when somebody looks.
"""

from __future__ import annotations

from typing import Any

from st2lang.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence


def moved(node: Node, by: int, text: str) -> Node:
    """A node of another text, for the same characters `by` further on in `text`. Without aliases."""
    kind = type(node)
    if kind is Scalar:
        assert isinstance(node, Scalar)
        start, end = node.start + by, node.end + by
        return Scalar(node.value, node.style, start, end, text, node.tag, node.anchor, node._data)
    if kind is Sequence:
        assert isinstance(node, Sequence)
        items = tuple([moved(item, by, text) for item in node.items])
        return Sequence(items, node.start + by, node.end + by, node.flow, node.tag, node.anchor)
    assert isinstance(node, Mapping)
    return _Moved(node, by, text)


class _Moved(Mapping):
    """A mapping of another text. Its slots `entries` and `_index` stay empty until somebody asks for them."""

    __slots__ = ("_by", "_origin", "_text")

    def __init__(self, of: Mapping, by: int, text: str) -> None:
        self.start, self.end = of.start + by, of.end + by
        self.flow, self.tag, self.anchor = of.flow, of.tag, of.anchor
        self._facts = of.facts
        self._text = text
        self._origin: Mapping | None = of
        self._by = by
        if isinstance(of, _Moved) and of._origin is not None:
            self._origin, self._by = of._origin, of._by + by

    def __getattr__(self, name: str) -> Any:
        """Fills a slot that is empty: what is in the mapping is moved too, now."""
        origin = self._origin
        if name not in ("entries", "_index") or origin is None:
            raise AttributeError(name)
        by, text = self._by, self._text
        self.entries = tuple(
            [Entry(moved(k, by, text), moved(v, by, text)) for k, v in origin.entries]
        )
        index = origin._index
        known = index is not None and len(index) == len(self.entries)
        self._index = dict(zip(index, self.entries, strict=True)) if index and known else None
        self._origin = None
        return getattr(self, name)
