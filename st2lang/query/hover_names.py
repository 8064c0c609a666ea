"""Named things in words, as they are where they are named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from st2lang import functions, types
from st2lang.functions.record import Kind as FunctionKind
from st2lang.query import describe as words
from st2lang.query import tasks, variables
from st2lang.query.describe import code, paragraphs, type_words
from st2lang.query.family import parameters_of
from st2lang.query.rehearsals import is_rehearsal, workflow_of
from st2lang.query.results import inference
from st2lang.query.symbol import Access, Kind, Occurrence
from st2lang.query.variables import Source
from st2lang.query.words import CHAIN_CONTEXT, COMMANDS
from st2lang.types import ANY

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.workspace import Workspace

_RESULTS = frozenset({"result"})


def describe(document: Document, found: Occurrence, workspace: Workspace) -> str:
    """Markdown about what an occurrence names; "" where nothing is known."""
    symbol = found.symbol
    if is_rehearsal(document) and symbol.kind in (Kind.TASK, Kind.VARIABLE, Kind.OUTPUT):
        workflow = workflow_of(document, workspace)
        return "" if workflow is None else _of_workflow(workflow, found, workspace)
    match symbol.kind:
        case Kind.COMMAND:
            return words.command(symbol.name) if symbol.name in COMMANDS else ""
        case Kind.ENGINE:
            return (
                words.given(symbol.name) if symbol.name in CHAIN_CONTEXT else _engine(symbol.name)
            )
        case Kind.ACTION:
            return _action(document, symbol.name, workspace)
        case Kind.PARAMETER:
            return _parameter(document, found, workspace)
        case Kind.KEY:
            return _key(document, symbol.name, workspace)
        case Kind.FUNCTION:
            return _function(document, found)
        case Kind.ITEM | Kind.LOCAL:
            return _item(document, found) if symbol.kind is Kind.ITEM else _local(symbol.name)
    return _of_workflow(document, found, workspace)


def _of_workflow(document: Document, found: Occurrence, workspace: Workspace) -> str:
    """A task, a variable or an output of a workflow."""
    name = found.symbol.name
    match found.symbol.kind:
        case Kind.TASK:
            return tasks.describe(document, name)
        case Kind.OUTPUT:
            return _output(document, name)
    return _variable(document, found, workspace)


def _engine(name: str) -> str:
    return paragraphs([f"**{name}**", "Given by StackStorm."])


def _action(document: Document, ref: str, workspace: Workspace) -> str:
    action = workspace.action(ref, document)
    if action is None:
        return ""
    return words.action(action, workspace.shown(action.path) if action.path else "")


def _parameter(document: Document, found: Occurrence, workspace: Workspace) -> str:
    ref, name = found.symbol.owner, found.symbol.name
    if document.kind == "action":
        from st2lang.query.written import action_of

        own = action_of(document)
        parameter = own.parameters.get(name)
        return words.parameter_text(parameter, own) if parameter is not None else ""
    action = workspace.action(ref, document)
    parameter = action.all_parameters.get(name) if action is not None else None
    if action is None or parameter is None:
        return ""
    return paragraphs([words.parameter_text(parameter, action), f"Parameter of {code(ref)}"])


def _variable(document: Document, found: Occurrence, workspace: Workspace) -> str:
    workflow, name = document.workflow, found.symbol.name
    if workflow is None:
        return ""
    known: tuple[Source, ...] = variables.sources_of(document, name)
    note = ""
    if found.access is Access.READ and found.place is not None:
        here = variables.visible_as(document, found.place, name)
        if here is not None:
            known = here.sources
            note = "" if here.certain or not here.reaches else "Not set on every way to here."
        elif known:
            note = "Not set on any way to here."
    if not known:
        return ""
    about = [
        parameter.description
        for symbol in parameters_of(document, name)
        if (action := workspace.action(symbol.owner, document)) is not None
        and (parameter := action.parameters.get(name)) is not None
    ]
    return words.variable(document, name, known, paragraphs([*dict.fromkeys(about), note]))


def _output(document: Document, name: str) -> str:
    workflow = document.workflow
    assignments = workflow.output if workflow is not None else ()
    given = [a for a in assignments if a.name.text == name]
    if not given:
        return ""
    kind = types.join_all(
        inference(document).type_of(a.value) if a.value is not None else types.NULL for a in given
    )
    head = f"**{name}**" + (f": {type_words(kind)}" if kind != ANY else "")
    lines = [words.written(document, a.value) for a in given if a.value is not None]
    return paragraphs([head, "Output of the workflow.", "\n".join(f"- {t}" for t in lines if t)])


def _item(document: Document, found: Occurrence) -> str:
    workflow, name = document.workflow, found.symbol.name
    task = workflow.tasks.get(found.symbol.owner) if workflow is not None else None
    if task is None or task.items is None:
        return ""
    from st2lang.symbols import Use

    kind = inference(document).lookup(task)(Use.ITEM, name)
    head = f"**{name}**" + (f": {type_words(kind)}" if kind != ANY else "")
    items = task.items.items
    listed = words.written(document, items) if items is not None else ""
    origin = f" of {listed}" if listed else ""
    return paragraphs([head, f"Item of the task {code(task.name.text)}, one{origin}."])


def _local(name: str) -> str:
    return paragraphs([f"**{name}**", "Bound in this text."])


def _key(document: Document, name: str, workspace: Workspace) -> str:
    from st2lang.query.complete.datastore import keys_in, pack_files

    scope = name.partition(".")[0]
    about = "Everybody shares it." if scope == "system" else ""
    about = "It belongs to the user who runs the action." if scope == "user" else about
    own = os.path.abspath(document.source.path) if document.source.path else ""
    home = document.catalog.home if document.catalog is not None else None
    files = pack_files(home.path) if home is not None and home.path else ()
    users = [p for p in files if p != own and name in keys_in(workspace.text(p))]
    lines = [f"- {code(workspace.shown(path))}" for path in users[:8]]
    more = [f"- and {len(users) - 8} more"] if len(users) > 8 else []
    used = "Also used in:\n" + "\n".join([*lines, *more]) if lines else ""
    return paragraphs([f"**{name}** (datastore key)", about, used])


def _function(document: Document, found: Occurrence) -> str:
    language, _, kind = found.symbol.owner.partition(" ")
    if language not in functions.LANGUAGES:
        return ""
    record = functions.lookup(language, found.symbol.name, FunctionKind(kind))
    if record is None:
        return ""
    task = found.place.task if found.place is not None else None
    own = words.result(document, task) if task and record.name in _RESULTS else ""
    return paragraphs([words.function(record), own])
