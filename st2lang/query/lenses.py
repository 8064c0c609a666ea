"""What can be done with a workflow and its tasks, and where an editor offers it: above the first line, above tasks."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING

from st2lang.query import references, rehearsals
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.workspace import Workspace


class Lens(Enum):
    """What is offered."""

    RUN = "run"
    TEST = "test"
    REFERENCES = "references"
    RUN_TO_HERE = "run to here"


@record
class Offered:
    """One thing at a place; `task` is the name of the task that it is about, "" for the workflow."""

    lens: Lens
    span: Span
    task: str = ""


def find(document: Document, workspace: Workspace) -> Iterator[Offered]:
    """Everything that is offered in a file: nothing in one that is neither a workflow nor a test of one."""
    workflow = document.workflow
    if workflow is None:
        if rehearsals.is_rehearsal(document):
            yield Offered(Lens.TEST, _first(document))
        return
    yield Offered(Lens.RUN, _first(document))
    if next(rehearsals.of_workflow(document, workspace), None) is not None:
        yield Offered(Lens.TEST, _first(document))
    for task in workflow.tasks.values():
        name = task.name.text
        yield Offered(Lens.REFERENCES, task.name.span, name)
        yield Offered(Lens.RUN_TO_HERE, task.name.span, name)


def _first(document: Document) -> Span:
    """The first key of the file."""
    assert document.root is not None
    return Span(document.root.start, document.root.start)


def uses(document: Document, task: str, workspace: Workspace) -> int | None:
    """How often a task is referred to; None when it is not there any more."""
    workflow = document.workflow
    found = workflow.tasks.get(task) if workflow is not None else None
    if found is None:
        return None
    return len(references.find(document, _inside(found.name.span), workspace, declarations=False))


def _inside(span: Span) -> int:
    return (span.start + span.end) // 2


def tests_of(document: Document, workspace: Workspace) -> tuple[str, ...]:
    """The paths of the rehearsals that a file is, or that there are of a workflow."""
    if rehearsals.is_rehearsal(document):
        return (document.source.path,)
    return tuple(one.source.path for one in rehearsals.of_workflow(document, workspace))
