"""The last words of a run, and its statistics."""

from __future__ import annotations

from collections import Counter

from st2lang.commands.report import Run
from st2lang.commands.terminal import Paint
from st2lang.problem import Severity
from st2lang.suggest import listing


def summary(run: Run, paint: Paint) -> str:
    """How much was found, in how many files, and how much of it can be fixed."""
    checked = sum(report.kind != "unknown" for report in run.reports)
    if not run.problems:
        return f"No problems in {_count(checked, 'file')}."
    tally = Counter(problem.severity for problem in run.problems)
    parts = [
        paint(severity.value, _count(tally[severity], severity.value))
        for severity in Severity
        if tally[severity]
    ]
    found = listing(parts, "and").replace("`", "")
    where = sum(bool(report.problems) for report in run.reports)
    text = f"Found {found} in {where} of {_count(len(run.reports), 'file')}."
    safe = sum(problem.fix is not None and problem.fix.safe for problem in run.problems)
    unsafe = sum(problem.fix is not None and not problem.fix.safe for problem in run.problems)
    if safe:
        text += f" {safe} fixable with `--fix`."
    if unsafe:
        text += f" {unsafe} {'more ' if safe else ''}fixable with `--unsafe-fixes`."
    return text


def statistics(run: Run) -> str:
    """How often each check spoke, most frequent first; then how long it took."""
    tally = Counter((problem.check, problem.severity.value) for problem in run.problems)
    fixable = Counter(problem.check for problem in run.problems if problem.fix is not None)
    rows = []
    for (check, severity), times in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        note = f"  ({fixable[check]} fixable)" if fixable[check] else ""
        rows.append(f"{times:>6}  {severity:<7}  {check}{note}")
    if run.seconds is not None:
        files = len(run.reports)
        speed = f", {files / run.seconds:.0f} a second" if run.seconds else ""
        rows.append(f"{_count(files, 'file')} in {run.seconds:.2f} s{speed}")
    return "\n".join(rows)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
