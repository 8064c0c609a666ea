"""Workflow commands of GitHub Actions, which become annotations on the changed lines.

Specified in GitHub's documentation, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import os
from typing import TextIO

from st2lang.commands.report import Place, Report, Run
from st2lang.problem import Problem, Severity

COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.HINT: "notice",
}


def write(run: Run, out: TextIO) -> None:
    """Print one command a problem."""
    for report in run.reports:
        for problem in report.problems:
            out.write(_command(run, report, problem) + "\n")


def _command(run: Run, report: Report, problem: Problem) -> str:
    place = run.place(report.path, problem.span)
    properties = {
        "title": f"st2c {problem.check}",
        "file": _in_workspace(report.path),
        **_lines(place),
    }
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    text = f"{problem.message}\n{problem.help}" if problem.help else problem.message
    return f"::{COMMANDS[problem.severity]} {listed}::{_data(text)}"


def _lines(place: Place) -> dict[str, int]:
    """Columns only make sense to GitHub on a single line."""
    start, end = place.start, place.end
    if start.line != end.line:
        return {"line": start.line, "endLine": end.line}
    return {
        "line": start.line,
        "endLine": end.line,
        "col": start.column,
        "endColumn": max(start.column, end.column - 1),
    }


def _in_workspace(path: str) -> str:
    """GitHub wants paths from the top of the checkout, wherever the step works."""
    top = os.environ.get("GITHUB_WORKSPACE")
    if not top:
        return path
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")
    return path if relative.startswith("../") else relative


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
