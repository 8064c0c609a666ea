"""What of a file leads to another file: entry points, and references to actions that have one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.query import symbol as symbols
from st2lang.query.implementation import written_action
from st2lang.query.symbol import Kind
from st2lang.query.tree import root_of
from st2lang.query.workspace import Workspace
from st2lang.record import record
from st2lang.source import Span
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.document import Document


@record
class Link:
    """A piece of text that leads to a file; `tooltip` says what the file is."""

    span: Span
    path: str
    tooltip: str


def find(document: Document, workspace: Workspace | None = None) -> tuple[Link, ...]:
    """The links of a file in the order of the text."""
    workspace = workspace or Workspace.around(document)
    return tuple(
        sorted((*_entry_point(document, workspace), *_actions(document, workspace)), key=_at)
    )


def _at(link: Link) -> Span:
    return link.span


def _entry_point(document: Document, workspace: Workspace) -> Iterator[Link]:
    root = root_of(document)
    value = root.get("entry_point") if root is not None and document.kind == "action" else None
    if isinstance(value, Scalar) and value.value:
        action = written_action(document)
        path = workspace.entry_point(action)
        if path is not None:
            yield Link(value.locate(0, len(value.value)), path, f"What `{action.ref}` runs")


def _actions(document: Document, workspace: Workspace) -> Iterator[Link]:
    """References lead to the metadata: it says what the action takes, and where its code is."""
    if document.kind == "action":
        return
    for occurrence in symbols.occurrences(document):
        if occurrence.symbol.kind is Kind.ACTION:
            action = workspace.action(occurrence.symbol.name, document)
            if action is not None and action.path:
                yield Link(occurrence.span, action.path, f"The metadata of `{action.ref}`")
