"""Coverage as lcov tracefiles (geninfo(1)), which editors and code hosts draw into the source.

A line stands for the tasks and transitions that are written on it, and counts as often as all of them
were reached; every transition is a branch of its task besides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from st2runtime.rehearsal.coverage import Coverage, reached


def render(coverages: Sequence[Coverage]) -> str:
    """One record a workflow."""
    return "".join("".join(line + "\n" for line in _record(one)) for one in coverages)


def _record(coverage: Coverage) -> Iterator[str]:
    yield "TN:"
    yield f"SF:{coverage.path}"
    ran = {task.name: task.hits for task in coverage.tasks}
    block = {name: number for number, name in enumerate(ran)}
    for task, one in zip(coverage.tasks_of, coverage.transitions, strict=True):
        taken = str(one.hits) if ran[task] else "-"
        yield f"BRDA:{one.line},{block[task]},{one.index},{taken}"
    hit, there = reached(coverage.transitions)
    yield f"BRF:{there}"
    yield f"BRH:{hit}"
    lines: Counter[int] = Counter()
    for one in coverage.all:
        lines[one.line] += one.hits
    for line in sorted(lines):
        yield f"DA:{line},{lines[line]}"
    yield f"LF:{len(lines)}"
    yield f"LH:{sum(hits > 0 for hits in lines.values())}"
    yield "end_of_record"
