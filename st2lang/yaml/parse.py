"""Text to tree: the way through the YAML layer."""

from __future__ import annotations

import re

from st2lang.patterns import lazy
from st2lang.problem import Problem, Related
from st2lang.record import record
from st2lang.source import Span
from st2lang.yaml.build import Builder
from st2lang.yaml.events import ILLEGAL, Failure
from st2lang.yaml.nodes import Node
from st2lang.yaml.report import error
from st2lang.yaml.scalars import BREAKS

_ILLEGAL = lazy(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINES = lazy(rf"[^{BREAKS}]*(?:\r\n|[{BREAKS}]|\Z)")
_TABBED = lazy(rf" *(\t)[ \t]*(?=[^ \t{BREAKS}])")
_TAB_REPAIRS = 4
"""Blocks with tabs that are repaired one by one; the last time all lines that are left are."""


@record(frozen=False, eq=False)
class YamlFile:
    """One file: its documents, what is wrong with it as YAML, and the places that were given up.

    An empty file has no documents. What stands in a `broken` span was not understood, or only
    guessed at: nothing should be concluded from what seems to be missing there. `linked` files have
    anchors or aliases.
    """

    text: str
    documents: tuple[Node, ...]
    problems: tuple[Problem, ...]
    broken: tuple[Span, ...] = ()
    linked: bool = False

    @property
    def root(self) -> Node | None:
        """The first document, or None when the file is empty."""
        return self.documents[0] if self.documents else None


def parse(text: str, before: YamlFile | None = None) -> YamlFile:
    """The spanned tree of a text (without byte order mark), whatever its state. Never raises.

    `before` is what the text was before an edit: what the edit has not touched is taken over from there,
    which is quicker and gives the same.

    The data is that of PyYAML's SafeLoader, and an error is reported for everything that it
    refuses; besides for duplicate keys and recursive or exploding aliases, which it lets pass.
    """
    if before is not None:
        from st2lang.yaml.again import parse_again

        again = parse_again(before, text)
        if again is not None:
            return again
    builder = Builder(text)
    reading = builder.read(text)
    if reading.failure is not None:
        return _recovered(text, reading.failure)
    return finished(builder, reading.documents, reading.starts, [])


def finished(
    builder: Builder, documents: list[Node], starts: list[int], broken: list[Span]
) -> YamlFile:
    """The file with the problems that only the whole shows."""
    problems = builder.problems
    linked = bool(builder.anchors or builder.aliases)
    if not problems and not linked and len(documents) < 2 and not broken:
        return YamlFile(builder.text, tuple(documents), ())
    if builder.aliases:
        from st2lang.yaml.aliases import bound

        problems += bound(builder.aliases)
    if len(documents) > 1:
        problems.append(_several_documents(builder.text, starts))
    problems.sort(key=lambda problem: problem.span)
    guesses = [problem.span for problem in problems if problem.check == "yaml-unquoted-expression"]
    united = _united(broken + guesses)
    return YamlFile(builder.text, tuple(documents), tuple(problems), united, linked)


def _several_documents(text: str, starts: list[int]) -> Problem:
    start = starts[1]
    end = start + 3 if text.startswith("---", start) else start + 1
    message = f"the file holds {len(starts)} YAML documents: StackStorm reads files with one only"
    related = (Related("the first document", Span(starts[0], min(starts[0] + 1, len(text)))),)
    hint = "Move what follows into a file of its own."
    return error("yaml-multiple-documents", message, Span(start, end), (), hint, related)


def _recovered(text: str, failure: Failure) -> YamlFile:
    """The file once more: without illegal characters and tabs, and in parts where it is broken."""
    from st2lang.yaml.recover import Recovery

    problems: list[Problem] = []
    chunk = text
    if failure.reason == ILLEGAL:
        chunk = _without_illegal(chunk, problems)
    builder = Builder(text)
    reading = builder.read(chunk)
    for attempt in range(_TAB_REPAIRS):
        if (
            reading.failure is None
            or text[reading.failure.offset : reading.failure.offset + 1] != "\t"
        ):
            break
        last = attempt == _TAB_REPAIRS - 1
        chunk = _without_tabs(chunk, 0 if last else reading.failure.offset, last, problems)
        builder = Builder(text)
        reading = builder.read(chunk)
    broken = [problem.span for problem in problems]
    if chunk != text:
        broken += [Span(match.start(), match.end()) for match in _ILLEGAL.finditer(text)]
    documents, starts = reading.documents, reading.starts
    if reading.failure is not None:
        builder = Builder(text)
        recovery = Recovery(builder, chunk)
        documents, starts = recovery.documents(reading.failure)
        broken += recovery.broken
        _drop_follow_ups(builder)
    builder.problems += problems
    return finished(builder, documents, starts, broken)


def _without_illegal(text: str, problems: list[Problem]) -> str:
    """The text with U+FFFD for characters that no YAML may have; one problem for all of them."""
    places = [match.start() for match in _ILLEGAL.finditer(text)]
    first = text[places[0]]
    name = "a NUL character" if first == "\0" else f"the control character U+{ord(first):04X}"
    more = f"; the file has {len(places)} such characters" if len(places) > 1 else ""
    message = f"{name} cannot stand in a YAML file{more}"
    hint = "Remove it, or write it as an escape in double quotes."
    problems.append(error("yaml-encoding", message, Span(places[0], places[0] + 1), hint=hint))
    return _ILLEGAL.sub("\ufffd", text)


def _without_tabs(text: str, offset: int, everywhere: bool, problems: list[Problem]) -> str:
    """The text with blanks for the tabs that indent the lines from an offset on.

    That is, for those of the consecutive lines that have such tabs, or of all lines; one problem.
    """
    start = max((text.rfind(character, 0, offset) for character in "\n\r"), default=-1) + 1
    end = start
    pieces = [text[:start]]
    first: Span | None = None
    for line in _LINES.finditer(text, start):
        match = _TABBED.match(line.group())
        if match is None and not everywhere:
            break
        indent = match.end() if match else 0
        if match is not None and first is None:
            tab = line.start() + match.start(1)
            first = Span(tab, line.start() + indent)
        pieces.append(" " * indent + line.group()[indent:])
        end = line.end()
    if first is None:  # a tab after the indentation
        first = Span(offset, offset + 1)
        pieces, end = [text[:offset], " "], offset + 1
    hint = "Replace the tabs by spaces."
    problems.append(error("yaml-syntax", "a tab cannot be used for indentation", first, hint=hint))
    return "".join(pieces) + text[end:]


def _drop_follow_ups(builder: Builder) -> None:
    """Forgets about aliases whose anchors stand in a place that could not be read."""
    anchors = set(re.findall(r"&([\w-]+)", builder.text))
    builder.problems[:] = [
        problem
        for problem in builder.problems
        if problem.check != "yaml-undefined-alias"
        or builder.text[problem.span.start + 1 : problem.span.end] not in anchors
    ]


def _united(spans: list[Span]) -> tuple[Span, ...]:
    """The spans in order, those that touch as one."""
    united: list[Span] = []
    for span in sorted(spans):
        if united and span.start <= united[-1].end:
            united[-1] = united[-1].cover(span)
        else:
            united.append(span)
    return tuple(united)
