"""Where the thing under the cursor is defined.

A task: its key. A variable: every place that sets it, those first that are on a path to here. An item: its
name in `with`. An action: its metadata. A parameter, and an input where it is declared: the parameter in the
metadata. An `entry_point`: the file. Functions, commands and datastore keys are defined in no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.query import symbol as symbols
from st2lang.query.family import parameters_of
from st2lang.query.implementation import entry_point_at
from st2lang.query.reach import reaching, setters
from st2lang.query.rehearsals import is_rehearsal, workflow_of
from st2lang.query.symbol import Access, Kind, Occurrence, Symbol
from st2lang.query.target import Target
from st2lang.query.workspace import Workspace
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document


def find(document: Document, offset: int, workspace: Workspace | None = None) -> tuple[Target, ...]:
    """The definitions of what is at an offset, the likeliest first; empty when there are none."""
    workspace = workspace or Workspace.around(document)
    occurrence = symbols.at(document, offset)
    if occurrence is None:
        return entry_point_at(document, offset, workspace)
    if is_rehearsal(document):
        workflow = workflow_of(document, workspace)
        found = _in_file(workflow, occurrence.symbol) if workflow is not None else ()
        if found:
            return found
    match occurrence.symbol.kind:
        case Kind.TASK | Kind.OUTPUT | Kind.ITEM | Kind.LOCAL:
            return _in_file(document, occurrence.symbol)
        case Kind.VARIABLE:
            return _variable(document, occurrence, workspace)
        case Kind.PARAMETER:
            return parameter(occurrence.symbol, document, workspace)
        case Kind.ACTION:
            return action(occurrence.symbol.name, document, workspace)
    return ()


def _in_file(document: Document, symbol: Symbol) -> tuple[Target, ...]:
    found = symbols.definitions(document, symbol)
    return tuple(_target(document, o) for o in found if o.access is Access.DEFINE)


def _target(document: Document, occurrence: Occurrence, reaches: bool = True) -> Target:
    return Target(
        document.source.path, occurrence.extent.cover(occurrence.span), occurrence.span, reaches
    )


def _variable(
    document: Document, occurrence: Occurrence, workspace: Workspace
) -> tuple[Target, ...]:
    name = occurrence.symbol.name
    declared = tuple(
        t for s in parameters_of(document, name) for t in parameter(s, document, workspace)
    )
    if occurrence.access is not Access.READ:
        is_input = occurrence.path[:1] == ("input",)
        return declared if is_input and declared else (_target(document, occurrence),)
    first = reaching(document, name, occurrence.place) if occurrence.place is not None else ()
    order = {n.span: None for n in (*first, *setters(document, name))}
    reached = {n.span for n in first}
    written = {_start(o): o for o in symbols.definitions(document, occurrence.symbol)}
    found = tuple(
        _target(document, written[span], span in reached) for span in order if span in written
    )
    return found or declared


def _start(occurrence: Occurrence) -> Span:
    """The span that the model has for a name: of the whole scalar with its quotes, or of a part of it."""
    whole = (occurrence.start, occurrence.end) == (0, len(occurrence.scalar.value))
    return occurrence.scalar.span if whole else occurrence.span


def action(ref: str, document: Document, workspace: Workspace) -> tuple[Target, ...]:
    """The metadata of an action: its `name` where it has one, else the top of the file."""
    own = _in_file(document, Symbol(Kind.ACTION, ref))
    if own:
        return own
    metadata = _metadata(ref, document, workspace)
    if metadata is None:
        return ()
    named = symbols.definitions(metadata, Symbol(Kind.ACTION, ref))
    name = named[0].span if named else Span(0, 0)
    return (Target(metadata.source.path, Span(0, len(metadata.source.text)), name),)


def parameter(symbol: Symbol, document: Document, workspace: Workspace) -> tuple[Target, ...]:
    """A parameter in the metadata of its action; nothing for parameters of the runner."""
    own = _in_file(document, symbol)
    metadata = None if own else _metadata(symbol.owner, document, workspace)
    return _in_file(metadata, symbol) if metadata is not None else own


def _metadata(ref: str, document: Document, workspace: Workspace) -> Document | None:
    found = workspace.action(ref, document)
    return workspace.document(found.path) if found is not None and found.path else None
