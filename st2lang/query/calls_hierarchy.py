"""Who calls whom: task to task inside a workflow, workflow to sub-workflow across packs.

A task is called by the tasks whose transitions lead to it, a first task by the action of its workflow, an
action by the tasks, rules and aliases that name it. A task calls the tasks it leads to and the action it
runs; an action that is a workflow calls what its tasks run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang.query import cursor as cursors
from st2lang.query import symbol as symbols
from st2lang.query.family import own_actions
from st2lang.query.symbol import Kind, Occurrence, Symbol
from st2lang.query.tree import root_of
from st2lang.query.workspace import Workspace
from st2lang.record import record
from st2lang.source import Span
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.document import Document


@record
class Item:
    """A task, an action (with the reference as `name`), or a file that runs actions by itself (`kind` None).

    `path` is its file, `span` all of it there, `name_span` what to select.
    """

    kind: Kind | None
    name: str
    detail: str
    path: str
    span: Span
    name_span: Span


@record
class Call:
    """The other side of a call, and the places in the calling file where it is made."""

    item: Item
    spans: tuple[Span, ...]


def prepare(
    document: Document, offset: int, workspace: Workspace | None = None
) -> tuple[Item, ...]:
    """What the calls at an offset can be asked of: the task or action there, else the task around it, else
    the actions of the workflow."""
    workspace = workspace or Workspace.around(document)
    cursor = cursors.at(document, offset)
    symbol = cursor.symbol
    if symbol is not None and symbol.kind is Kind.TASK:
        return tuple(_task(document, symbol.name))
    if symbol is not None and symbol.kind is Kind.ACTION:
        return tuple(_by_ref(symbol.name, document, workspace))
    if cursor.task is not None:
        return tuple(_task(document, cursor.task.name.text))
    return tuple(i for action in own_actions(document) for i in _action(action, workspace))


def incoming(item: Item, workspace: Workspace) -> tuple[Call, ...]:
    """What calls a task or an action. Spans are places in the callers' files."""
    document = workspace.document(item.path)
    if document is None:
        return ()
    if item.kind is Kind.TASK:
        return tuple(_into_task(document, item.name, workspace))
    return tuple(_into_action(item.name, workspace)) if item.kind is Kind.ACTION else ()


def outgoing(item: Item, workspace: Workspace) -> tuple[Call, ...]:
    """What a task or an action calls. Spans are places in the file where the calls are written: of a
    workflow's action that is the workflow."""
    document = workspace.document(item.path)
    if document is None:
        return ()
    if item.kind is Kind.TASK:
        return tuple(_out_of_task(document, item.name, workspace))
    action = workspace.action(item.name, document) if item.kind is Kind.ACTION else None
    entry = workspace.entry_point(action) if action is not None else None
    workflow = workspace.document(entry) if entry else None
    return tuple(_runs(workflow, None, workspace)) if workflow is not None else ()


def _task(document: Document, name: str) -> Iterator[Item]:
    workflow = document.workflow
    task = workflow.tasks.get(name) if workflow is not None else None
    if task is None:
        return
    defined = symbols.definitions(document, Symbol(Kind.TASK, name))
    where = next(iter(defined), None)
    if where is not None:
        detail = task.action.text if task.action else ""
        span = where.extent.cover(where.span)
        yield Item(Kind.TASK, name, detail, _path(document), span, where.span)


def _path(document: Document) -> str:
    path = document.source.path
    return os.path.abspath(path) if path else ""


def _by_ref(ref: str, document: Document, workspace: Workspace) -> Iterator[Item]:
    action = workspace.action(ref, document)
    if action is not None:
        yield from _action(action, workspace)


def _action(action: Action, workspace: Workspace) -> Iterator[Item]:
    """An action that has a file."""
    metadata = workspace.document(action.path) if action.path else None
    if metadata is None:
        return
    named = symbols.definitions(metadata, Symbol(Kind.ACTION, action.ref))
    name = named[0].span if named else Span(0, 0)
    whole = Span(0, len(metadata.source.text))
    yield Item(Kind.ACTION, action.ref, action.runner_type, _path(metadata), whole, name)


def _into_task(document: Document, name: str, workspace: Workspace) -> Iterator[Call]:
    if document.workflow is None:  # it has become something else meanwhile
        return
    callers: dict[str, list[Span]] = {}
    flow = document.flow
    for edge in flow.into.get(name, ()):
        callers.setdefault(edge.source, []).append(edge.target.span)
    for source, spans in callers.items():
        for item in _task(document, source):
            yield Call(item, tuple(dict.fromkeys(spans)))
    if name in flow.starts:
        for action in own_actions(document):
            for item in _action(action, workspace):
                yield Call(item, _entry_point_span(item, workspace))


def _entry_point_span(item: Item, workspace: Workspace) -> tuple[Span, ...]:
    metadata = workspace.document(item.path)
    root = root_of(metadata) if metadata is not None else None
    value = root.get("entry_point") if root is not None else None
    return (value.span,) if isinstance(value, Scalar) else (item.name_span,)


def _into_action(ref: str, workspace: Workspace) -> Iterator[Call]:
    for user in workspace.mentioning(ref):
        found = symbols.of(user, Symbol(Kind.ACTION, ref))
        callers: dict[str, list[Span]] = {}
        for occurrence in found:
            callers.setdefault(_caller(user, occurrence), []).append(occurrence.span)
        for name, spans in callers.items():
            items = _task(user, name) if user.workflow is not None else _rule_or_alias(user)
            for item in items:
                yield Call(item, tuple(spans))


def _caller(document: Document, occurrence: Occurrence) -> str:
    """The task that an action is named in."""
    workflow = document.workflow
    tasks = (*workflow.tasks.values(), *workflow.repeated) if workflow is not None else ()
    found = (t.name.text for t in tasks if t.path == occurrence.path[: len(t.path)])
    return next(found, "")


def _rule_or_alias(document: Document) -> Iterator[Item]:
    """What runs an action without a workflow. (A policy names one, and runs nothing.)"""
    root = root_of(document)
    if root is None or "policy_type" in root:
        return
    named = root.get("name")
    whole = Span(0, len(document.source.text))
    if isinstance(named, Scalar) and named.value:
        folder = os.path.basename(os.path.dirname(_path(document)))
        yield Item(None, named.value, folder, _path(document), whole, named.span)


def _out_of_task(document: Document, name: str, workspace: Workspace) -> Iterator[Call]:
    if document.workflow is None:
        return
    called: dict[str, list[Span]] = {}
    for edge in document.flow.out.get(name, ()):
        called.setdefault(edge.to, []).append(edge.target.span)
    for target, spans in called.items():
        for item in _task(document, target):
            yield Call(item, tuple(dict.fromkeys(spans)))
    yield from _runs(document, (name,), workspace)


def _runs(document: Document, tasks: Iterable[str] | None, workspace: Workspace) -> Iterator[Call]:
    """The actions that some tasks (None: all) of a workflow run."""
    workflow = document.workflow
    called: dict[str, list[Span]] = {}
    for name, task in workflow.tasks.items() if workflow is not None else ():
        if task.action is not None and (tasks is None or name in tasks):
            called.setdefault(task.action.text, []).append(task.action.span)
    for ref, spans in called.items():
        for item in _by_ref(ref, document, workspace):
            yield Call(item, tuple(spans))
