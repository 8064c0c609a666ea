"""The end of a run, for people: the tree, the output, and what has failed where and why."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from st2lang.commands.terminal import Paint, cells, printable, wants_colour
from st2runtime.display.words import GLYPHS, STYLES, brief, duration
from st2runtime.engines.steps import Step

if TYPE_CHECKING:
    from st2lang.source import Source
    from st2runtime.commands.run_session import Outcome
    from st2runtime.commands.run_setup import Session

_MOST_FAILURES = 5
_MOST_LINES = 30


def print_result(session: Session, outcome: Outcome) -> None:
    """Print the tree, what has failed, and the output; with --quiet without the tree."""
    report = _Report(session, outcome, sys.stdout)
    report.write()


class _Report:
    """The text of the end."""

    def __init__(self, session: Session, outcome: Outcome, out: TextIO) -> None:
        self.session, self.outcome, self.out = session, outcome, out
        self.args = session.args
        self.paint = Paint(wants_colour(self.args.color, out))
        self.root = outcome.root
        self.text = session.secrets.text
        self._something = not (self.args.quiet or self.args.dry_run or out.isatty())
        self._sources: dict[str, Source] = {}

    def write(self) -> None:
        """All of it."""
        if self.args.dry_run:
            self._print(*self._dry())
        elif not self.args.quiet:
            self._print(*self._tree())
        failures = list(self._failures())
        for step in failures[:_MOST_FAILURES]:
            self._print("", *self._failure(step))
        if len(failures) > _MOST_FAILURES:
            self._print("", f"… and {len(failures) - _MOST_FAILURES} more have failed.")
        self._print(*self._errors(failures))
        self._print(*self._output())
        if not self.args.quiet:
            self._print("", self._status())

    def _print(self, *lines: str) -> None:
        for line in lines:
            if line or self._something:
                self.out.write(line.rstrip() + "\n")
                self._something = True

    def _tree(self) -> list[str]:
        from st2runtime.display.tree import layout, rows

        if not self.root.children:
            return []
        found = rows(self.root, time.monotonic(), self.text)
        return ["", *layout(found, self.paint, self._width())]

    def _width(self) -> int:
        import shutil

        return shutil.get_terminal_size((100, 24)).columns if self.out.isatty() else 120

    # What would run.

    def _dry(self) -> Iterator[str]:
        """Each action with its input, in the order in which they would start."""
        for step in self.root.walk():
            if step is self.root:
                if not step.children:
                    yield f"{step.task} would run with:"
                    yield from _indented(self._yaml(self._masked(_known(step.parameters))))
                continue
            depth = "  " * (step.depth - 1)
            item = "" if step.item is None else f"[{step.item}]"
            tries = f" (try {step.attempt + 1})" if step.attempt else ""
            name = self.paint("place", f"{printable(step.name)}{item}{tries}")
            note = f"  ({step.note}: {self._told(step)})" if step.note else ""
            bad = f"  {self.paint('error', step.status)}" if step.bad else ""
            yield f"{depth}{name}: {self.paint('check', step.action or 'no action')}{bad}{note}"
            if step.input:
                text = self._yaml(self._masked(step.input))
                yield from (depth + line for line in _indented(text))

    def _told(self, step: Step) -> str:
        return brief(self._masked(step.result), 70)

    # What has failed.

    def _failures(self) -> Iterator[Step]:
        """The actions that have failed without a sub-workflow's action to blame, last tries alone."""
        if self.outcome.status not in ("failed", "timeout", "abandoned"):
            return
        retried = {
            (
                id(step.parent),
                step.request.rpartition(".")[0],
                step.task,
                step.item,
                step.attempt - 1,
            )
            for step in self.root.walk()
            if step.attempt
        }
        for step in self.root.walk():
            inner = any(child.bad for child in step.children)
            key = (
                id(step.parent),
                step.request.rpartition(".")[0],
                step.task,
                step.item,
                step.attempt,
            )
            if step.bad and not inner and key not in retried and (step.parent or not step.graph):
                yield step

    def _failure(self, step: Step) -> Iterator[str]:
        """Where, what, with which input, and why."""
        glyph = self.paint(STYLES.get(step.status, "error"), GLYPHS[step.status])
        took = ""
        if step.started is not None and step.ended is not None:
            took = f" after {duration(step.ended - step.started)}"
        from st2runtime.display.lines import path

        action = f" ({step.action})" if step.parent and step.action else ""
        yield f"{glyph} {self.paint('place', path(step))}{action}: {step.status}{took}"
        yield from _indented_by(2, self._excerpt(step))
        given = self._masked(step.input)
        if given:
            yield f"  {self.paint('frame', 'input')}"
            yield from _indented_by(4, self._yaml(given).splitlines())
        for name, text in self._reasons(step):
            yield f"  {self.paint('error', name)}"
            lines = self.text(text).rstrip().splitlines()
            if len(lines) > _MOST_LINES:
                hidden = len(lines) - _MOST_LINES
                lines = [f"… {hidden} lines", *lines[-_MOST_LINES:]]
            yield from _indented_by(4, map(printable, lines))

    def _excerpt(self, step: Step) -> Iterator[str]:
        place = step.place
        if place is None or not step.source:
            return
        from st2lang.commands.report import display, read_source
        from st2lang.source import Span

        shown = display(step.source)
        yield f"{self.paint('frame', '-->')} {shown}:{place.line}:{place.column}"
        if step.source not in self._sources:
            workflow = self.session.target.workflow
            known = workflow.source if workflow else None
            same = known is not None and known.text and known.path.replace("\\", "/") == step.source
            self._sources[step.source] = known if same and known else read_source(step.source)
        source = self._sources[step.source]
        if not source.text or source.path.endswith(".json"):
            return
        from st2lang.commands.formats.excerpt import excerpt

        start = source.offset(place.line, place.column)
        end = source.offset(place.end_line, place.end_column)
        width = len(str(place.end_line))
        yield from excerpt(source, Span(start, end), self.paint, "error", "^", width)

    def _reasons(self, step: Step) -> Iterator[tuple[str, str]]:
        """What an action says about its failure: its error, else what it has written."""
        if step.error:
            yield "error", step.error
            return
        yield from reasons(step.result, step.status)

    def _errors(self, failures: list[Step]) -> Iterator[str]:
        """The errors of the workflow itself: expressions that failed, outputs that have no value."""
        if self.outcome.status == "canceled":
            return
        shown = {(step.task, step.route) for step in failures}
        for step in self.root.walk():
            for error in step.errors:
                told = error.get("type") == "error" and "result" not in error
                task = (error.get("task_id"), error.get("route") or 0)
                if told and not (task in shown and _is_plain(error)):
                    yield ""
                    yield from self._error(step, error)

    def _error(self, step: Step, error: Mapping[str, Any]) -> Iterator[str]:
        from st2runtime.display.lines import path

        task = step.graph.tasks.get(str(error.get("task_id"))) if step.graph else None
        name = path(step) if task is None else f"{path(step)}: {task.name}"
        yield f"{self.paint('error', GLYPHS['failed'])} {self.paint('place', name)}"
        if task is not None and step.graph is not None:
            at = Step(task.name, place=task.place, source=step.graph.source)
            yield from _indented_by(2, self._excerpt(at))
        yield from _indented_by(2, map(printable, self.text(str(error["message"])).splitlines()))

    # What has come of it.

    def _output(self) -> Iterator[str]:
        root = self.root
        if root.graph is None:
            if root.result is not None and not self.args.dry_run and not root.bad:
                yield from ("", *self._yaml(self._masked(root.result)).splitlines())
        elif root.output not in (None, {}) and (self.outcome.status == "succeeded" or root.output):
            output = root.output
            if not root.graph.orquesta:
                output = output.get("published") if isinstance(output, Mapping) else None
            if output:
                label = "output" if root.graph.orquesta else "published"
                yield from ("", *self._yaml({label: self._masked(output)}).splitlines())

    def _status(self) -> str:
        status = self.outcome.status
        style = STYLES.get(status, "frame")
        took = ""
        if self.root.started is not None and not self.args.dry_run:
            took = f" in {duration((self.root.ended or time.monotonic()) - self.root.started)}"
        words = {
            "succeeded": "Succeeded",
            "failed": "Failed",
            "timeout": "Ended, it took too long,",
            "abandoned": "Abandoned",
            "canceled": "Cancelled",
            "paused": "Rests: it waits for an answer that nobody can give here",
        }
        told = words.get(status, f"Stands still as {status}: nothing more can happen")
        if self.args.dry_run:
            return f"Nothing was run; it would end as {self.paint(style, status)}."
        return f"{self.paint(style, GLYPHS.get(status, '·'))} {told}{took}."

    def _masked(self, value: Any) -> Any:
        return self.session.secrets.data(value)

    def _yaml(self, value: Any) -> str:
        from st2runtime.rehearsal.data import to_yaml

        return "\n".join(map(printable, to_yaml(value).splitlines()))


def reasons(result: Any, status: str) -> Iterator[tuple[str, str]]:
    """Why an action has failed, as far as its result tells: (what, text)."""
    if not isinstance(result, Mapping):
        if result not in (None, ""):
            yield "result", brief(result, 500)
        return
    found = False
    for name in ("error", "stderr"):
        text = result.get(name)
        if isinstance(text, str) and text.strip():
            found = True
            yield name, text
    for host, part in result.items():  # results of remote actions, by host
        if isinstance(part, Mapping) and (part.get("failed") or part.get("error")):
            found = True
            yield from ((f"{host}: {name}", text) for name, text in reasons(part, status))
    code = result.get("return_code", result.get("exit_code"))
    if isinstance(code, int) and code and not found:
        text = result.get("stdout")
        yield f"exit code {code}", text if isinstance(text, str) else ""
    elif not found:
        errors = result.get("errors")
        for error in errors if isinstance(errors, list) else ():
            if isinstance(error, Mapping) and error.get("message"):
                found = True
                yield "error", str(error["message"])
        if not found:
            yield "result", brief(result, 500)


def _is_plain(error: Mapping[str, Any]) -> bool:
    """Whether an error only says that an action has failed, which is shown in full elsewhere."""
    return str(error.get("message", "")).startswith("Execution failed")


def _known(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that have a value."""
    return {name: value for name, value in parameters.items() if value is not None}


def _indented(text: str) -> Iterator[str]:
    return _indented_by(4, text.splitlines())


def _indented_by(columns: int, lines: Any) -> Iterator[str]:
    for line in lines:
        yield " " * columns + line if line else ""


__all__ = ["cells", "print_result"]
