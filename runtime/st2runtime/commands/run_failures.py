"""What has failed in a run, for people: where, with which input, and why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from st2lang.commands.terminal import Paint, printable
from st2lang.graph import COMMANDS, Place
from st2runtime.display.lines import path
from st2runtime.display.words import GLYPHS, STYLES, brief, duration
from st2runtime.engines.steps import Step

if TYPE_CHECKING:
    import argparse

    from st2lang.source import Source
    from st2runtime.actions.secrets import Secrets
    from st2runtime.actions.target import Target
    from st2runtime.commands.run_session import Outcome

_MOST_FAILURES = 5
_MOST_LINES = 30
_PLAIN = "Execution failed. See result for details."
"""What the log of errors says about every action that has failed (Orquesta's words)."""


class Shown(Protocol):
    """What a report asks of the run that it is about."""

    @property
    def args(self) -> argparse.Namespace:
        """How it is shown: `color`, `quiet`, `dry_run`."""

    @property
    def target(self) -> Target:
        """What has run."""

    @property
    def secrets(self) -> Secrets:
        """What is masked."""

    def pack_path(self, action: str) -> str:
        """The folder of the pack that an action is of; "" where that is not known."""


class Failures:
    """The report on what has failed. Everything in it has its secrets masked."""

    def __init__(self, session: Shown, outcome: Outcome, paint: Paint) -> None:
        self.session, self.outcome, self.paint = session, outcome, paint
        self._sources: dict[str, Source] = {}

    def lines(self) -> Iterator[str]:
        """A block for each action that has failed, then one for each error of the workflows themselves."""
        if self.outcome.status not in ("failed", "timeout", "abandoned"):
            return
        found = list(self._failed())
        for step in found[:_MOST_FAILURES]:
            yield from ("", *self._action(step))
        if len(found) > _MOST_FAILURES:
            yield from ("", f"… and {len(found) - _MOST_FAILURES} more have failed.")
        refused = {(step.parent, step.task, step.route) for step in found if step.error}
        for step in self.outcome.root.walk():
            for error in step.errors:
                key = (step, error.get("task_id"), error.get("route") or 0)
                if _told_elsewhere(error) or key in refused:
                    continue
                yield from ("", *self._error(step, error))

    def _failed(self) -> Iterator[Step]:
        """The actions that have failed: last tries alone, and no sub-workflow for what is inside of it."""
        root = self.outcome.root
        again = {_try(step, step.attempt - 1) for step in root.walk() if step.attempt}
        for step in root.walk():
            if not step.bad or any(child.bad for child in step.children):
                continue
            if step.parent is None:
                if step.graph is None:
                    yield step
            elif _try(step, step.attempt) not in again:
                yield step

    def _action(self, step: Step) -> Iterator[str]:
        """Where, what, with which input, and why."""
        glyph = self.paint(STYLES.get(step.status, "error"), GLYPHS[step.status])
        took = ""
        if step.started is not None and step.ended is not None and not step.note:
            took = f" after {duration(step.ended - step.started)}"
        action = f" ({printable(step.action)})" if step.parent and step.action else ""
        note = f" ({step.note})" if step.note else ""
        yield f"{glyph} {self.paint('place', path(step))}{action}: {step.status}{took}{note}"
        yield from indented(2, self._excerpt(step.source, _place(step)))
        given = self.session.secrets.data(dict(step.input))
        if given:
            yield f"  {self.paint('frame', 'input')}"
            yield from indented(4, yaml_lines(given))
        for name, text in [("error", step.error)] if step.error else reasons(step.result):
            yield f"  {self.paint('error', name)}"
            lines = self.session.secrets.text(text).rstrip().splitlines()
            if len(lines) > _MOST_LINES:
                hidden = len(lines) - _MOST_LINES
                lines = [f"… {hidden} lines", *lines[-_MOST_LINES:]]
            yield from indented(4, map(printable, lines))
        yield from indented(2, self._help(step))

    def _help(self, step: Step) -> Iterator[str]:
        """What to do about a Python package that is not there."""
        stderr = step.result.get("stderr") if isinstance(step.result, Mapping) else None
        if step.runner != "python-script" or not isinstance(stderr, str):
            return
        last = stderr.rstrip().rpartition("\n")[2]
        found = re.fullmatch(r"ModuleNotFoundError: No module named '([\w.]+)'", last)
        if found is None:
            return
        pack = self.session.pack_path(step.action)
        if not pack:
            return
        asked = os.path.isfile(os.path.join(pack, "requirements.txt"))
        if asked and not self.session.args.with_dependencies:
            told = "`--with-dependencies` installs what the pack's requirements.txt asks for, once."
        else:
            name = found[1].partition(".")[0]
            told = f"Name the package of `{name}` in the pack's requirements.txt"
            told += "." if asked else ", and run it with `--with-dependencies`."
        yield f"{self.paint('frame', '= help:')} {told}"

    def _error(self, step: Step, error: Mapping[str, Any]) -> Iterator[str]:
        """An expression without a value, a join that cannot be reached, a `fail` in the workflow."""
        name = str(error.get("task_id") or "")
        task = step.graph.tasks.get(name) if step.graph else None
        title = path(step) if not task else f"{path(step)}: {printable(name)}"
        message = str(error.get("message", ""))
        if name in COMMANDS and task is None:
            message = f"it has come to the engine command `{name}`"
        yield f"{self.paint('error', GLYPHS['failed'])} {self.paint('place', title)}"
        if task is not None and step.graph is not None:
            yield from indented(2, self._excerpt(step.graph.source, task.place))
        text = self.session.secrets.text(message)
        yield from indented(2, map(printable, text.splitlines()))

    def _excerpt(self, name: str, place: Place | None) -> Iterator[str]:
        """The line of the workflow, as far as its text is still there."""
        if place is None or not name:
            return
        from st2lang.commands.formats.excerpt import excerpt
        from st2lang.commands.report import display
        from st2lang.source import Span

        at = f"{printable(display(name))}:{place.line}:{place.column}"
        yield f"{self.paint('frame', '-->')} {at}"
        source = self._source(name)
        if source.text and not name.endswith(".json"):
            start = source.offset(place.line, place.column)
            end = source.offset(place.end_line, place.end_column)
            width = len(str(place.end_line))
            yield from excerpt(source, Span(start, end), self.paint, "error", "^", width)

    def _source(self, name: str) -> Source:
        from st2lang.commands.report import read_source

        if name not in self._sources:
            workflow = self.session.target.workflow
            known = workflow.source if workflow else None
            same = known is not None and known.text and known.path.replace("\\", "/") == name
            self._sources[name] = known if known and same else read_source(name)
        return self._sources[name]


def _place(step: Step) -> Place | None:
    """Where the fault is: the reference to an action that could not be started, else the task."""
    graph = step.parent.graph if step.parent is not None else None
    task = graph.tasks.get(step.task) if graph is not None and step.error else None
    if task is not None and task.action is not None and task.action.place is not None:
        return task.action.place
    return step.place


def _try(step: Step, attempt: int) -> tuple[Any, ...]:
    return (id(step.parent), step.seq, step.item, attempt)


def _told_elsewhere(error: Mapping[str, Any]) -> bool:
    """Whether an error only says that an action has failed: that is shown in full with the action."""
    return error.get("message") == _PLAIN and error.get("task_id") not in COMMANDS


def reasons(result: Any) -> Iterator[tuple[str, str]]:
    """Why an action has failed, as far as its result tells: what kind of text, and the text."""
    found = list(_reasons(result))
    if found:
        yield from found
    elif result not in (None, "", {}):
        yield "result", brief(result, 500)


def _reasons(result: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(result, Mapping):
        return
    own = result.get("result") if "exit_code" in result else None  # what a Python action says
    if own not in (None, "None", ""):
        yield "result", own if isinstance(own, str) else brief(own, 500)
    for name in ("error", "stderr"):
        text = result.get(name)
        if isinstance(text, str) and text.strip():
            yield name, text
    for host, part in result.items():  # of remote actions, by host
        if isinstance(part, Mapping) and (part.get("failed") or part.get("error")):
            for name, text in _reasons(part):
                yield f"{host}: {name}", text
    code, stdout = result.get("return_code", result.get("exit_code")), result.get("stdout")
    if code and not result.get("stderr"):
        yield f"exit code {code}", stdout if isinstance(stdout, str) else ""
    errors = result.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, Mapping) and error.get("message"):
            yield "error", str(error["message"])


def indented(columns: int, lines: Iterable[str]) -> Iterator[str]:
    """Lines further to the right."""
    for line in lines:
        yield " " * columns + line if line else ""


def yaml_lines(value: Any) -> list[str]:
    """Data as lines of YAML that cannot steer a terminal."""
    from st2runtime.rehearsal.data import to_yaml

    return [printable(line) for line in to_yaml(value).splitlines()]
