"""The parts of a workflow: each task, and what stands before and behind all of them.

Who asks about a place asks about one part of the file. The rest of a long file need not be gone through for that,
nor, after an edit, be read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang import symbols
from st2lang.query.tree import path_of
from st2lang.record import record
from st2lang.yaml import node_at

if TYPE_CHECKING:
    from st2lang.dialects.model import Task, Workflow
    from st2lang.document import Document
    from st2lang.symbols import Place

BEFORE, BEHIND = 0, -1
"""The numbers of the parts that are no task: inputs and vars; the output."""


@record
class Part:
    """One part; its `number` is its own among those of the workflow."""

    workflow: Workflow
    number: int
    task: Task | None = None

    def places(self) -> Iterator[Place]:
        """Its strings with expressions."""
        if self.task is not None:
            yield from symbols.places_in(self.task, self.workflow.orquesta)
        elif self.number == BEFORE:
            yield from symbols.places_before(self.workflow)
        else:
            yield from symbols.places_behind(self.workflow)


def of(workflow: Workflow) -> Iterator[Part]:
    """All parts, in the order in which they are read."""
    yield Part(workflow, BEFORE)
    for number, task in enumerate((*workflow.tasks.values(), *workflow.repeated), 1):
        yield Part(workflow, number, task)
    yield Part(workflow, BEHIND)


def near(document: Document, offset: int) -> Iterator[Part]:
    """The parts that what is written at an offset may belong to.

    That is one; all of them where aliases may bring it elsewhere, and in a chain, which is a list.
    """
    workflow = document.workflow
    if workflow is None:
        return
    if document.yaml.linked or not workflow.orquesta:
        yield from of(workflow)
        return
    path, _ = path_of(node_at(document.yaml, offset))
    section, name = path[:1], str(path[1]) if len(path) > 1 else ""
    if section == ("tasks",):
        if name in workflow.tasks:
            yield Part(workflow, list(workflow.tasks).index(name) + 1, workflow.tasks[name])
    else:
        yield Part(workflow, BEHIND if section == ("output",) else BEFORE)
