"""The configurations that `docs/editors.md` shows, so that the tests try what people read."""

from __future__ import annotations

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "editors.md"
PROGRAMS = str(Path(sys.executable).parent)
"""The folder of `st2c`: the configurations find it on PATH."""

WORKFLOW = """version: 1.0
input:
  - guests
vars:
  - cups: two
tasks:
  brew:
    action: core.echo message=<% ctx().cups %>
    next:
      - when: <% succeeded() and task_status(serve) != 'failed' %>
        do: serve
      - when: <% failed() %>
        do: servv
  serve:
    action: core.echo message=<% ctx().guests %>
"""
"""A workflow with one mistake; `serve` is defined in line 14."""

RENAMED = (
    WORKFLOW.replace("task_status(serve)", "task_status(lay_the_table)")
    .replace("do: serve\n", "do: lay_the_table\n")
    .replace("  serve:\n", "  lay_the_table:\n")
)


def snippet(heading: str, number: int = 0) -> str:
    """A piece of code below a heading."""
    text = PAGE.read_text(encoding="utf-8")
    section = re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], flags=re.M)[0]
    return re.findall(r"^```\w*\n(.*?)^```", section, flags=re.M | re.S)[number]
