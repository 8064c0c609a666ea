"""The tree of a run as lines: what ran, how it ended, how long it took, what it said last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from st2lang.commands.terminal import Paint, cells, printable
from st2runtime.display.runs import Run, runs_of
from st2runtime.display.words import GLYPHS, STYLES, brief, count, cut, duration
from st2runtime.engines.steps import BAD, Step

MOST_ITEMS = 12
"""More items than this are not all shown: those that failed, and the first ones."""
MOST_ROWS = 400
"""More rows than this are not shown at all."""
_WIDEST = 40
"""A name longer than this does not push the columns further to the right."""


class Row(NamedTuple):
    """One line: the branch that leads to it, then what is told in columns."""

    branch: str
    status: str
    name: str
    action: str = ""
    time: str = ""
    said: str = ""


def rows(root: Step, now: float, text: Callable[[str], str] = str) -> list[Row]:
    """The rows of a run, `now` being the time that still running steps are measured to.

    `text` is applied to everything that comes from outside: it masks secrets.
    """
    first = Row("", root.status, root.task, "", _time(root.started, root.ended, now))
    if not root.children:
        first = first._replace(said=brief(text(root.line), 200))
    return [first, *_below(root, "", now, text)]


def _below(step: Step, stem: str, now: float, text: Callable[[str], str]) -> Iterator[Row]:
    runs = runs_of(step)
    for index, run in enumerate(runs):
        last = index == len(runs) - 1
        branch, inner = (f"{stem}└─ ", f"{stem}   ") if last else (f"{stem}├─ ", f"{stem}│  ")
        yield from _run(run, branch, inner, now, text)


def _run(run: Run, branch: str, stem: str, now: float, text: Callable[[str], str]) -> Iterator[Row]:
    only = run.steps[-1] if run.steps else None
    said = _items(run) if run.itemised else _said(only, text) if only else ""
    if run.tries > 1:
        said = "  ".join(part for part in (f"try {run.tries}", said) if part)
    time = _time(run.started, run.ended, now)
    yield Row(branch, run.status, run.name, run.action, time, said)
    if not run.itemised:
        if only is not None:
            yield from _below(only, stem, now, text)
        return
    shown, hidden = _chosen(run.last)
    for index, step in enumerate(shown):
        end = index == len(shown) - 1 and not hidden
        mark, inner = ("└─ ", "   ") if end else ("├─ ", "│  ")
        time = _time(step.started, step.ended, now)
        yield Row(stem + mark, step.status, f"[{step.item}]", "", time, _said(step, text))
        yield from _below(step, stem + inner, now, text)
    if hidden:
        yield Row(stem + "└─ ", "", f"… {count(hidden, 'more item')}")


def _chosen(steps: list[Step]) -> tuple[list[Step], int]:
    """The items that are shown, and how many are not."""
    if len(steps) <= MOST_ITEMS:
        return steps, 0
    bad = [step for step in steps if step.status in BAD][: MOST_ITEMS // 2]
    good = [step for step in steps if step not in bad][: MOST_ITEMS - len(bad) - 1]
    chosen = {id(step) for step in (*bad, *good)}
    return [step for step in steps if id(step) in chosen], len(steps) - len(chosen)


def _items(run: Run) -> str:
    good = sum(step.status == "succeeded" for step in run.last)
    return f"{good} of {count(len(run.last), 'item')}"


def _said(step: Step, text: Callable[[str], str]) -> str:
    if step.children:
        return ""
    if step.error:
        return brief(text(step.error), 200)
    note = f"({step.note}) " if step.note else ""
    line = step.line
    if step.runner == "python-script" and step.stream != "stdout" and isinstance(step.result, dict):
        found = step.result.get("result")
        line = brief(found, 200) if found not in (None, "None") else line
    return note + brief(text(line), 200)


def _time(started: float | None, ended: float | None, now: float) -> str:
    if started is None:
        return ""
    return duration((now if ended is None else ended) - started)


def layout(found: list[Row], paint: Paint, width: int) -> list[str]:
    """Rows in columns, each at most `width` cells wide."""
    if len(found) > MOST_ROWS:
        more = Row("   ", "", f"… {count(len(found) - MOST_ROWS, 'more line')}")
        found = [*found[:MOST_ROWS], more]
    columns = (
        min(_WIDEST, max((_head_width(row) for row in found if row.time or row.action), default=0)),
        min(_WIDEST, max(cells(row.action) for row in found)),
        max(cells(row.time) for row in found),
    )
    return [_line(row, paint, width, *columns) for row in found]


def _head_width(row: Row) -> int:
    return cells(row.branch) + (2 if row.status else 0) + cells(printable(row.name))


def _line(row: Row, paint: Paint, width: int, names: int, actions: int, times: int) -> str:
    line = paint("frame", row.branch)
    if row.status:
        line += f"{paint(STYLES.get(row.status, 'frame'), GLYPHS.get(row.status, '·'))} "
    line += paint("place", printable(row.name)) if row.status else row.name
    used = _head_width(row)
    gap, used = max(0, names - used), max(names, used)
    for text, column, style in ((row.action, actions, "check"), (row.time, times, "frame")):
        if column:
            cell = cut(printable(text), column)
            blank = column - cells(cell)
            before, after = (blank, 0) if style == "frame" else (0, blank)
            line += " " * (gap + 2 + before) + paint(style, cell)
            gap, used = after, used + 2 + column
    room = width - used - 2
    if row.said and room > 3:
        line += " " * (gap + 2) + cut(row.said, room)
    return line.rstrip()
