"""Silences a finding with a comment that says why: `# st2c: ignore[check] reason`.

The comment goes on a line of its own above what the finding is about, or into one that is there already. The
reason is a placeholder to be replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from st2lang import suppress
from st2lang.problem import Edit, Problem
from st2lang.query.tree import line_start
from st2lang.refactoring import QUICKFIX, Asked, Change, Offer, Refactoring, _layout
from st2lang.source import Span
from st2lang.yaml import Scalar, node_at

if TYPE_CHECKING:
    from st2lang.document import Document

REASON = "say why"

_LOUD = frozenset({suppress.INVALID, suppress.UNUSED})
"""What the comments themselves have wrong is put right, not silenced."""


def offers(asked: Asked) -> Iterator[Offer]:
    """One for each check that finds something at the place."""
    seen: set[str] = set()
    for problem in asked.problems:
        if problem.check in seen or problem.check in _LOUD or problem.check.startswith("yaml-"):
            continue
        seen.add(problem.check)
        edit = _edit(asked.document, problem)
        if edit is not None:
            title = f"Silence `{problem.check}` here, with a reason"
            yield Offer(title, partial(Change, (edit,)), (problem,))


def _edit(document: Document, problem: Problem) -> Edit | None:
    """The comment, above the line where what it is about begins; else the check added to one."""
    source = document.source
    known = suppress.covering(source, document.yaml, source.position(problem.span.start).line)
    if known is not None:
        end = known.ids[-1][1].end
        return Edit(Span(end, end), f", {problem.check}")
    at = _line(document, problem.span.start)
    line = source.text[at : _layout.line_end(source.text, at)]
    if line.startswith(("---", "%")):
        return None
    indent = line[: len(line) - len(line.lstrip(" "))]
    comment = f"{indent}# st2c: ignore[{problem.check}] {REASON}{_layout.newline(document)}"
    return Edit(Span(at, at), comment)


def _line(document: Document, offset: int) -> int:
    """The start of the line of a place, or of the string around that: no comment can stand inside of one."""
    text = document.source.text
    at = line_start(text, offset)
    around = node_at(document.yaml, at)
    inner = around[-1] if around else None
    while isinstance(inner, Scalar) and inner.start < at < inner.end:
        at = line_start(text, inner.start)
        around = node_at(document.yaml, at)
        inner = around[-1] if around else None
    return at


REFACTORING = Refactoring("silence", QUICKFIX, "Silence a finding, with a reason.", offers)
