"""Comments that silence a problem: `# st2c: ignore[check-id] reason`.

Such a comment counts for the line it stands on, or, alone on its line, for the next line that is
neither blank nor a comment. A string that begins or ends on that line is covered whole, because no
comment can stand inside it. `ignore-file[...]` counts for the whole file. Only true comments count:
a `#` inside a string is text, which the spans of the YAML tree tell.

Silencing is precise or it is refused: a comment without ids, with an unknown id, or one that
silences nothing is a problem itself. The command line and the editor both come through here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from st2lang.patterns import lazy
from st2lang.problem import Edit, Fix, Problem, Severity, Tag
from st2lang.source import Source, Span
from st2lang.suggest import did_you_mean
from st2lang.yaml import Alias, Mapping, Node, Scalar, YamlFile, parse

UNUSED = "unused-ignore"
INVALID = "invalid-ignore"

_DIRECTIVE = lazy(
    r"(?:^|(?<=[ \t]))#[ \t]*st2c:[ \t]*(?P<word>[A-Za-z_-]+)[ \t]*(?P<list>\[(?P<ids>[^\]#\r\n]*)\])?",
    re.MULTILINE,
)
_ID = lazy(r"[^,\s]+")
_WORDS = ("ignore", "ignore-file")


class Ignore(NamedTuple):
    """One comment: its extent, the ids it names with their places, the lines it counts for."""

    span: Span
    ids: tuple[tuple[str, Span], ...]
    first: int
    last: int

    def covers(self, line: int) -> bool:
        """True for a line (from 1) that the comment counts for."""
        return self.first <= line <= self.last


def apply(
    source: Source,
    problems: Iterable[Problem],
    *,
    tree: YamlFile | None = None,
    known: Collection[str] | None = None,
) -> tuple[Problem, ...]:
    """The problems that no comment silences, and those that the comments themselves have.

    `tree` is the parsed text, when the caller has it; `known` the ids there are (all checks' by
    default).
    """
    problems = tuple(problems)
    if "st2c:" not in source.text:
        return problems
    ignores, wrong = _read(source, tree or parse(source.text))
    if not ignores and not wrong:
        return problems
    used: set[Span] = set()
    kept = [problem for problem in problems if not _silenced(source, problem, ignores, used)]
    names = known_checks() if known is None else known
    for ignore in ignores:
        kept += _unknown(ignore, names)
        kept += _unused(source, ignore, used, names)
    return (*kept, *wrong)


def covering(source: Source, tree: YamlFile, line: int) -> Ignore | None:
    """A comment for single lines that counts for a line (from 1) and names checks."""
    if "st2c:" not in source.text:
        return None
    whole = (1, len(source.line_starts))
    ignores = [i for i in _read(source, tree)[0] if i.ids and (i.first, i.last) != whole]
    return next((ignore for ignore in ignores if ignore.covers(line)), None)


def known_checks() -> frozenset[str]:
    """The ids that may be named: all checks', and those of the comments themselves."""
    from st2lang import checks

    return frozenset({UNUSED, INVALID, *(check.id for check in checks.all())})


def _silenced(source: Source, problem: Problem, ignores: Sequence[Ignore], used: set[Span]) -> bool:
    """Whether a comment silences the problem; notes the place of the id in `used`."""
    found = False
    line = source.position(problem.span.start).line
    for ignore in ignores:
        for name, place in ignore.ids:
            if name == problem.check and ignore.covers(line):
                used.add(place)
                found = True
    return found


def _read(source: Source, tree: YamlFile) -> tuple[list[Ignore], list[Problem]]:
    scalars = sorted((scalar for scalar in _scalars(tree)), key=lambda scalar: scalar.start)
    starts = [scalar.start for scalar in scalars]
    ignores, wrong = [], []
    for found in _DIRECTIVE.finditer(source.text):
        if _in_text(source, found.start(), scalars, starts):
            continue
        mistake = _mistake(found)
        if mistake:
            wrong.append(mistake)
        elif found["word"] in _WORDS:
            ignores.append(_ignore(source, found, scalars))
    return ignores, wrong


def _mistake(found: re.Match[str]) -> Problem | None:
    """What is wrong with the form of a comment."""
    word = found["word"]
    span = Span(*found.span())
    if word not in _WORDS:
        hint = did_you_mean(word, _WORDS)
        if not hint:  # something else that happens to begin with our name
            return None
        message = f"`st2c: {word}` is not understood{hint}"
    elif found["list"] is None:
        message = f"`{word}` does not say which checks it silences"
    elif not _ID.search(found["ids"]):
        message = f"`{word}[]` names no check"
    else:
        return None
    advice = f"write `# st2c: {word if word in _WORDS else 'ignore'}[check-id] reason`"
    return Problem(INVALID, Severity.ERROR, message, span, help=advice)


def _ignore(source: Source, found: re.Match[str], scalars: Sequence[Scalar]) -> Ignore:
    offset = found.start("ids")
    ids = tuple(
        (match.group(), Span(offset + match.start(), offset + match.end()))
        for match in _ID.finditer(found["ids"])
    )
    line = source.position(found.start()).line
    span = Span(found.start(), source.line_span(line).end)
    if found["word"] == "ignore-file":
        return Ignore(span, ids, 1, len(source.line_starts))
    if source.line_text(line).lstrip().startswith("#"):
        line = _next_code(source, line)
    return Ignore(span, ids, *_widened(source, line, scalars))


def _next_code(source: Source, line: int) -> int:
    """The next line that is neither blank nor a comment; the one given when none follows."""
    for after in range(line + 1, len(source.line_starts) + 1):
        text = source.line_text(after).strip()
        if text and not text.startswith("#"):
            return after
    return line


def _widened(source: Source, line: int, scalars: Sequence[Scalar]) -> tuple[int, int]:
    """The lines of all strings that begin or end on a line."""
    bounds = source.line_span(line)
    first = last = line
    for scalar in scalars:
        if scalar.start > bounds.end:
            break
        if scalar.end >= bounds.start:
            ends = source.position(max(scalar.start, scalar.end - 1)).line
            begins = source.position(scalar.start).line
            if line in (begins, ends):
                first, last = min(first, begins), max(last, ends)
    return first, last


def _in_text(source: Source, offset: int, scalars: Sequence[Scalar], starts: Sequence[int]) -> bool:
    """True when the `#` at an offset belongs to a string. The header of a block scalar does not."""
    index = bisect_right(starts, offset) - 1
    if index < 0:
        return False
    scalar = scalars[index]
    if not scalar.start <= offset < scalar.end:
        return False
    return not (scalar.style.block and offset < source.line_span(_line(source, scalar)).end)


def _line(source: Source, scalar: Scalar) -> int:
    return source.position(scalar.start).line


def _scalars(tree: YamlFile) -> Iterator[Scalar]:
    """All scalars of a file, those behind aliases once (where they are written)."""
    stack: list[Node | None] = list(tree.documents)
    while stack:
        match stack.pop():
            case Scalar() as scalar:
                yield scalar
            case Mapping(entries=entries):
                for entry in entries:
                    stack += entry
            case Alias() | None:
                pass
            case sequence:
                stack += sequence.items


def _unknown(ignore: Ignore, known: Collection[str]) -> Iterator[Problem]:
    for name, span in ignore.ids:
        if name not in known:
            message = f"there is no check `{name}` to ignore{did_you_mean(name, known)}"
            yield Problem(INVALID, Severity.ERROR, message, span)


def _unused(
    source: Source, ignore: Ignore, used: Collection[Span], known: Collection[str]
) -> Iterator[Problem]:
    """One problem for all ids of a comment that silence nothing, with a fix that takes them out."""
    idle = [(name, span) for name, span in ignore.ids if span not in used and name in known]
    if not idle:
        return
    names = ", ".join(f"`{name}`" for name, _ in idle)
    if len(idle) == len(ignore.ids):
        message = f"this comment silences nothing: {names} finds no problem here"
        fix = Fix("delete the comment", (Edit(_whole(source, ignore.span), ""),))
        yield _idle(message, ignore.span, fix)
        return
    gone = {span for _, span in idle}
    kept = ", ".join(name for name, span in ignore.ids if span not in gone)
    listed = Span(ignore.ids[0][1].start, ignore.ids[-1][1].end)
    fix = Fix(f"delete {names} from the comment", (Edit(listed, kept),))
    yield _idle(f"{names} finds no problem here to silence", idle[0][1], fix)


def _idle(message: str, span: Span, fix: Fix) -> Problem:
    return Problem(UNUSED, Severity.WARNING, message, span, fix=fix, tags=(Tag.UNUSED,))


def _whole(source: Source, comment: Span) -> Span:
    """What to delete: the whole line of a lone comment, else the comment and the blanks before."""
    line = source.position(comment.start).line
    bounds = source.line_span(line)
    before = source.text[bounds.start : comment.start].rstrip(" \t")
    if before:
        return Span(bounds.start + len(before), bounds.end)
    if line < len(source.line_starts):
        return Span(bounds.start, source.line_starts[line])
    return bounds
