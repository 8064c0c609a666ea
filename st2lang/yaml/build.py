"""Parser events into the spanned tree: one pass, no recursion.

The loop is the hot path of reading a file; everything that a healthy file does not need (paths,
tags, duplicate keys, anchors) is in functions that it calls only when it must.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from st2lang.patterns import lazy
from st2lang.problem import Problem, SpecPath
from st2lang.source import Span
from st2lang.yaml import events as ev
from st2lang.yaml import report
from st2lang.yaml.keys import key_problems
from st2lang.yaml.nodes import (
    Alias,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Style,
    Value,
    deref,
)
from st2lang.yaml.resolve import MERGE, NUMERIC, TAG, UNSET, WORDS, Marker, construct_tagged
from st2lang.yaml.scalars import BREAKS

MAX_DEPTH = 100
"""Collections inside one another that a file may have; recursive code relies on it."""

TOO_DEEP = "too deep"
"""The reason of the failure when there are more."""

_WORDS = {**WORDS, "=": Marker.VALUE}
_BLOCK = ("|", ">")
_entry: partial[Entry] = partial(tuple.__new__, Entry)
"""An `Entry` of a pair, in half the time that calling the class takes."""
_STYLES: dict[str | None, Style] = {None: Style.PLAIN, **{style.value: style for style in Style}}
_PROPERTY = lazy(r"&[0-9A-Za-z_-]+|!<[^>\s]*>|![^\s,\[\]{}]*")
_GAP = lazy(rf"(?:[ \t{BREAKS}]+|(?<=[{BREAKS}])\ufeff|#[^{BREAKS}]*)*")


class Reading(NamedTuple):
    """What a chunk gave: its documents with the offsets where they start, and why it ended."""

    documents: list[Node]
    starts: list[int]
    failure: ev.Failure | None


class Builder:
    """Builds the nodes of one file, from the whole or from chunks, and collects problems."""

    __slots__ = ("_base", "_limit", "_path", "_stack", "aliases", "anchors", "problems", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.aliases: list[Alias] = []
        self.anchors: dict[str, Node | None] = {}
        """None while the anchored node is being built."""
        self._stack: list[tuple[list[Node], Any]] = []
        self._base = 0
        self._limit = len(text)
        self._path: SpecPath = ()

    def read(self, chunk: str, base: int = 0, path: SpecPath = (), appended: int = 0) -> Reading:
        """The documents of a chunk that starts at offset `base` of the text.

        Reading ends at the first failure, whose offsets are those of the text; the document it is
        in is not returned. The last `appended` characters of a chunk are not in the text: brackets
        and quotes that close what the text leaves open. `path` leads to the root of the chunk.
        """
        if chunk[:1] == "\ufeff":  # the marks do not count it
            chunk, base = chunk[1:], base + 1
        self._base, self._path = base, path
        self._limit = base + len(chunk) - appended
        self._stack = []
        reading = Reading([], [], None)
        try:
            self._loop(ev.event_source(chunk), reading)
        except ev.YAMLError as error:
            return reading._replace(failure=ev.failure(error, base))
        except UnicodeEncodeError:
            return reading._replace(failure=ev.Failure(ev.ILLEGAL, base))
        except _TooDeepError as error:
            return reading._replace(failure=ev.Failure(TOO_DEEP, error.offset))
        return reading

    def _loop(self, get: Any, reading: Reading) -> None:
        stack, base, text, limit = self._stack, self._base, self.text, self._limit
        scalar_event, mapping_end = ev.ScalarEvent, ev.MappingEndEvent
        styles, words, numeric, plain = _STYLES, _WORDS, NUMERIC, Style.PLAIN
        depth = MAX_DEPTH - len(self._path)
        children: list[Node] = []
        while True:
            event = get()
            kind = type(event)
            if kind is scalar_event:
                data = value = event.value
                style = styles[event.style]
                if style is plain:
                    data = UNSET if value[:1] in numeric else words.get(value, value)
                start, end = event.start_mark.index + base, event.end_mark.index + base
                if end > limit:
                    start, end = min(start, limit), limit
                scalar = Scalar(value, style, start, end, text, None, None, data)
                if event.tag is not None or event.anchor is not None or event.style in _BLOCK:
                    self._finish_scalar(scalar, event, children)
                if type(scalar._data) is Marker:
                    self._settle(scalar, children)
                children.append(scalar)
            elif kind is mapping_end or kind is ev.SequenceEndEvent:
                parent, start = stack.pop()
                made = self._collection(start, event, children, parent)
                parent.append(made)
                children = parent
            elif kind is ev.MappingStartEvent or kind is ev.SequenceStartEvent:
                if len(stack) >= depth:
                    raise _TooDeepError(event.start_mark.index + base)
                if event.anchor is not None:
                    self._declare(event, children)
                stack.append((children, event))
                children = []
            elif kind is ev.AliasEvent:
                children.append(self._alias(event, children))
            elif kind is ev.DocumentStartEvent:
                if reading.starts:
                    self.anchors = {}
                reading.starts.append(event.start_mark.index + base)
            elif kind is ev.DocumentEndEvent:
                reading.documents.append(children.pop())
            elif event is None or kind is ev.StreamEndEvent:
                return

    def path_here(self, children: list[Node]) -> SpecPath:
        """The path of the node that is about to be added to `children`."""
        lists = [*(frame[0] for frame in self._stack[1:]), children]
        steps: list[str | int] = []
        for (_, event), inside in zip(self._stack, lists, strict=False):
            if type(event) is ev.SequenceStartEvent:
                steps.append(len(inside))
            elif len(inside) % 2:
                steps.append(report.step(inside[-1]))
        return (*self._path, *steps)

    def mapping(
        self, children: list[Node], start: int, end: int, flow: bool, parent: list[Node]
    ) -> Mapping:
        """A mapping of keys and values in turn; problems with its keys are reported.

        `parent` is the list that it will be added to.
        """
        pairs = iter(children)
        entries = tuple(map(_entry, zip(pairs, pairs, strict=True)))
        node = Mapping(entries, start, end, flow)
        index: dict[Any, Entry] = {}
        for entry in entries:
            key = entry[0]
            if type(key) is not Scalar or key._data is MERGE:
                break
            index[key._data] = entry
        if len(index) == len(entries):
            node._index = index
        else:
            self.problems += key_problems(node, self.path_here(parent))
        return node

    def mapping_at(self, children: list[Node], start: int, end: int, path: SpecPath) -> Mapping:
        """A block mapping that was not read by the parser, at a path."""
        self._stack, self._path = [], path
        return self.mapping(children, start, end, False, [])

    def _collection(
        self, start_event: Any, end_event: Any, children: list[Node], parent: list[Node]
    ) -> Value:
        start = start_event.start_mark.index + self._base
        flow = bool(start_event.flow_style)
        special = start_event.tag is not None or start_event.anchor is not None
        if special:
            start = self._skip_properties(start, self._limit)
        if flow:
            end = min(end_event.end_mark.index + self._base, self._limit)
        else:
            end = children[-1].end if children else start
        node: Value
        if type(end_event) is ev.SequenceEndEvent:
            node = Sequence(tuple(children), start, end, flow)
        elif flow and self.text.startswith("{{", start) and self.text[end - 2 : end] == "}}":
            raw = self.text[start:end]
            node = Scalar(raw, Style.PLAIN, start, end, self.text, None, None, raw)
            self.problems.append(report.unquoted_expression(node, self.path_here(parent)))
        else:
            node = self.mapping(children, start, end, flow, parent)
        if special:
            self._finish(node, start_event, parent)
        return node

    def _finish_scalar(self, node: Scalar, event: Any, children: list[Node]) -> None:
        """Anchor and tag of a scalar, and where it really starts and ends."""
        if event.tag is not None or event.anchor is not None:
            node.start = self._skip_properties(node.start, node.end)
        if node.style.block:
            node.end = _block_end(node)
        self._finish(node, event, children)

    def _finish(self, node: Value, event: Any, parent: list[Node]) -> None:
        tag = event.tag
        if tag == "!" and isinstance(node, Scalar):
            # `! "12"` is 12, as if it were plain, and `!` with nothing after it is text
            tag = "!" if event.implicit[0] else f"{TAG}str"
            tag = None if tag == "!" and node.style is Style.PLAIN else tag
        node.tag = None if tag == "!" and not isinstance(node, Scalar) else tag
        if isinstance(node, Scalar) and node.tag is not None:
            node._data = UNSET
        start = event.start_mark.index + self._base
        problem = report.tag_problem(node, self.text, start, self.path_here(parent))
        if problem is not None:
            self.problems.append(problem)
        if event.anchor is not None:
            node.anchor = event.anchor
            if isinstance(node, Scalar):
                self._declare(event, parent)
            self.anchors[event.anchor] = node

    def _declare(self, event: Any, parent: list[Node]) -> None:
        """An anchor begins: the name must be new, and it cannot be followed before it ends."""
        start = event.start_mark.index + self._base
        name = event.anchor
        if name in self.anchors:
            path = self.path_here(parent)
            self.problems.append(report.duplicate_anchor(name, start, self.anchors[name], path))
        self.anchors[name] = None

    def _settle(self, node: Scalar, children: list[Node]) -> None:
        """The data of a plain scalar that is a number, `<<` or `=`."""
        is_key = (
            bool(self._stack)
            and type(self._stack[-1][1]) is ev.MappingStartEvent
            and len(children) % 2 == 0
        )
        if node._data is UNSET:
            try:
                node._data = construct_tagged(node.value, node.tag or "!")
            except (ValueError, OverflowError, KeyError):
                node._data = node.value
                if node.tag is None:
                    self.problems.append(report.bad_value(node, self.path_here(children)))
        if node.tag == "!" and node.value == "=":
            node._data = Marker.VALUE
        if node._data is Marker.VALUE or (node._data is MERGE and not is_key):
            node._data = node.value
            if not is_key:
                self.problems.append(report.reserved_word(node, self.path_here(children)))

    def _alias(self, event: Any, children: list[Node]) -> Alias:
        start, end = event.start_mark.index + self._base, event.end_mark.index + self._base
        name = event.anchor
        target = self.anchors.get(name)
        defined = target is not None
        if target is None:
            target = Scalar("", Style.PLAIN, start, start, self.text)
            path = self.path_here(children)
            span = Span(start, end)
            if name in self.anchors:
                self.problems.append(report.recursive_alias(name, span, path))
            else:
                self.problems.append(report.undefined_alias(name, span, path, self.anchors))
        node = Alias(name, deref(target), start, end, defined)
        self.aliases.append(node)
        return node

    def _skip_properties(self, start: int, limit: int) -> int:
        """The offset after `&anchor` and `!tag`, which the marks of a node include."""
        at, text = start, self.text
        while (match := _PROPERTY.match(text, at, limit)) is not None:
            at = match.end()
            gap = _GAP.match(text, at, limit)
            after = gap.end() if gap is not None else at
            if after >= limit:
                break
            at = after
        return at


def _block_end(node: Scalar) -> int:
    """The end of what a block scalar uses of its lines, without the blank ones that are chopped."""
    text, start, end = node.text, node.start, node.end
    value = node.value
    if value == "\n" or value.rstrip(" \t" + BREAKS) != value.removesuffix("\n"):
        return node.map.end
    kept = start + len(text[start:end].rstrip(" \t" + BREAKS))
    if value[-1:] == "\n":
        kept += 2 if text.startswith("\r\n", kept) else 1
    return min(kept, end)


class _TooDeepError(Exception):
    def __init__(self, offset: int) -> None:
        self.offset = offset
