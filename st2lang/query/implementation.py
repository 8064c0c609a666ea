"""From an action to the file that it runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from st2lang.query import symbol as symbols
from st2lang.query.symbol import Kind
from st2lang.query.target import Target
from st2lang.query.tree import path_of, root_of
from st2lang.query.workspace import Workspace
from st2lang.query.written import action_of
from st2lang.record import replace
from st2lang.source import Span
from st2lang.yaml import Scalar, node_at

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.document import Document


def find(document: Document, offset: int, workspace: Workspace | None = None) -> tuple[Target, ...]:
    """The entry point of the action at an offset: a workflow, a script. Empty when there is none."""
    workspace = workspace or Workspace.around(document)
    occurrence = symbols.at(document, offset)
    if occurrence is None:
        return entry_point_at(document, offset, workspace)
    if occurrence.symbol.kind is not Kind.ACTION:
        return ()
    if document.kind == "action":
        return entry_point(written_action(document), workspace)
    action = workspace.action(occurrence.symbol.name, document)
    return entry_point(action, workspace) if action is not None else ()


def entry_point(action: Action, workspace: Workspace) -> tuple[Target, ...]:
    """The file that an action runs, at its beginning."""
    path = workspace.entry_point(action)
    return (Target(path, Span(0, 0), Span(0, 0)),) if path else ()


def written_action(document: Document) -> Action:
    """The action that an open metadata file describes, saved or not."""
    action = action_of(document)
    return replace(action, path=os.path.abspath(document.source.path))


def entry_point_at(document: Document, offset: int, workspace: Workspace) -> tuple[Target, ...]:
    """The file that the `entry_point` at an offset of a metadata file names."""
    if document.kind != "action" or root_of(document) is None:
        return ()
    around = node_at(document.yaml, offset)
    path, is_key = path_of(around)
    if path != ("entry_point",) or is_key or not isinstance(around[-1], Scalar):
        return ()
    return entry_point(written_action(document), workspace)
