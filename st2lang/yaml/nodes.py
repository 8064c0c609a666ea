"""The spanned tree of a YAML text.

Nodes are built once and never changed afterwards; what is costly and rarely asked for (the data of
a scalar, its decoded-to-source map, the index of a mapping with merge keys) is computed on first
use. That, and not freezing the classes, keeps the tree nearly as cheap as the parser's events.

Aliases are kept as they were written. Following them always ends: an alias that is undefined,
contains itself, or would blow the document up, has been reported and leads to an empty scalar.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from st2lang.record import field, record
from st2lang.source import Span
from st2lang.yaml.resolve import MERGE, UNSET, construct_scalar
from st2lang.yaml.scalars import SourceMap, source_map


class Style(Enum):
    """How a scalar is written."""

    PLAIN = ""
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"

    @property
    def block(self) -> bool:
        """True for `|` and `>`."""
        return self is Style.LITERAL or self is Style.FOLDED


@record(frozen=False, eq=False)
class Scalar:
    """One scalar: `value` is the decoded text, `text[start:end]` how it is written.

    `text` is the text of the whole file; `tag` an explicit tag, resolved
    (`tag:yaml.org,2002:str`), or None; `anchor` a name or None.
    """

    value: str
    style: Style
    start: int
    end: int
    text: str
    tag: str | None = None
    anchor: str | None = None
    _data: Any = UNSET
    _map: SourceMap | None = field(default=None, init=False)

    @property
    def span(self) -> Span:
        """The extent in the source: quotes or block header included, anchor and tag not."""
        return Span(self.start, self.end)

    @property
    def data(self) -> Any:
        """The Python value as PyYAML's SafeLoader makes it (YAML 1.1); the text if it cannot."""
        if self._data is UNSET:
            self._data = construct_scalar(self.value, self.style is Style.PLAIN, self.tag)
        return self._data

    @property
    def is_string(self) -> bool:
        """True when the data is text: quoted, block, or plain text that YAML 1.1 leaves alone."""
        return isinstance(self.data, str)

    @property
    def is_null(self) -> bool:
        """True for `~`, `null` and a value that was left out."""
        return self.data is None

    @property
    def map(self) -> SourceMap:
        """The map between the decoded text and the source."""
        if self._map is None:
            self._map = source_map(self.text, self.start, self.end, self.style.value, self.value)
        return self._map

    def locate(self, start: int, end: int) -> Span:
        """The source span of `value[start:end]`; of zero width when the range is empty."""
        return self.map.locate(start, end)

    def offset_at(self, source_offset: int) -> int | None:
        """The offset in `value` of a place in the source; None outside the scalar's content."""
        return self.map.offset_at(source_offset)

    def __repr__(self) -> str:
        return f"Scalar({self.value!r}, {self.start}:{self.end})"


class Entry(NamedTuple):
    """One `key: value` of a mapping, as written."""

    key: Node
    value: Node


@record(frozen=False, eq=False)
class Mapping:
    """A mapping: `entries` as written, in order, duplicates and merge keys included."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None
    _index: dict[Any, Entry] | None = None
    _facts: dict[Any, Any] | None = field(default=None, init=False)

    @property
    def facts(self) -> dict[Any, Any]:
        """What others have found out about what is written here and want to keep, wherever it stands.

        No place in the file and nothing from around the mapping: after an edit elsewhere the mapping stands
        at another place, and its facts are those that it had before.
        """
        if self._facts is None:
            self._facts = {}
        return self._facts

    @property
    def span(self) -> Span:
        """From the first key (or `{`) to the end of the last value (or `}`)."""
        return Span(self.start, self.end)

    @property
    def index(self) -> dict[Any, Entry]:
        """The entries by the data of their keys: merge keys applied, the last duplicate winning.

        Keys that cannot be keys in Python (mappings and sequences) are left out.
        """
        if self._index is None:
            self._index = _merged_index(self)
        return self._index

    def entry(self, name: Any) -> Entry | None:
        """The entry with this key (its data, usually a string), or None."""
        return self.index.get(name)

    def get(self, name: Any) -> Value | None:
        """The value of this key with aliases followed, or None when there is no such key."""
        entry = self.index.get(name)
        return None if entry is None else deref(entry.value)

    def items(self) -> Iterator[tuple[Scalar, Value]]:
        """Keys and values as a loader sees them: merged, without duplicates, aliases followed."""
        for key, value in self.index.values():
            name = deref(key)
            if isinstance(name, Scalar):
                yield name, deref(value)

    def __contains__(self, name: object) -> bool:
        return name in self.index

    def __repr__(self) -> str:
        return f"Mapping({len(self.entries)} entries, {self.start}:{self.end})"


@record(frozen=False, eq=False)
class Sequence:
    """A sequence: its items in order, aliases as written."""

    items: tuple[Node, ...]
    start: int
    end: int
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None

    @property
    def span(self) -> Span:
        """From the first `-` (or `[`) to the end of the last item (or `]`)."""
        return Span(self.start, self.end)

    def __repr__(self) -> str:
        return f"Sequence({len(self.items)} items, {self.start}:{self.end})"


@record(frozen=False, eq=False)
class Alias:
    """A `*name`. `target` is what it stands for: an empty scalar when it cannot be followed."""

    name: str
    target: Value
    start: int
    end: int
    defined: bool = True

    @property
    def span(self) -> Span:
        """The `*name` itself."""
        return Span(self.start, self.end)

    def __repr__(self) -> str:
        return f"Alias({self.name!r}, {self.start}:{self.end})"


Value: TypeAlias = Scalar | Mapping | Sequence
"""What a node stands for once aliases have been followed."""

Node: TypeAlias = Scalar | Mapping | Sequence | Alias


def deref(node: Node) -> Value:
    """The node itself, or what an alias stands for."""
    return node.target if isinstance(node, Alias) else node


def merge_sources(value: Node) -> list[Mapping]:
    """The mappings that a `<<` with this value takes entries from, the weakest first."""
    target = deref(value)
    if isinstance(target, Mapping):
        return [target]
    if isinstance(target, Sequence):
        found = [deref(item) for item in target.items]
        return [node for node in reversed(found) if isinstance(node, Mapping)]
    return []


def is_merge(key: Node) -> bool:
    """True for a plain `<<` key."""
    return isinstance(key, Scalar) and key.data is MERGE


def _merged_index(mapping: Mapping) -> dict[Any, Entry]:
    """Merged entries first and overridden by the mapping's own, as PyYAML flattens them."""
    index: dict[Any, Entry] = {}
    for key, value in mapping.entries:
        if is_merge(key):
            for source in merge_sources(value):
                index.update(source.index)
    for entry in mapping.entries:
        key = deref(entry.key)
        if isinstance(key, Scalar) and not is_merge(entry.key):
            index[key.data] = entry
    return index
