"""One problem a line, `file:line:column: severity: message [check]`, which editors can jump to."""

from __future__ import annotations

from typing import TextIO

from st2lang.commands.formats.summary import summary
from st2lang.commands.report import Report, Run
from st2lang.commands.terminal import Paint, printable
from st2lang.problem import Problem


def write(run: Run, out: TextIO) -> None:
    """Print the lines, then the summary."""
    paint = Paint(run.colour)
    for report in run.reports:
        for problem in report.problems:
            out.write(headline(run, report, problem, paint) + "\n")
    if run.summary:
        out.write(summary(run, paint) + "\n")


def headline(run: Run, report: Report, problem: Problem, paint: Paint) -> str:
    """Where, how bad, what, and which check."""
    place = run.place(report.path, problem.span)
    where = f"{printable(report.path)}:{place.start.line}:{place.start.column}:"
    severity = problem.severity.value
    message = " ".join(map(printable, problem.message.splitlines()))
    return (
        f"{paint('place', where)} {paint(severity, severity)}: {message} "
        f"{paint('check', f'[{problem.check}]')}"
    )
