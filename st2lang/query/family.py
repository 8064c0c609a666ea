"""What belongs together across files.

A parameter of an action is a key in its metadata, a key where tasks, rules and aliases pass it, and, when the
action is a workflow, a variable in there. An action is a name in its metadata and a reference wherever it
is run. `family` gives all the files with the symbol that the thing is in each of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.query import symbol as symbols
from st2lang.query.rehearsals import of_workflow, workflow_of
from st2lang.query.symbol import Kind, Symbol
from st2lang.query.workspace import Workspace

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.document import Document

Member = tuple["Document", Symbol]


def own_actions(document: Document) -> tuple[Action, ...]:
    """The actions that a workflow file is the entry point of, with a runner for its kind."""
    return tuple(a for a in document.actions if a.runner and a.runner.name == document.kind)


def own_parameters(action: Action) -> tuple[str, ...]:
    """The parameters that reach the workflow: those of the runner do not."""
    runner = action.runner
    return tuple(n for n in action.parameters if runner is None or n not in runner.parameters)


def parameters_of(document: Document, name: str) -> tuple[Symbol, ...]:
    """The parameters that give a variable of a workflow its value, one for each action that runs it."""
    workflow = document.workflow
    if workflow is None:
        return ()
    if workflow.orquesta:
        if not any(assignment.name.text == name for assignment in workflow.inputs):
            return ()
    elif name in workflow.tasks:
        return ()
    return tuple(
        Symbol(Kind.PARAMETER, name, action.ref)
        for action in own_actions(document)
        if name in own_parameters(action)
    )


def family(symbol: Symbol, document: Document, workspace: Workspace) -> tuple[Member, ...]:
    """Every file with an occurrence of a thing, with what the thing is there; `document` first."""
    found: dict[tuple[str, Symbol], Member] = {_key(document, symbol): (document, symbol)}
    workflow = workflow_of(document, workspace) if symbol.kind in _OF_WORKFLOW else None
    if workflow is not None:
        found.setdefault(_key(workflow, symbol), (workflow, symbol))
    pending = list(found.values())
    seen: set[Symbol] = set()
    while pending:
        current = pending.pop(0)
        related: list[Member] = list(_rehearsed(*current, workspace))
        for parameter in _parameters(*current):
            if parameter not in seen:
                seen.add(parameter)
                related += _members(parameter, document, workspace)
        for member in related:
            if _key(*member) not in found:
                found[_key(*member)] = member
                pending.append(member)
    return tuple(found.values())


_OF_WORKFLOW = frozenset({Kind.TASK, Kind.VARIABLE, Kind.OUTPUT})


def _parameters(document: Document, symbol: Symbol) -> tuple[Symbol, ...]:
    """What an occurrence stands for in other files: a parameter, an action."""
    if symbol.kind is Kind.VARIABLE:
        return parameters_of(document, symbol.name)
    return (symbol,) if symbol.kind in (Kind.PARAMETER, Kind.ACTION) else ()


def _rehearsed(document: Document, symbol: Symbol, workspace: Workspace) -> Iterator[Member]:
    """The rehearsals of a workflow that mention one of its tasks, inputs or outputs."""
    workflow = document.workflow
    if workflow is None or symbol.kind not in _OF_WORKFLOW:
        return
    inside = workflow.orquesta and all(a.name.text != symbol.name for a in workflow.inputs)
    if not (symbol.kind is Kind.VARIABLE and inside):
        for rehearsal in of_workflow(document, workspace):
            if symbols.of(rehearsal, symbol):
                yield rehearsal, symbol


def _key(document: Document, symbol: Symbol) -> tuple[str, Symbol]:
    return os.path.abspath(document.source.path), symbol


def _members(symbol: Symbol, document: Document, workspace: Workspace) -> Iterator[Member]:
    """The files that an action, or a parameter of one, is named in."""
    ref = symbol.name if symbol.kind is Kind.ACTION else symbol.owner
    action = workspace.action(ref, document)
    if action is not None and action.path:
        metadata = workspace.document(action.path)
        if metadata is not None:
            yield metadata, symbol
        entry = workspace.entry_point(action)
        workflow = workspace.document(entry) if entry and symbol.kind is Kind.PARAMETER else None
        if workflow is not None and symbol in parameters_of(workflow, symbol.name):
            yield workflow, Symbol(Kind.VARIABLE, symbol.name)
    for user in (*workspace.mentioning(ref), *workspace.tests_mentioning(ref)):
        if symbols.of(user, symbol):
            yield user, symbol
