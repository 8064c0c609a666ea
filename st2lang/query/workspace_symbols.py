"""Finding tasks and actions of the workspace by a few letters of their names."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.query.symbol import Kind
from st2lang.query.workspace import Workspace
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document

_BEGINNINGS = frozenset("_-. ")


@record
class Found:
    """A task or an action: `container` is the workflow's file or the pack. An action is at the beginning of
    its metadata file (span 0:0)."""

    name: str
    kind: Kind
    container: str
    path: str
    span: Span


def find(query: str, workspace: Workspace, limit: int = 200) -> tuple[Found, ...]:
    """The tasks and actions whose name has the letters of a query in this order, the best match first.

    Of an action the whole reference counts. An empty query finds everything, up to `limit`.
    """
    query = query.casefold().strip()
    scored = (
        (-points, found.name, found.path, found)
        for found in (*_actions(workspace), *_tasks(workspace))
        if (points := score(query, found.name)) > 0
    )
    best = heapq.nsmallest(limit, scored, key=lambda entry: entry[:3])
    return tuple(entry[3] for entry in best)


def score(query: str, name: str) -> int:
    """How well a name answers a (case-folded) query; 0 when it has not all letters in this order.

    Letters in a row count more, and those that begin the name or a word in it.
    """
    folded = name.casefold()
    if not query:
        return 1
    at = folded.find(query)
    if at >= 0:
        begins = at == 0 or folded[at - 1] in _BEGINNINGS
        return 1000 * (2 if begins else 1) + (500 if folded == query else 0) - len(name)
    points, last = 100, -1
    for letter in query:
        at = folded.find(letter, last + 1)
        if at < 0:
            return 0
        if at == last + 1:
            points += 10
        elif at > 0 and folded[at - 1] in _BEGINNINGS:
            points += 8
        else:
            points -= min(at - last, 5)
        last = at
    return max(1, points)


def _actions(workspace: Workspace) -> Iterator[Found]:
    actions = workspace.catalog.actions() if workspace.catalog is not None else ()
    for action in actions:
        if action.path and workspace.owns(action.path):
            yield Found(action.ref, Kind.ACTION, action.pack, action.path, Span(0, 0))


def _tasks(workspace: Workspace) -> Iterator[Found]:
    for path in workspace.files():
        try:
            tasks = workspace.fact(path, tasks_of)
        except OSError:  # deleted a moment ago
            continue
        for name, span in tasks:
            yield Found(name, Kind.TASK, os.path.basename(path), path, span)


def tasks_of(document: Document) -> tuple[tuple[str, Span], ...]:
    """The tasks of a file with the places of their names. Cheap to keep for thousands of files."""
    workflow = document.workflow
    return (
        ()
        if workflow is None
        else tuple((t.name.text, t.name.span) for t in workflow.tasks.values())
    )
