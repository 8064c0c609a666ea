"""One array of objects, one object a problem, for programs. Lines and columns count from 1."""

from __future__ import annotations

import json
from typing import Any, TextIO

from st2lang.commands.links import url
from st2lang.commands.report import Report, Run
from st2lang.problem import Problem, format_path


def write(run: Run, out: TextIO) -> None:
    """Print the array, one problem a line."""
    rows = [
        json.dumps(record(run, report, problem), ensure_ascii=False)
        for report in run.reports
        for problem in report.problems
    ]
    # A lone surrogate has no UTF-8: only as an escape can it be read back.
    rows = [row if _encodable(row) else json.dumps(json.loads(row)) for row in rows]
    out.write("[\n" + ",\n".join(rows) + "\n]\n" if rows else "[]\n")


def record(run: Run, report: Report, problem: Problem) -> dict[str, Any]:
    """A problem as plain data."""
    _, start, end = run.place(report.path, problem.span)
    return {
        "file": report.path,
        "code": problem.check,
        "severity": problem.severity.value,
        "message": problem.message,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "path": format_path(problem.path),
        "fixable": problem.fix is not None,
        "help": problem.help,
        "related": [_related(run, report, index, problem) for index in range(len(problem.related))],
        "url": url(problem.check),
    }


def _related(run: Run, report: Report, index: int, problem: Problem) -> dict[str, Any]:
    related = problem.related[index]
    place = run.related(report, related)
    return {
        "file": place.path,
        "line": place.start.line,
        "column": place.start.column,
        "message": related.message,
    }


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
