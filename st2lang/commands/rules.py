"""Which of the problems found are shown: selected checks, severities, ignores for some files."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from st2lang.commands.report import FAILURES
from st2lang.problem import Problem, Severity


class Rules(NamedTuple):
    """A selection. Names of checks may be patterns (`yaml-*`); the rest is exact.

    `per_file` holds gitignore-like patterns, relative to `root`, with the checks they switch off.
    """

    select: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    root: str = ""
    least: Severity = Severity.INFO

    def apply(self, path: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems of the file at `path` (openable, not prettified) that are to be shown."""
        severities = dict(self.severities)
        kept = []
        for problem in problems:
            severity = severities.get(problem.check)
            if severity is not None and severity is not problem.severity:
                problem = _with_severity(problem, severity)
            if problem.check in FAILURES or self._wants(path, problem):
                kept.append(problem)
        return tuple(kept)

    def _wants(self, path: str, problem: Problem) -> bool:
        return (
            problem.severity.rank <= self.least.rank
            and matches(problem.check, self.select)
            and not matches(problem.check, self.ignore)
            and not self._ignored_here(path, problem.check)
        )

    def _ignored_here(self, path: str, check: str) -> bool:
        patterns = [glob for glob, checks in self.per_file if matches(check, checks)]
        if not patterns:
            return False
        from st2lang.commands.gitignore import Patterns, excluded_anywhere

        return excluded_anywhere(path, False, [Patterns(self.root, patterns)])


def matches(check: str, patterns: Iterable[str]) -> bool:
    """True when one of the patterns means this check."""
    return any(pattern in ("*", check) or fnmatchcase(check, pattern) for pattern in patterns)


def _with_severity(problem: Problem, severity: Severity) -> Problem:
    from st2lang.record import replace

    return replace(problem, severity=severity)
