"""Problems as people read them: the lines of the file with the place underlined, then what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from st2lang.commands.formats.concise import headline
from st2lang.commands.formats.excerpt import excerpt
from st2lang.commands.formats.summary import summary
from st2lang.commands.links import pointer
from st2lang.commands.report import FAILURES, Report, Run
from st2lang.commands.terminal import Paint, printable
from st2lang.problem import Problem


def write(run: Run, out: TextIO) -> None:
    """Print every problem with its excerpt, then the summary."""
    paint = Paint(run.colour)
    for report in run.reports:
        for problem in report.problems:
            out.write("\n".join(_block(run, report, problem, paint)) + "\n\n")
    if run.summary:
        out.write(summary(run, paint) + "\n")


def _block(run: Run, report: Report, problem: Problem, paint: Paint) -> Iterator[str]:
    yield headline(run, report, problem, paint)
    style = problem.severity.value
    width = _number_width(run, report, problem)
    margin = " " * width
    if report.source.text:
        yield from excerpt(report.source, problem.span, paint, style, "^", width)
    for related in problem.related:
        place = run.related(report, related)
        where = f"{printable(place.path)}:{place.start.line}:{place.start.column}"
        message = " ".join(map(printable, related.message.splitlines()))
        yield f"{margin} {paint('frame', ':::')} {paint('place', where)}: {message}"
        source = run.source(place.path)
        if source.text:
            yield from excerpt(source, related.span, paint, "frame", "-", width)
    bullet = f"{margin} {paint('frame', '=')} "
    for line in map(printable, problem.help.splitlines()):
        yield f"{bullet}{paint('place', 'help')}: {line}"
    if problem.fix is not None:
        how = "--fix" if problem.fix.safe else "--unsafe-fixes"
        yield f"{bullet}{paint('place', 'fix')}: {printable(problem.fix.title)} (`{how}`)"
    if problem.check not in FAILURES:
        yield f"{bullet}{paint('place', 'more')}: {printable(pointer(problem.check))}"


def _number_width(run: Run, report: Report, problem: Problem) -> int:
    lines = [run.place(report.path, problem.span).end.line]
    lines += [run.related(report, related).end.line for related in problem.related]
    return max(len(str(line)) for line in lines)
