"""The names of a workflow that a rehearsal file (a test of it, `docs/rehearsals.md`) mentions.

A rehearsal names tasks where it mocks them and where it says what is expected, inputs where it gives them,
outputs where it compares them. They are the workflow's: going to a definition leads there, and a rename takes
the rehearsals along.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.dialects.orquesta import ENGINE_COMMANDS
from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.query.symbol import Access, Kind, Occurrence, Symbol
from st2lang.query.tree import root_of
from st2lang.yaml import Mapping, Node, Scalar, Sequence, deref, walk

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.workspace import Workspace

_RUN = lazy(r"(?P<task>.+?)(?:__[rt]\d+)?")
"""A task, a run of it on a route (`task__r1`), or a transition of it (`task__t0`)."""

_RUNS = ("expected_task_sequence", "expected_term_tasks", "expected_routes")
_LISTS = ("mock_action_executions", "expected_errors", "rerun_tasks")
_TASK_KEYS = ("task_id", "task_transition_id")


def is_rehearsal(document: Document) -> bool:
    """True for a file that names a workflow and says what its actions give or what should come of it."""
    root = root_of(document)
    if (
        root is None
        or document.kind not in ("unknown", "rehearsal")
        or root.get("workflow") is None
    ):
        return False
    keys = (key.value for key, _ in root.items())
    return any(key.startswith("expected_") or key == _LISTS[0] for key in keys)


def workflow_of(document: Document, workspace: Workspace) -> Document | None:
    """The workflow that a rehearsal is of: its path begins in the pack, beside the pack, or beside the file."""
    root = root_of(document) if is_rehearsal(document) else None
    written = root.get("workflow") if root is not None else None
    if not isinstance(written, Scalar) or not document.source.path:
        return None
    home = document.catalog.home if document.catalog is not None else None
    pack = home.path if home is not None else ""
    beside = os.path.dirname(os.path.abspath(document.source.path))
    for folder in dict.fromkeys((pack, os.path.dirname(pack), beside)):
        path = os.path.normpath(os.path.join(folder, written.value)) if folder else ""
        found = workspace.document(path) if path else None
        if found is not None and found.workflow is not None:
            return found
    return None


def of_workflow(document: Document, workspace: Workspace) -> Iterator[Document]:
    """The rehearsals of a workflow, as far as the packs of the workspace have them in `tests`."""
    path = os.path.abspath(document.source.path) if document.source.path else ""
    for rehearsal in workspace.tests_mentioning(os.path.basename(path)) if path else ():
        workflow = workflow_of(rehearsal, workspace)
        if workflow is not None and os.path.abspath(workflow.source.path) == path:
            yield rehearsal


def names(document: Document) -> Iterator[Occurrence]:
    """Every name in a rehearsal, in no particular order."""
    root = root_of(document) if is_rehearsal(document) else None
    if root is None:
        return
    for key in _RUNS:
        value = root.get(key)
        for path, node in walk(value, (key,)) if value is not None else ():
            yield from _task(node, path)
    for key in _LISTS:
        for path, entry in _entries(root.get(key), (key,)):
            for name in _TASK_KEYS:
                yield from _task(entry.get(name), (*path, name))
            yield from _whole(Kind.ACTION, entry.get("action"), (*path, "action"))
    yield from _keys(Kind.VARIABLE, root.get("inputs"), ("inputs",), Access.WRITE)
    yield from _output(root.get("expected_output"), ("expected_output",))


def _entries(node: Node | None, path: SpecPath) -> Iterator[tuple[SpecPath, Mapping]]:
    target = deref(node) if node is not None else None
    for i, item in enumerate(target.items if isinstance(target, Sequence) else ()):
        entry = deref(item)
        if isinstance(entry, Mapping):
            yield (*path, i), entry


def _task(node: Node | None, path: SpecPath) -> Iterator[Occurrence]:
    match = _RUN.fullmatch(node.value) if isinstance(node, Scalar) and node.is_string else None
    if match is not None and isinstance(node, Scalar):
        name = match["task"]
        kind = Kind.COMMAND if name in ENGINE_COMMANDS else Kind.TASK
        yield from _named(Symbol(kind, name), node, len(name), path, Access.READ)


def _whole(kind: Kind, node: Node | None, path: SpecPath) -> Iterator[Occurrence]:
    if isinstance(node, Scalar) and node.is_string:
        symbol = Symbol(kind, node.value)
        yield from _named(symbol, node, len(node.value), path, Access.READ)


def _keys(kind: Kind, node: Node | None, path: SpecPath, access: Access) -> Iterator[Occurrence]:
    target = deref(node) if node is not None else None
    for key, _ in target.items() if isinstance(target, Mapping) else ():
        symbol = Symbol(kind, key.value)
        yield from _named(symbol, key, len(key.value), (*path, key.value), access)


def _output(node: Node | None, path: SpecPath) -> Iterator[Occurrence]:
    """Outputs by name; of a chain what it has published and the tasks that ran."""
    target = deref(node) if node is not None else None
    if not isinstance(target, Mapping):
        return
    published, tasks = target.get("published"), target.get("tasks")
    if isinstance(published, Mapping) or isinstance(tasks, Sequence):
        yield from _keys(Kind.VARIABLE, published, (*path, "published"), Access.READ)
        for here, entry in _entries(tasks, (*path, "tasks")):
            yield from _task(entry.get("name"), (*here, "name"))
    yield from _keys(Kind.OUTPUT, node, path, Access.READ)


def _named(
    symbol: Symbol, scalar: Scalar, length: int, path: SpecPath, access: Access
) -> Iterator[Occurrence]:
    if length:
        span = scalar.locate(0, length)
        yield Occurrence(symbol, span, access, scalar, 0, length, path, span)
