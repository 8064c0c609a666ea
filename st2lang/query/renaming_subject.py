"""Is it ours to rename? Whether a thing is defined in files that may be changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from st2lang.patterns import lazy
from st2lang.query import symbol as symbols
from st2lang.query.family import Member, own_actions, own_parameters
from st2lang.query.symbol import Access, Kind, Symbol
from st2lang.query.used import ENGINE_NAMES
from st2lang.query.workspace import Workspace

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.document import Document

_WORD = lazy(r"\w+")

_FIXED = {
    Kind.COMMAND: "`{}` is a command to Orquesta, not a task",
    Kind.ENGINE: "`{}` is given by StackStorm",
    Kind.FUNCTION: "`{}` is a function of the language",
    Kind.KEY: "`{}` is a key of the datastore, which is in no file",
}

_READS_FILES = ("orquesta", "action-chain", "mistral-v2")
"""Runners whose entry point is read here, so that a parameter can be followed into it."""


def fixed(
    symbol: Symbol, document: Document, members: tuple[Member, ...], workspace: Workspace
) -> str:
    """Why a thing cannot be renamed whatever the new name is, "" when it can."""
    if symbol.kind in _FIXED:
        return _FIXED[symbol.kind].format(symbol.name)
    for member, part in members:
        reason = _of_action(part, member, workspace)
        if reason:
            return reason
    if not _is_defined(members):
        return _undefined(symbol, document, workspace)
    if symbol.kind is Kind.OUTPUT:
        return _used_elsewhere(symbol.name, document, workspace)
    for member, part in members:
        if part.kind is Kind.VARIABLE and _is_ambiguous(part.name, member):
            return f"`{symbol.name}` is also the name of something else in the same chain"
    own = os.path.abspath(document.source.path)
    for member, _ in members:
        path = os.path.abspath(member.source.path)
        if path != own and not workspace.owns(path):
            return f"`{symbol.name}` is also in {path}, which does not belong to the workspace"
    return ""


def _used_elsewhere(name: str, document: Document, workspace: Workspace) -> str:
    """Why an output cannot be renamed: a workflow that runs this one may use it by name."""
    own = os.path.abspath(document.source.path)
    for action in own_actions(document):
        runs = Symbol(Kind.ACTION, action.ref)
        for user in workspace.mentioning(action.ref):
            if os.path.abspath(user.source.path) == own or not symbols.of(user, runs):
                continue
            if name in _WORD.findall(user.source.text):
                file = os.path.basename(user.source.path)
                return f"{file} runs `{action.ref}` and may use its output `{name}`"
    return ""


def _is_ambiguous(name: str, document: Document) -> bool:
    """True for a variable of a chain that has the name of a node, or of what StackStorm gives."""
    workflow = document.workflow
    if workflow is None or workflow.orquesta:
        return False
    return name in workflow.tasks or name in ENGINE_NAMES


def _is_defined(members: tuple[Member, ...]) -> bool:
    kinds = (Access.DEFINE, Access.WRITE)
    return any(
        o.access is Access.DEFINE or (o.access in kinds and o.symbol.kind is Kind.VARIABLE)
        for member, part in members
        for o in symbols.of(member, part)
    )


def _undefined(symbol: Symbol, document: Document, workspace: Workspace) -> str:
    ref = symbol.owner if symbol.kind is Kind.PARAMETER else symbol.name
    if symbol.kind in (Kind.PARAMETER, Kind.ACTION):
        action = workspace.action(ref, document)
        if action is None:
            return f"the action `{ref}` is not known"
        if not action.path or symbol.kind is Kind.ACTION:
            return f"the action `{ref}` does not belong to the workspace"
        return f"`{symbol.name}` is no parameter of `{ref}`"
    never = "set" if symbol.kind is Kind.VARIABLE else "defined"
    return f"{symbol.kind.value} `{symbol.name}` is never {never} here"


def _of_action(symbol: Symbol, document: Document, workspace: Workspace) -> str:
    """What forbids to rename a parameter: that it is the runner's, or read by a script."""
    if symbol.kind is not Kind.PARAMETER:
        return ""
    action = workspace.action(symbol.owner, document)
    if action is None:
        return ""
    return _of_runner(symbol.name, action) or _of_script(symbol.name, action)


def _of_runner(name: str, action: Action) -> str:
    runner = action.runner
    if runner is not None and name in runner.parameters and name not in own_parameters(action):
        return f"`{name}` is a parameter of the runner `{runner.name}`"
    return ""


def _of_script(name: str, action: Action) -> str:
    runner = action.runner
    if not action.path or not action.entry_point or name not in action.parameters:
        return ""
    if runner is not None and runner.name in _READS_FILES:
        return ""
    return f"`{name}` is read by {action.entry_point}, which is not changed with it"
