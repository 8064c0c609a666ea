"""Two values side by side or line by line, as people read what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff
from typing import Any

from st2lang.commands.terminal import Paint, cells, printable
from st2runtime.rehearsal.data import to_yaml

_WIDEST = 48
_CONTEXT = 3


def columns(expected: Sequence[str], actual: Sequence[str], paint: Paint) -> Iterator[str]:
    """Two sequences of names in two columns, aligned; `-` is missing, `+` is there too much.

    Long stretches that are equal are left out.
    """
    left, right = [printable(name) for name in expected], [printable(name) for name in actual]
    width = min(_WIDEST, max(map(cells, (*left, "expected"))))
    yield f"  {'expected':<{width}}  actual"
    changes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for at, (kind, i, j, k, m) in enumerate(changes):
        if kind == "equal":
            yield from _equal(left[i:j], width, first=at == 0, last=at == len(changes) - 1)
            continue
        for row in range(max(j - i, m - k)):
            one = left[i + row] if i + row < j else None
            other = right[k + row] if k + row < m else None
            mark = "!" if one and other else "-" if one else "+"
            text = f"{mark} {_pad(one or '', width)}  {other or ''}".rstrip()
            yield paint("added" if mark == "+" else "removed", text)


def _equal(names: list[str], width: int, *, first: bool, last: bool) -> Iterator[str]:
    head = 0 if first else _CONTEXT
    tail = 0 if last else _CONTEXT
    if len(names) <= head + tail + 1:
        head, tail = len(names), 0
    for name in names[:head]:
        yield f"  {_pad(name, width)}  {name}"
    if len(names) > head + tail:
        yield f"  … {len(names) - head - tail} alike"
    for name in names[len(names) - tail :] if tail else ():
        yield f"  {_pad(name, width)}  {name}"


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))


def lines(expected: Any, actual: Any, paint: Paint) -> Iterator[str]:
    """Two values as YAML, as a unified diff: `-` was expected, `+` is there."""
    before = to_yaml(expected).splitlines()
    after = to_yaml(actual).splitlines()
    for line in list(unified_diff(before, after, n=_CONTEXT, lineterm=""))[2:]:
        shown = printable(line)
        match line[:1]:
            case "-":
                yield paint("removed", shown)
            case "+":
                yield paint("added", shown)
            case "@":
                yield paint("hunk", "…")
            case _:
                yield shown
