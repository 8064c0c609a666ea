"""The checks: one a file, discovered from this package.

A check is a module with a docstring that is its user documentation (a sentence, a reason, `## Bad` and
`## Good` examples that the tests run) and a record `CHECK`. To add one, add a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from st2lang.problem import Fix, Problem, Related, Severity, SpecPath, Tag
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document

WORKFLOWS = ("orquesta", "action-chain")
EVERY = (*WORKFLOWS, "action", "pack", "unknown")

_NO_CHECKS = frozenset({"reference"})
"""Modules of this package besides the checks; what several checks share starts with an underscore."""


@record
class Check:
    """One check: `run` gives the problems of a document; `kinds` says for which kinds of file.

    `id` is a readable word (`undefined-task`), `severity` the usual one, `summary` a short sentence.
    """

    id: str
    severity: Severity
    summary: str
    run: Callable[[Document], Iterator[Problem]]
    kinds: tuple[str, ...] = WORKFLOWS

    def problem(
        self,
        message: str,
        span: Span,
        path: SpecPath = (),
        *,
        help: str = "",
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        tags: tuple[Tag, ...] = (),
        severity: Severity | None = None,
    ) -> Problem:
        """A problem found by this check."""
        return Problem(
            self.id, severity or self.severity, message, span, path, help, related, fix, tags
        )

    @property
    def documentation(self) -> str:
        """What users read about the check: its module's docstring."""
        import sys

        return (sys.modules[self.run.__module__].__doc__ or "").strip()


@cache
def all() -> tuple[Check, ...]:  # noqa: A001 (reads as `checks.all()`)
    """Every check, sorted by id. Raises `RuntimeError` when two have the same id."""
    import os  # not pkgutil, which costs more than all the checks
    from importlib import import_module

    found: dict[str, Check] = {}
    for file in os.listdir(os.path.dirname(__file__)):
        name = file.removesuffix(".py")
        if name == file or name.startswith("_") or name in _NO_CHECKS:
            continue
        check: Check = import_module(f"{__name__}.{name}").CHECK
        if check.id in found:
            raise RuntimeError(f"two checks have the id {check.id}")
        found[check.id] = check
    return tuple(sorted(found.values(), key=lambda c: c.id))


@cache
def of_kind(kind: str) -> tuple[Check, ...]:
    """The checks that apply to a kind of file."""
    return tuple(c for c in all() if kind in c.kinds)


def get(check_id: str) -> Check | None:
    """The check with this id, or None."""
    return next((c for c in all() if c.id == check_id), None)
