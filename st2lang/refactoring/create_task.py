"""Creates a task that something goes to and that is not there yet, behind the last one.

It gets the action `core.noop`, to be replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from st2lang.dialects.model import Name
from st2lang.dialects.orquesta import TASK_METHODS
from st2lang.query.complete.writing import key
from st2lang.query.extent import of_node
from st2lang.query.written import is_dynamic
from st2lang.refactoring import QUICKFIX, Asked, Change, Offer, Refactoring, _layout
from st2lang.refactoring._tasks import blocks
from st2lang.yaml import Mapping, Sequence

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.problem import Edit

CHECKS = ("undefined-task", "undefined-default")
ACTION = "core.noop"


def offers(asked: Asked) -> Iterator[Offer]:
    """One for each name at the place that no task has."""
    found = blocks(asked.document)
    if len(found) != 1:
        return
    names = {n.text: n for n in _targets(asked.document) if asked.touches(n.span)}
    for name in names.values():
        edit = _edit(asked.document, found[0], name.text)
        if edit is not None:
            answers = tuple(p for p in asked.problems if p.check in CHECKS and p.span == name.span)
            title = f"Create the task `{name.text}`"
            yield Offer(title, partial(Change, (edit,)), answers)


def _targets(document: Document) -> Iterator[Name]:
    """Names of tasks that are not there, each where it is gone to."""
    workflow = document.workflow
    if workflow is None:
        return
    written = [t for task in workflow.tasks.values() for o in task.transitions for t in o.targets]
    if workflow.default is not None:
        written.append(workflow.default)
    for name in written:
        known = name.text in workflow.tasks or name.text in document.flow.commands
        unfit = workflow.orquesta and (name.text in TASK_METHODS or "," in name.text)
        if known or unfit or is_dynamic(name.text) or not name.text.isprintable():
            continue
        if name.text:
            yield name


def _edit(document: Document, block: Mapping | Sequence, name: str) -> Edit | None:
    if isinstance(block, Mapping):
        written = key(name, block.flow)
        if block.flow:
            return _layout.into_flow(document, block, f"{written}: {{action: {ACTION}}}")
        if not block.entries:
            return None
        lines = [f"{written}:", f"{_layout.indent(document)}action: {ACTION}"]
        start = block.entries[0].key.start
    else:
        if block.flow or not block.items:
            return None
        inner = _layout.column_of(document, block.items[0].start)
        start = block.start
        depth = inner - _layout.column_of(document, start)
        if not 2 <= depth <= 8:  # the first item begins on a line of its own
            depth = 2
        dash = "-" + " " * (depth - 1)
        lines = [f"{dash}name: {key(name)}", f"{' ' * depth}ref: {ACTION}"]
    if _apart(document, block):
        lines = ["", *lines]
    return _layout.below(document, block.end, lines, _layout.column_of(document, start))


def _apart(document: Document, block: Mapping | Sequence) -> bool:
    """Whether the file has a blank line between its tasks."""
    parts = [e.key for e in block.entries] if isinstance(block, Mapping) else list(block.items)
    text = document.source.text
    for before, after in pairwise(parts):
        start = before.start if isinstance(block, Mapping) else of_node(text, before).end
        lines = text[start : after.start].replace("\r\n", "\n").split("\n")
        if len(lines) > 2 and not lines[-2].strip():
            return True
    return False


REFACTORING = Refactoring(
    "create-task",
    QUICKFIX,
    "Create the task that is gone to.",
    offers,
)
