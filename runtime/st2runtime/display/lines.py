"""A run as it happens, a line an event: for pipes, logs and terminals that cannot move the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from st2lang.commands.terminal import Paint, printable
from st2runtime.display.words import GLYPHS, STYLES, assignments, duration
from st2runtime.engines.steps import FINAL, Step


class Lines:
    """Prints events. `text` masks secrets in everything that is printed, `data` in values."""

    def __init__(
        self,
        out: TextIO,
        paint: Paint,
        text: Callable[[str], str],
        data: Callable[[object], object],
    ) -> None:
        self._out, self._paint, self._text, self._data = out, paint, text, data

    def began(self, step: Step) -> None:
        """Nothing yet: it may have to wait."""

    def changed(self, step: Step) -> None:
        """`● running  name  action input`, `✓ succeeded  name  0.2 s`."""
        if step.status == "running":
            shown = assignments(self._data(dict(step.input)), 100)
            more = f"{step.action} {shown}" if step.parent else shown
        elif step.status in FINAL:
            took = "" if step.started is None else duration((step.ended or 0) - step.started)
            more = took if not step.error else f"{took}  {self._text(step.error)}"
        else:
            more = ""
        glyph = self._paint(STYLES.get(step.status, "frame"), GLYPHS.get(step.status, "·"))
        name = self._paint("place", path(step))
        self._print(f"{glyph} {step.status:<9}  {name}  {' '.join(more.split())}")

    def line(self, step: Step, stream: str, text: str) -> None:
        """`  name | text`."""
        mark = self._paint("frame" if stream == "stdout" else "warning", "|")
        self._print(f"  {path(step)} {mark} {printable(self._text(text))}")

    def note(self, text: str) -> None:
        """A remark of the engine's."""
        self._print(text)

    def _print(self, text: str) -> None:
        self._out.write(text.rstrip() + "\n")
        self._out.flush()


def path(step: Step) -> str:
    """Where a step is: `deploy/check[2]`, a retry `check (try 2)`; the run itself goes by its reference."""
    if step.parent is None:
        return printable(step.task)
    parts = []
    one: Step | None = step
    while one is not None and one.parent is not None:
        item = "" if one.item is None else f"[{one.item}]"
        tries = f" (try {one.attempt + 1})" if one.attempt else ""
        parts.append(f"{printable(one.name)}{item}{tries}")
        one = one.parent
    return "/".join(reversed(parts))
