"""What checking gives: one `Report` a file, and the `Run` that a format prints."""

from __future__ import annotations

import os
from typing import NamedTuple

from st2lang.problem import Problem, Related, Severity
from st2lang.source import Position, Source, Span

INTERNAL_ERROR = "internal-error"
UNREADABLE_FILE = "unreadable-file"
FAILURES = frozenset({INTERNAL_ERROR, UNREADABLE_FILE})
"""Problems of the run rather than of the file: never filtered, and the exit code is 2."""


class Report(NamedTuple):
    """What was found in one file. `path` is the one to show, with forward slashes.

    `before` is the text before fixes were applied, None when nothing was changed.
    """

    path: str
    kind: str
    source: Source
    problems: tuple[Problem, ...]
    before: str | None = None
    fixed: int = 0

    @property
    def failed(self) -> bool:
        """True when the file could not be read, or the checker broke on it."""
        return any(problem.check in FAILURES for problem in self.problems)


class Place(NamedTuple):
    """Where something is, for people and programs outside."""

    path: str
    start: Position
    end: Position


class Run:
    """All reports of one run, and how to show them."""

    def __init__(
        self,
        reports: list[Report],
        *,
        colour: bool = False,
        summary: bool = True,
        seconds: float | None = None,
    ) -> None:
        self.reports = reports
        self.colour = colour
        self.summary = summary
        self.seconds = seconds
        self._sources = {report.path: report.source for report in reports}

    @property
    def problems(self) -> list[Problem]:
        """The problems of all files, in the order of the files."""
        return [problem for report in self.reports for problem in report.problems]

    def source(self, path: str) -> Source:
        """The text of any file that a problem refers to; an empty one when it cannot be read."""
        if path not in self._sources:
            self._sources[path] = read_source(path)
        return self._sources[path]

    def place(self, path: str, span: Span) -> Place:
        """Lines and columns of a span."""
        source = self.source(path)
        return Place(path, source.position(span.start), source.position(max(span)))

    def related(self, report: Report, related: Related) -> Place:
        """Where a related place is."""
        path = report.path if related.path is None else display(related.path)
        return self.place(path, related.span)


def read_source(path: str) -> Source:
    """Read a file that a problem points to; an empty text when that is not possible."""
    from st2lang.yaml.decode import decode

    try:
        with open(path, "rb") as file:
            return decode(path, file.read())[0]
    except OSError:
        return Source(path, "")


def failure(path: str, check: str, message: str, advice: str = "") -> Report:
    """A report that says only that a file could not be checked."""
    problem = Problem(check, Severity.ERROR, message, Span(0, 0), help=advice)
    return Report(path, "unknown", Source(path, ""), (problem,))


def display(path: str) -> str:
    """A path as it is shown: relative to the current folder when it lies below it."""
    if os.path.isabs(path):
        here = os.getcwd()
        if path.startswith(here.rstrip(os.sep) + os.sep):
            path = os.path.relpath(path, here)
    elif path.startswith("." + os.sep):
        path = path[2:]
    return path.replace(os.sep, "/")
