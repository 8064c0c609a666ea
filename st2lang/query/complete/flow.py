"""Places between `[` and `]`, `{` and `}`, closed or not yet."""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.query.complete.place import Slot
from st2lang.query.complete.writing import Fresh
from st2lang.query.cursor import Cursor
from st2lang.query.tree import line_start, path_of
from st2lang.record import record
from st2lang.source import Span
from st2lang.yaml import Mapping, Node, Scalar, Sequence, node_at
from st2lang.yaml.lines import opening

_START = lazy(r"(?:^|[:-])[ \t]+(?=[\[{])")
_TOKEN = lazy(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)|(?P<mark>[\[\]{},])
    |(?P<colon>:(?=[\s,\[\]{}]|$))|(?P<space>\s+)
    |(?P<plain>(?:[^\s,\[\]{}:]|:(?![\s,\[\]{}]|$))(?:[^,\[\]{}:\r\n]|:(?![\s,\[\]{}]|$))*)""",
    16 | 64,  # DOTALL and VERBOSE
)
_NAME = lazy(r"[\w.$-]*")
_COLON = lazy(r"[ \t]*:(?=[\s,\[\]{}]|$)")
_FARTHEST = 20_000
"""How long a collection is looked at that is never closed."""


@record(frozen=False)
class _Level:
    """A bracket that is open at the cursor: its place in the list or the key in the mapping."""

    bracket: str
    index: int = 0
    key: str | None = None
    token: tuple[int, str] | None = None
    names: tuple[str, ...] = ()

    def next(self) -> None:
        """A comma has come by."""
        self.index, self.key, self.token = self.index + 1, None, None

    def step(self) -> str | int:
        """The last part of the path of what is being written here."""
        return self.index if self.bracket == "[" else self.key or ""


def slots(cursor: Cursor) -> tuple[Slot, ...] | None:
    """The slot at a cursor inside brackets; None outside of any, () where nothing fits."""
    start = _start(cursor)
    if start is None:
        return None
    text, offset = cursor.document.source.text, cursor.offset
    levels = _levels(text[start : min(offset, start + _FARTHEST)], start)
    if not levels:
        return None
    base = _base(cursor, start)
    return () if base is None else tuple(_slot(cursor, base, levels))


def _start(cursor: Cursor) -> int | None:
    """Where the outermost bracket around the cursor stands."""
    text, offset = cursor.document.source.text, cursor.offset
    for node in cursor.nodes:
        if isinstance(node, Mapping | Sequence) and node.flow and node.start < offset:
            return None if opening(text[:offset], node.start).end else node.start
    scalar = cursor.scalar
    for found in _START.finditer(text, line_start(text, offset), offset):
        at = found.end()
        if text.startswith(("{{", "{%"), at) or (scalar and scalar.start < at <= scalar.end):
            continue
        if not opening(text[:offset], at).end:
            return at
    return None


def _base(cursor: Cursor, start: int) -> SpecPath | None:
    """The path of the collection that begins at an offset."""
    around: tuple[Node, ...] = node_at(cursor.document.yaml, start)
    for at, node in enumerate(around):
        if node.start == start and (isinstance(node, Scalar) or getattr(node, "flow", False)):
            return path_of(around[: at + 1])[0]
    return None


def _levels(text: str, base: int) -> list[_Level]:
    """The brackets that are open at the end of a text that begins with one."""
    levels: list[_Level] = []
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup, match[0]
        if kind == "mark" and word in "[{":
            levels.append(_Level(word))
        elif not levels:
            break
        elif kind == "mark" and word in "]}":
            levels.pop()
            if levels:
                levels[-1].token = None
        elif kind == "mark":
            levels[-1].next()
        elif kind == "colon" and levels[-1].token is not None:
            level = levels[-1]
            level.key = (level.token or (0, ""))[1].strip().strip("'\"")
            level.names, level.token = (*level.names, level.key), None
        elif kind in ("quoted", "plain"):
            levels[-1].token = base + match.start(), word
    return levels


def _slot(cursor: Cursor, base: SpecPath, levels: list[_Level]) -> Iterator[Slot]:
    text, offset = cursor.document.source.text, cursor.offset
    inner = levels[-1]
    path = (*base, *(level.step() for level in levels[:-1]))
    start = inner.token[0] if inner.token is not None else offset
    name = _NAME.match(text, offset)
    end = name.end() if name else offset
    typed = text[start:offset]
    if text[end : end + 1].strip() and text[end] not in ",]}:":
        return
    prefix = " " if text[offset - 1 : offset] == ":" else ""
    fresh = Fresh(Span(start, end), prefix, flow=True)
    if inner.bracket == "{" and inner.key is None:
        if typed[:1] in ("'", '"') or " " in typed.strip():
            return
        followed = _COLON.match(text, end) is not None
        taken = frozenset((*inner.names, *_behind(cursor, path, offset)))
        yield Slot(
            path, key=True, fresh=fresh, typed=typed, taken=taken, followed=followed, flow=True
        )
        return
    here = (*path, inner.step())
    scalar = cursor.scalar if inner.token is not None else None
    if inner.token is not None and scalar is None:
        return
    yield Slot(
        here,
        key=False,
        fresh=fresh,
        typed=cursor.text if scalar is not None else typed,
        scalar=scalar,
        offset=offset,
        flow=True,
        opened=inner.token is None,
    )


def _behind(cursor: Cursor, path: SpecPath, offset: int) -> Iterator[str]:
    """The keys behind the cursor in the mapping that it is in."""
    for node in reversed(cursor.nodes):
        if isinstance(node, Mapping) and node.flow:
            for entry in node.entries:
                key = entry.key
                if isinstance(key, Scalar) and key.start > offset:
                    yield key.value
            return
