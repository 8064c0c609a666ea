"""JUnit XML: one test case a file, for servers that draw test results.

A file with errors or warnings is a failed case, one that could not be checked an error; infos and
hints go to the case's output.
"""

from __future__ import annotations

from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from st2lang.commands.formats.concise import headline
from st2lang.commands.report import Report, Run
from st2lang.commands.terminal import Paint
from st2lang.patterns import lazy
from st2lang.problem import Problem, Severity

_NOT_XML = lazy("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(run: Run, out: TextIO) -> None:
    """Print one suite."""
    failures = sum(bool(_grave(report)) and not report.failed for report in run.reports)
    errors = sum(report.failed for report in run.reports)
    counts = (
        f'name="st2c check" tests="{len(run.reports)}" failures="{failures}" errors="{errors}"'
        f' time="{run.seconds or 0:.3f}"'
    )
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"<testsuites {counts}>\n  <testsuite {counts}>\n")
    for report in run.reports:
        out.write(_case(run, report))
    out.write("  </testsuite>\n</testsuites>\n")


def _grave(report: Report) -> list[Problem]:
    return [problem for problem in report.problems if problem.severity.rank <= 1]


def _case(run: Run, report: Report) -> str:
    grave = _grave(report)
    slight = [problem for problem in report.problems if problem not in grave]
    name = _attribute(report.path)
    opening = f"    <testcase name={name} classname={_attribute('st2c.' + report.kind)}"
    if not report.problems:
        return f"{opening}/>\n"
    lines = [f"{opening}>\n"]
    if grave:
        element = "error" if report.failed else "failure"
        worst = min(grave, key=lambda problem: problem.severity.rank)
        lines.append(
            f"      <{element} type={_attribute(worst.check)} message={_attribute(_title(grave))}>"
            f"{_text(_listed(run, report, grave))}</{element}>\n"
        )
    if slight:
        lines.append(f"      <system-out>{_text(_listed(run, report, slight))}</system-out>\n")
    return "".join([*lines, "    </testcase>\n"])


def _title(grave: list[Problem]) -> str:
    if len(grave) == 1:
        return grave[0].message
    errors = sum(problem.severity is Severity.ERROR for problem in grave)
    return f"{errors} errors, {len(grave) - errors} warnings"


def _listed(run: Run, report: Report, problems: list[Problem]) -> str:
    paint = Paint(False)
    lines = []
    for problem in problems:
        lines.append(headline(run, report, problem, paint))
        lines += ["  " + line for line in problem.help.splitlines()]
    return "\n".join(lines)


def _clean(text: str) -> str:
    """XML 1.0 has no place for most control characters, not even escaped."""
    return _NOT_XML.sub("\ufffd", text)


def _text(text: str) -> str:
    return escape(_clean(text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(_clean(text), {"\r": "&#13;"})
