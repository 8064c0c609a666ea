"""Coverage as a table, with the names of what was not reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from st2lang.commands.terminal import Paint, printable
from st2runtime.rehearsal.coverage import Coverage, Covered, percent, reached

_SHOWN = 100
"""Characters of a transition's description."""


def render(coverages: Sequence[Coverage], paint: Paint) -> str:
    """The table, with a line break at the end."""
    lines = [f"{'tasks':>14}{'transitions':>18}   workflow"]
    for coverage in coverages:
        shares = _share(coverage.tasks, 14, paint) + _share(coverage.transitions, 18, paint)
        lines.append(f"{shares}   {printable(coverage.path)}")
        lines += _missed(coverage)
    if len(coverages) > 1:
        tasks = [one for coverage in coverages for one in coverage.tasks]
        transitions = [one for coverage in coverages for one in coverage.transitions]
        lines.append(_share(tasks, 14, paint) + _share(transitions, 18, paint) + "   all")
    return "\n".join(lines) + "\n"


def _share(covered: Iterable[Covered], width: int, paint: Paint) -> str:
    hit, there = reached(covered)
    text = f"{hit}/{there} {percent(hit, there):4.0f} %".rjust(width)
    return paint("added" if hit == there else "removed", text)


def _missed(coverage: Coverage) -> Iterator[str]:
    for verb, covered in (("never run", coverage.tasks), ("never taken", coverage.transitions)):
        for one in covered:
            if not one.hits:
                name = printable(one.name)
                shown = name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…"
                yield f"{'':>32}     {verb}: {shown} (line {one.line})"
