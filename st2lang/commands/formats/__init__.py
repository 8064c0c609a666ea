"""The ways to print a run: one module a format, imported when it is asked for.

A format's module has `write(run: Run, out: TextIO) -> None`.
"""

from __future__ import annotations

import importlib
from typing import TextIO

from st2lang.commands.report import Run

NAMES = ("text", "concise", "json", "sarif", "github", "junit")
FOR_PEOPLE = frozenset({"text", "concise"})


def write(name: str, run: Run, out: TextIO) -> None:
    """Print a run in the format of this name."""
    importlib.import_module(f"st2lang.commands.formats.{name}").write(run, out)
