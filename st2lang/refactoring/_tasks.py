"""Tasks as they stand in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.dialects.model import Task
from st2lang.refactoring import _layout
from st2lang.yaml import Mapping, Node, Scalar, Sequence, deref

if TYPE_CHECKING:
    from st2lang.document import Document


def is_own(document: Document, task: Task) -> bool:
    """True for a task whose mapping is written where the task is, so that editing it changes it alone."""
    node = task.node
    if not isinstance(node, Mapping) or node.anchor is not None or not node.entries:
        return False
    written = [
        item
        for block in blocks(document)
        for item in (
            [e.value for e in block.entries] if isinstance(block, Mapping) else block.items
        )
    ]
    return any(item is node for item in written)


def action_of(document: Document, task: Task) -> Scalar | None:
    """The name of the action of an Orquesta task, where it is written in its place and nothing else refers to it."""
    node = task.node
    if not isinstance(node, Mapping) or not is_own(document, task):
        return None
    entry = _layout.own(node, "action")
    if entry is None or not isinstance(entry.value, Scalar):
        return None
    return entry.value if _layout.is_plainly_written(entry.value) else None


def blocks(document: Document) -> tuple[Mapping | Sequence, ...]:
    """What holds the tasks: the mapping `tasks` or the list `chain`, when it is written in its place."""
    workflow = document.workflow
    if workflow is None:
        return ()
    name = "tasks" if workflow.orquesta else "chain"
    values: list[Node] = [
        e.value for e in workflow.root.entries if getattr(e.key, "value", "") == name
    ]
    found = [node for node in values if node is deref(node)]
    return tuple(n for n in found if isinstance(n, Mapping | Sequence))
