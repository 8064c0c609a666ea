"""The actions that a workflow file is the entry point of, and what their parameters are used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.document import Document
from st2lang.patterns import lazy

if TYPE_CHECKING:
    from st2lang.catalog import Action

_WORD = lazy(r"\w+")


def own_actions(document: Document) -> tuple[Action, ...]:
    """The actions whose metadata names this file as entry point, and a runner for its kind."""
    return tuple(a for a in document.actions if a.runner is not None and _runs(a, document.kind))


def _runs(action: Action, kind: str) -> bool:
    runner = action.runner
    return runner is not None and runner.name == kind


def own_parameters(action: Action) -> list[str]:
    """The parameters that reach the workflow: those of the runner do not."""
    runner = action.runner
    return [n for n in action.parameters if runner is None or n not in runner.parameters]


def used_in_metadata(action: Action) -> frozenset[str]:
    """The words in the metadata's own templates: a default may be made from another parameter."""
    pending: list[object] = [p.default for p in action.parameters.values()]
    pending.append(action.data.get("notify"))
    words: set[str] = set()
    while pending:
        value = pending.pop()
        if isinstance(value, str) and "{" in value:
            words.update(_WORD.findall(value))
        elif isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return frozenset(words)
