"""What a rehearsal file (`docs/rehearsals.md`) takes from the workflow that it is of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang.query import receivers, results
from st2lang.query.complete.asking import Ask, Offers
from st2lang.query.complete.calls import text_at
from st2lang.query.complete.model import Hole, Idea, Parts, Sort
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import within
from st2lang.query.complete.values import files
from st2lang.query.complete.writing import key
from st2lang.query.describe import type_words
from st2lang.query.rehearsals import workflow_of
from st2lang.query.words import COMMANDS

if TYPE_CHECKING:
    from st2lang.document import Document

_DEPTH = 4
_FOLDERS = ("workflows", "chains")
_Named = Iterator[tuple[str, str, str]]
"""Names with what they are and what there is to say about them."""


def offers(ask: Ask, slot: Slot) -> Offers:
    """Names of the workflow's tasks, inputs and outputs, and the workflows that there are."""
    if ask.document.kind != "rehearsal" or not slot.path:
        return
    if slot.path == ("workflow",):
        if not slot.key:
            yield from _values(slot, Sort.FILE, ((path, "", "") for path in _workflows(ask)))
        return
    workflow = workflow_of(ask.document, ask.workspace)
    if workflow is None:
        return
    if slot.key:
        yield from _keys(slot, _names_of_keys(ask, workflow, slot))
    elif _is_task(slot):
        yield from _values(slot, Sort.TASK, _tasks(workflow))
        if slot.path[0] == "expected_task_sequence":
            yield from _values(
                slot, Sort.COMMAND, ((n, "engine command", about) for n, about in COMMANDS.items())
            )


def _is_task(slot: Slot) -> bool:
    match slot.path:
        case ("mock_action_executions" | "expected_errors" | "rerun_tasks", int(), "task_id"):
            return True
        case ("expected_task_sequence" | "expected_term_tasks", int()):
            return True
    return False


def _names_of_keys(ask: Ask, workflow: Document, slot: Slot) -> _Named:
    model = workflow.workflow
    assert model is not None
    match slot.path:
        case ("inputs",):
            for assignment in model.inputs:
                yield assignment.name.text, "input of the workflow", ""
            for action in workflow.actions:
                for name, parameter in action.parameters.items():
                    yield name, f"parameter of {action.ref}", parameter.description
        case ("expected_output",):
            for assignment in model.output:
                yield assignment.name.text, "output of the workflow", ""
        case ("mock_action_executions", int(number), "result"):
            name = text_at(ask.document, ("mock_action_executions", number, "task_id"))
            task = model.tasks.get(name)
            kind = results.type_of(workflow, task) if task is not None else None
            for field, part in receivers.members(kind) if kind is not None else ():
                yield field, type_words(part), ""


def _tasks(workflow: Document) -> _Named:
    assert workflow.workflow is not None
    for name, task in workflow.workflow.tasks.items():
        yield name, task.action.text if task.action is not None else "", ""


def _workflows(ask: Ask) -> Iterator[str]:
    """The workflow files of the pack, from its folder."""
    home = ask.document.catalog.home if ask.document.catalog is not None else None
    for folder in _FOLDERS if home is not None and home.path else ():
        assert home is not None
        for path in files(os.path.join(home.path, "actions", folder), _DEPTH):
            if path.endswith((".yaml", ".yml")):
                yield os.path.relpath(path, home.path).replace(os.sep, "/")


def _values(slot: Slot, sort: Sort, names: Iterable[tuple[str, str, str]]) -> Offers:
    for name, detail, documentation in names:
        idea = Idea(name, sort, rank=2, detail=detail, documentation=documentation)
        if slot.scalar is None:
            yield idea, slot.fresh
        elif slot.offset <= slot.scalar.end:
            yield idea, within(slot, 0, len(slot.scalar.value))


def _keys(slot: Slot, names: Iterable[tuple[str, str, str]]) -> Offers:
    for name, detail, documentation in names:
        if name in slot.taken:
            continue
        written = key(name, slot.flow)
        parts: Parts = (f"{written}:",) if slot.heads else (f"{written}: ", Hole(1))
        parts = (written,) if slot.followed else parts
        yield (
            Idea(name, Sort.PARAMETER, parts, 2, detail, documentation, literal=True),
            slot.fresh,
        )
