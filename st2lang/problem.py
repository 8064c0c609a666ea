"""What is wrong with a file, as values.

A user's mistake is never an exception. The checker, the editor and the tests share these objects;
turning them into text, JSON or LSP diagnostics happens elsewhere.
"""

from __future__ import annotations

from enum import Enum

from st2lang.record import record
from st2lang.source import Span

SpecPath = tuple[str | int, ...]
"""Keys and indexes from the top of the document: `("tasks", "t1", "next", 0, "do")`."""


class Severity(Enum):
    """How bad a problem is. Only errors stop a workflow from loading or running."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for an error, 3 for a hint."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2, Severity.HINT: 3}


class Tag(Enum):
    """How an editor may show a problem besides underlining it."""

    UNUSED = "unused"
    DEPRECATED = "deprecated"


@record
class Related:
    """Another place that explains a problem ("first defined here"). `path` is None for the same file."""

    message: str
    span: Span
    path: str | None = None


@record
class Edit:
    """Replace the characters of `span` by `text`."""

    span: Span
    text: str


@record
class Fix:
    """A change that resolves a problem. Only `safe` ones are applied without asking."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@record
class Problem:
    """One finding of one check.

    `check` is the id of the check (`undefined-task`), `message` one sentence that names the offender
    and what was expected, `help` what to do about it, `path` the place in the document's structure.
    """

    check: str
    severity: Severity
    message: str
    span: Span
    path: SpecPath = ()
    help: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    tags: tuple[Tag, ...] = ()


def format_path(path: SpecPath) -> str:
    """`("tasks", "t1", "next", 0)` as `tasks.t1.next[0]`, the way Orquesta's inspection writes it."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text
