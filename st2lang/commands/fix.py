"""Applying fixes: to a text until nothing is left to fix, and to a file without leaving traces.

Only the characters of a fix change. Fixes of one round never overlap; the text is analysed again
after each round, so that a fix never works on places that have moved.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from st2lang.problem import Fix, Problem
from st2lang.source import Source, Span

ROUNDS = 50
"""Fixes that undo each other would go on for ever."""

Analyse = Callable[[str], tuple[Source, tuple[Problem, ...]]]


class Settled(NamedTuple):
    """A text after fixing, what is still wrong with it, and how many fixes were applied."""

    source: Source
    problems: tuple[Problem, ...]
    fixed: int


def settle(
    source: Source, problems: tuple[Problem, ...], analyse: Analyse, *, unsafe: bool = False
) -> Settled:
    """Apply fixes until none is left, nothing changes any more or `ROUNDS` are over.

    A fix after which the text has more YAML mistakes than before is not made.
    """
    state = Settled(source, problems, 0)
    refused: frozenset[Fix] = frozenset()
    for _ in range(ROUNDS):
        chosen = disjoint(wanted(state.problems, refused, unsafe))
        if not chosen:
            break
        text = apply(state.source.text, chosen)
        if _mistakes(text) > _mistakes(state.source.text):
            chosen = chosen[:1]
            text = apply(state.source.text, chosen)
            if _mistakes(text) > _mistakes(state.source.text):
                refused |= {chosen[0]}
                continue
        if text == state.source.text:
            break
        state = Settled(*analyse(text), state.fixed + len(chosen))
    return state


def wanted(
    problems: Iterable[Problem], refused: frozenset[Fix] = frozenset(), unsafe: bool = False
) -> Iterator[Fix]:
    """The fixes that may be applied, in the order of the problems, each once."""
    seen = set(refused)
    for problem in problems:
        fix = problem.fix
        if fix is not None and fix.edits and (fix.safe or unsafe) and fix not in seen:
            seen.add(fix)
            yield fix


def disjoint(fixes: Iterable[Fix]) -> list[Fix]:
    """Those fixes that do not touch the text of one before them."""
    chosen: list[Fix] = []
    taken: list[Span] = []
    for fix in fixes:
        spans = [edit.span for edit in fix.edits]
        if not any(_clash(a, b) for a in spans for b in taken):
            chosen.append(fix)
            taken += spans
    return chosen


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The text with the edits of fixes that do not overlap."""
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda edit: edit.span)
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def _clash(a: Span, b: Span) -> bool:
    """Overlapping, or two insertions at one place (whose order would be chance)."""
    return (a.start < b.end and b.start < a.end) or a.start == b.start


def _mistakes(text: str) -> int:
    from st2lang.yaml import parse

    return len(parse(text).problems)


def encode(source: Source) -> bytes:
    """The bytes of a text, as they stood in the file."""
    return (b"\xef\xbb\xbf" if source.bom else b"") + source.text.encode("utf-8")


def writes_back(source: Source, data: bytes) -> bool:
    """True when writing the text gives back the same bytes; else the file is left alone."""
    try:
        return encode(source) == data
    except UnicodeEncodeError:
        return False


def write(path: str, source: Source) -> None:
    """Replace a file's content in one step: whoever reads meanwhile sees the old or the new one.

    A link keeps pointing to the file, which keeps its permissions. Raises `OSError`.
    """
    import shutil
    import tempfile

    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(prefix=".st2c-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(encode(source))
        shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def diff(path: str, before: str, after: str) -> Iterator[str]:
    """The lines of a unified diff, each with its line break."""
    from difflib import unified_diff

    for line in unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}"):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as `patch` counts them: only \\n ends one."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
