"""The end of a run, for people: the tree, what has failed, the output."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from st2lang.commands.terminal import Paint, printable, wants_colour
from st2runtime.commands.run_failures import Failures, Shown, indented, yaml_lines
from st2runtime.display.words import GLYPHS, STYLES, brief, duration
from st2runtime.engines.steps import Step

if TYPE_CHECKING:
    from st2runtime.commands.run_session import Outcome

_WORDS = {
    "succeeded": "Succeeded",
    "failed": "Failed",
    "timeout": "Ended because it took too long:",
    "abandoned": "Abandoned",
    "canceled": "Cancelled",
    "paused": "At rest, because nobody is here to answer:",
    "pending": "At rest, because nobody is here to answer:",
}


def print_result(session: Shown, outcome: Outcome) -> None:
    """Print it; with --quiet only the output and what has failed."""
    _Report(session, outcome, sys.stdout).write()


class _Report:
    """The text of the end, in paragraphs."""

    def __init__(self, session: Shown, outcome: Outcome, out: TextIO) -> None:
        self.session, self.outcome, self.out = session, outcome, out
        self.args, self.root = session.args, outcome.root
        self.paint = Paint(wants_colour(self.args.color, out))
        lively = out.isatty()
        self._begun = not (self.args.quiet or self.args.dry_run or lively)

    def write(self) -> None:
        """All of it."""
        if self.args.dry_run:
            self._print(self._dry())
        elif not self.args.quiet:
            self._print(self._tree())
        self._print(Failures(self.session, self.outcome, self.paint).lines())
        self._print(self._output())
        if not self.args.quiet:
            self._print(("", self._status()))

    def _print(self, lines: Any) -> None:
        for line in lines:
            if line or self._begun:
                self.out.write(line.rstrip() + "\n")
                self._begun = True

    def _tree(self) -> list[str]:
        from st2runtime.display.tree import layout, rows

        if not self.root.children:
            return []
        found = rows(self.root, time.monotonic(), self.session.secrets.text)
        return ["", *layout(found, self.paint, self._width())]

    def _width(self) -> int:
        import shutil

        return shutil.get_terminal_size((100, 24)).columns if self.out.isatty() else 120

    def _dry(self) -> Iterator[str]:
        """Each action with its input, in the order in which they would start."""
        if self.root.graph is None:
            yield f"{self.paint('place', self.root.task)} would run with:"
            given = {k: v for k, v in self.root.parameters.items() if v is not None}
            yield from indented(4, yaml_lines(self._masked(given)) if given else ["nothing"])
            return
        for step in self.root.walk():
            if step is not self.root:
                yield from indented(2 * (step.depth - 1), self._would_run(step))

    def _would_run(self, step: Step) -> Iterator[str]:
        item = "" if step.item is None else f"[{step.item}]"
        tries = f" (try {step.attempt + 1})" if step.attempt else ""
        name = self.paint("place", f"{printable(step.name)}{item}{tries}")
        told = f"  ({step.note}: {step.status}" if step.note else ""
        if step.mocked and step.result is not None:
            told += f", {brief(self._masked(step.result), 60)}"
        action = self.paint("check", printable(step.action or "no action"))
        yield f"{name}: {action}{told + ')' if told else ''}"
        if step.input:
            yield from indented(4, yaml_lines(self._masked(dict(step.input))))

    def _output(self) -> Iterator[str]:
        root = self.root
        if root.graph is None:
            shown = root.result if not (self.args.dry_run or root.bad) else None
            label = ""
        elif root.graph.orquesta:
            shown, label = root.output, "output"
        else:
            shown = root.output.get("published") if isinstance(root.output, Mapping) else None
            label = "published"
        if shown:
            value = self._masked(shown)
            yield from ("", *yaml_lines({label: value} if label else value))

    def _status(self) -> str:
        status = self.outcome.status
        style = STYLES.get(status, "frame")
        if self.args.dry_run:
            guessed = any(step.guessed for step in self.root.walk())
            how = " with results as guessed" if guessed else ""
            return f"Nothing was run; it would end as {self.paint(style, status)}{how}."
        told = _WORDS.get(status, f"Stands still as {status}, nothing more can happen:")
        took = ""
        if self.root.started is not None:
            seconds = (self.root.ended or time.monotonic()) - self.root.started
            took = duration(seconds)
        link = " after " if told.endswith(":") else " in "
        glyph = self.paint(style, GLYPHS.get(status, "·"))
        return f"{glyph} {told.removesuffix(':')}{link}{took}."

    def _masked(self, value: Any) -> Any:
        return self.session.secrets.data(value)
