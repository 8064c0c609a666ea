"""A text once more, after an edit: what the edit has not touched is taken over from the tree before.

A block mapping is written entry by entry, at lines that all begin in one column. Where one entry ends and the
next begins, the parser is in the same state whatever stands in the entry; so an entry can be read without its
neighbours, and recovered without them when it is broken (that is what `recover.py` does with every entry). The edited entry
is looked for at the top of the file and, below that, one level deeper (a task). All other nodes are moved.

The result is that of `parse`, or there is none: wherever entries could depend on one another (anchors, a quote
that runs on, lines that are indented in an unusual way, problems elsewhere) the text is parsed as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from st2lang.patterns import lazy
from st2lang.problem import Problem, SpecPath
from st2lang.record import replace
from st2lang.source import Span
from st2lang.yaml.build import TOO_DEEP, Builder
from st2lang.yaml.events import ILLEGAL, Failure
from st2lang.yaml.lines import KEY
from st2lang.yaml.moved import moved
from st2lang.yaml.nodes import Mapping, Node, Scalar, Style
from st2lang.yaml.parse import YamlFile, finished
from st2lang.yaml.recover import Recovery
from st2lang.yaml.report import step

_DEPTH = 2
"""How deep the edited entry is looked for: a section, and a task in it."""

_UNUSUAL = ("\x85", "\u2028", "\u2029", "\ufeff")
"""Characters for whose sake a text is parsed as a whole: other line breaks, marks of byte order."""

_OF_THEIR_OWN = ("duplicate-key", "yaml-bad-value")
"""Checks of single nodes in texts that the parser accepts."""

_EXPLICIT = lazy(r"^[ -]*\?(?=\s|\Z)", re.MULTILINE)
"""`? key`: where its value is left out, what follows decides on the place of it."""


class _Edit(NamedTuple):
    """`old[start:end]` became `new[start:end + delta]`; everything around is the same."""

    old: str
    new: str
    start: int
    end: int

    @property
    def delta(self) -> int:
        return len(self.new) - len(self.old)


class _Level(NamedTuple):
    """A block mapping whose entry number `turn` (from 0) is `old[start:end]` and holds the whole edit.

    The mapping itself goes on up to `limit`.
    """

    mapping: Mapping
    column: int
    turn: int
    start: int
    end: int
    limit: int
    path: SpecPath


def parse_again(before: YamlFile, text: str) -> YamlFile | None:
    """What `parse(text)` gives, from the tree of the text before an edit; None when it cannot be had so."""
    if len(before.documents) != 1 or before.linked or _unusual(text):
        return None
    edit = _edit(before.text, text)
    levels: list[_Level] = []
    node: Node = before.documents[0]
    path: SpecPath = ()
    start, end = _line_start(edit.old, node.start), len(edit.old)
    while len(levels) < _DEPTH and isinstance(node, Mapping):
        level = _level(edit, node, start, end, path)
        if level is None:
            break
        levels.append(level)
        key, node = node.entries[level.turn]
        start, end = _line_start(edit.old, node.start), level.end
        path = (*path, step(key))
    while levels and not _stands_alone(edit, levels[-1]):
        levels.pop()
    if not levels or not all(_within(span, levels[-1]) for span in before.broken):
        return None
    kept = _kept(before, edit, levels)
    return None if kept is None else _spliced(edit, levels, kept)


def _unusual(text: str) -> bool:
    return any(character in text for character in _UNUSUAL) or text.count("\r") != text.count(
        "\r\n"
    )


def _within(span: Span, level: _Level) -> bool:
    return level.start <= span.start and span.end <= level.end


def _kept(before: YamlFile, edit: _Edit, levels: list[_Level]) -> list[Problem] | None:
    """The problems of what is taken over, at their new places; None when they may be others now.

    Those with keys of the mappings around the edited entry are found anew with them.
    """
    last = levels[-1]
    around = {level.path for level in levels}
    kept = []
    for problem in before.problems:
        if _within(problem.span, last):
            continue
        if problem.check not in _OF_THEIR_OWN or problem.fix is not None:
            return None
        if problem.path[:-1] in around:
            continue
        places = [problem.span, *(one.span for one in problem.related)]
        if not all(p.end <= last.start or p.start >= last.end for p in places):
            return None
        span, *others = (
            Span(p.start + edit.delta, p.end + edit.delta) if p.start >= last.end else p
            for p in places
        )
        told = [replace(r, span=s) for r, s in zip(problem.related, others, strict=True)]
        kept.append(replace(problem, span=span, related=tuple(told)))
    return kept


def _edit(old: str, new: str) -> _Edit:
    shorter = min(len(old), len(new))
    start = _most(shorter, lambda n: old[:n] == new[:n])
    same = _most(shorter - start, lambda n: old[len(old) - n :] == new[len(new) - n :])
    return _Edit(old, new, start, len(old) - same)


def _most(limit: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to a limit for which something holds that holds for all smaller ones."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _level(edit: _Edit, mapping: Mapping, start: int, end: int, path: SpecPath) -> _Level | None:
    """The entry of a mapping that an edit lies in, when it and the next one are plainly written."""
    column = mapping.start - start
    if mapping.flow or mapping.tag or not mapping.entries or start > edit.start:
        return None
    heads = [key.start - column for key, _ in mapping.entries]
    bounds = [*heads, end]
    turn = next((i for i, bound in enumerate(bounds) if bound > edit.start), len(bounds)) - 1
    turn = min(turn, len(heads) - 1)  # behind the last line counts as inside the last entry
    if turn < 0 or edit.end > bounds[turn + 1]:
        return None
    if not all(_plainly(edit.old, key, column) for key, _ in mapping.entries[turn : turn + 2]):
        return None
    return _Level(mapping, column, turn, heads[turn], bounds[turn + 1], end, path)


def _stands_alone(edit: _Edit, level: _Level) -> bool:
    """Whether the edited entry has its key in the column of its mapping still, and nothing else there."""
    own, less = _lines_at(level.column)
    region = edit.new[level.start : level.end + edit.delta]
    return sum(1 for _ in own.finditer(region)) == 1 and not less.search(region)


def _regular(edit: _Edit, level: _Level) -> bool:
    """Whether all entries of a mapping are plainly written, and no other line stands in their column or before.

    So they are taken apart in a text that is broken somewhere.
    """
    own, less = _lines_at(level.column)
    entries = level.mapping.entries
    region = edit.new[level.mapping.start - level.column : level.limit + edit.delta]
    return (
        all(_plainly(edit.old, key, level.column) for key, _ in entries)
        and sum(1 for _ in own.finditer(region)) == len(entries)
        and not less.search(region)
    )


def _plainly(text: str, key: Node, column: int) -> bool:
    """Whether a key stands at its column in a line of its own, without quotes or `?`."""
    if not isinstance(key, Scalar) or key.style is not Style.PLAIN or key.tag is not None:
        return False
    start = key.start - column
    if text[start : key.start].strip(" ") or (start and text[start - 1] != "\n"):
        return False
    match = KEY.match(text, key.start)
    return match is not None and match.span("key") == (key.start, key.end)


@cache
def _lines_at(column: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Lines that begin an entry at a column, and those that are indented by less."""
    own = rf"^ {{{column}}}(?=[^ #\r\n])(?!-[ \r\n])"
    less = rf"^ {{0,{column - 1}}}(?=[^ #\r\n])" if column else r"(?!)"
    return re.compile(own, re.MULTILINE), re.compile(less, re.MULTILINE)


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _spliced(edit: _Edit, levels: list[_Level], kept: list[Problem]) -> YamlFile | None:
    """The file with the entry of the deepest level read anew; `kept` are the problems elsewhere."""
    builder = Builder(edit.new)
    broken: list[Span] = []
    children = _entry(edit, levels, builder, broken)
    if not children:
        return None
    for level in reversed(levels):
        mapping = _mapping(edit, level, children, builder)
        if level is not levels[0]:
            above = levels[levels.index(level) - 1]
            key = above.mapping.entries[above.turn].key
            children = [moved(key, 0, edit.new), mapping]
    builder.problems += kept
    return finished(builder, [mapping], [0], broken)


def _mapping(edit: _Edit, level: _Level, entry: list[Node], builder: Builder) -> Mapping:
    """A mapping with an entry in the place of the edited one."""
    old, turn = level.mapping, level.turn
    before = [moved(node, 0, edit.new) for pair in old.entries[:turn] for node in pair]
    after = [moved(node, edit.delta, edit.new) for pair in old.entries[turn + 1 :] for node in pair]
    children = [*before, *entry, *after]
    end = max(child.end for child in children)
    return builder.mapping_at(children, old.start, end, level.path)


def _entry(edit: _Edit, levels: list[_Level], builder: Builder, broken: list[Span]) -> list[Node]:
    """Key and value of the edited entry; nothing when it cannot be read without the rest of the text."""
    level = levels[-1]
    end = level.end + edit.delta
    chunk = edit.new[level.start : end]
    whole_lines = end == len(edit.new) or chunk.endswith("\n")
    if not whole_lines or not KEY.match(chunk, level.column) or _EXPLICIT.search(chunk):
        return []
    documents, _, failure = builder.read(chunk, level.start, level.path)
    if failure is None:
        made = documents[0] if len(documents) == 1 else None
        if not isinstance(made, Mapping) or builder.anchors or builder.aliases:
            return []
        return [part for pair in made.entries for part in pair]
    if not all(_regular(edit, one) for one in levels) or not _stops(edit.new, failure, end):
        return []
    builder.problems.clear()
    recovery, children = Recovery(builder, edit.new), list[Node]()
    recovery.entry(chunk, level.start, level.path, children)
    linked = builder.anchors or builder.aliases
    checks = {problem.check for problem in builder.problems}
    if linked or not checks or "yaml-undefined-alias" in checks:
        return []
    broken += recovery.broken
    return children


def _stops(text: str, failure: Failure, end: int) -> bool:
    """Whether the parser stops in the whole text as it does in an entry that ends at `end`.

    What is wrong inside of the entry is wrong in the text. A quote or bracket that is still open at its end may
    be closed later.
    """
    if failure.offset >= end:
        whole = Builder(text).read(text).failure
        if whole is None:
            return False
        failure = whole
    tab = text[failure.offset : failure.offset + 1] == "\t"
    return failure.reason not in (ILLEGAL, TOO_DEEP) and not tab
