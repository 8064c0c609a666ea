"""Renaming: tasks, variables with the inputs and parameters that they are, items, outputs, actions.

A rename is refused rather than done by halves. First the new name is judged (a valid name, not taken, not
reserved), then whether every use can be told. At last the edits are tried: the changed files are read again,
and every name must mean what it meant before. What passes changes nothing but the name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from st2lang.problem import Edit
from st2lang.query import blind, renaming_text
from st2lang.query import symbol as symbols
from st2lang.query.family import Member, family
from st2lang.query.renaming_names import refused
from st2lang.query.renaming_subject import fixed
from st2lang.query.symbol import Kind, Occurrence, Symbol
from st2lang.query.workspace import Workspace
from st2lang.record import record, replace
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document


@record
class Ready:
    """A rename is possible: `span` is what is renamed, `placeholder` the name so far."""

    span: Span
    placeholder: str


@record
class Refusal:
    """A rename is not possible; `reason` says why, for people, without a full stop."""

    reason: str


@record
class Renamed:
    """The edits that rename a thing: for each file its path and its edits in the order of the text."""

    files: tuple[tuple[str, tuple[Edit, ...]], ...]


def prepare(document: Document, offset: int, workspace: Workspace | None = None) -> Ready | Refusal:
    """Whether what is at an offset can be renamed, and what exactly would be."""
    workspace = workspace or Workspace.around(document)
    occurrence = symbols.at(document, offset)
    if occurrence is None:
        return Refusal("nothing that has a name stands here")
    members = family(occurrence.symbol, document, workspace)
    reason = fixed(occurrence.symbol, document, members, workspace) or _untold(members, document)
    if reason:
        return Refusal(reason)
    name = _name(occurrence.symbol)
    return Ready(occurrence.scalar.locate(*renaming_text.name_range(occurrence, name)), name)


def rename(
    document: Document, offset: int, new_name: str, workspace: Workspace | None = None
) -> Renamed | Refusal:
    """The edits that give what is at an offset another name, over all files that know it."""
    workspace = workspace or Workspace.around(document)
    ready = prepare(document, offset, workspace)
    occurrence = symbols.at(document, offset)
    if isinstance(ready, Refusal) or occurrence is None:
        return ready if isinstance(ready, Refusal) else Refusal("nothing stands here")
    if new_name == ready.placeholder:
        return Renamed(())
    members = family(occurrence.symbol, document, workspace)
    reason = refused(new_name, members, workspace)
    return Refusal(reason) if reason else _edited(members, ready.placeholder, new_name)


def _edited(members: tuple[Member, ...], old: str, new: str) -> Renamed | Refusal:
    files: dict[str, tuple[Document, list[Occurrence], dict[Symbol, Symbol]]] = {}
    for document, symbol in members:
        path = os.path.abspath(document.source.path)
        _, occurrences, renamed = files.setdefault(path, (document, [], {}))
        occurrences += symbols.of(document, symbol)
        renamed[symbol] = _with_name(symbol, new)
    result = []
    for document, occurrences, renamed in files.values():
        edits = renaming_text.edits(occurrences, old, new)
        wrong = renaming_text.changed_meaning(document, renamed, edits)
        if wrong:
            return Refusal(wrong)
        if edits:
            result.append((document.source.path, edits))
    return Renamed(tuple(result))


def _untold(members: Iterable[Member], asked: Document) -> str:
    """Why not every use can be told, "" when it can."""
    for document, symbol in members:
        shared = symbols.shared(document)
        for occurrence in symbols.of(document, symbol):
            if occurrence.span in shared:
                line = _line(document, occurrence.span, asked)
                return f"{line} stands for other things too, through an alias"
        for spot in blind.spots(document, symbol):
            line = _line(document, spot.span, asked)
            return f"it cannot be told whether `{symbol.name}` is meant: {line} {spot.why}"
    return ""


def _line(document: Document, span: Span, asked: Document) -> str:
    """`line 3`, and of which file when that is another one."""
    line = f"line {document.source.position(span.start).line}"
    if document is asked:
        return line
    return f"{line} of {os.path.basename(document.source.path)}"


def _name(symbol: Symbol) -> str:
    """What is renamed: of an action the name without the pack."""
    return symbol.name.partition(".")[2] if symbol.kind is Kind.ACTION else symbol.name


def _with_name(symbol: Symbol, name: str) -> Symbol:
    if symbol.kind is Kind.ACTION:
        name = f"{symbol.name.partition('.')[0]}.{name}"
    return replace(symbol, name=name)
