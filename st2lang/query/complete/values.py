"""Values of which the shape of the file knows all: enumerations, runners, files, names of the pack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from st2lang.query import shapes
from st2lang.query.complete import calls
from st2lang.query.complete.asking import Ask, Offers
from st2lang.query.complete.model import Hole, Idea, Parts, Sort
from st2lang.query.complete.parameters import value_offer
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import within
from st2lang.query.complete.writing import key

if TYPE_CHECKING:
    from st2lang.catalog import Action

_DEPTH = 4
_MOST = 300
_SKIPPED = frozenset({"node_modules", "venv", "virtualenvs", "__pycache__", "lib"})
_ENDINGS = {
    "orquesta": (".yaml", ".yml"),
    "action-chain": (".yaml", ".yml", ".json"),
    "python-script": (".py",),
}
"""What files runners run have for an ending; other runners run anything."""


def offers(ask: Ask, slot: Slot) -> Offers:
    """The values that a place may have."""
    kind, path = ask.document.kind, slot.path
    if kind == "orquesta" and len(path) == 2 and path[0] == "input":
        yield from _inputs(ask, slot)
    if slot.key:
        return
    if kind == "action" and len(path) == 1:
        yield from _of_metadata(ask, slot, str(path[0]))
    shape = shapes.at(kind, path)
    if shape is None or (kind == "orquesta" and path[-1:] == ("join",)):
        return
    for value in shapes.values(shape):
        yield from value_offer(slot, value)


def _of_metadata(ask: Ask, slot: Slot, name: str) -> Offers:
    document = ask.document
    match name:
        case "runner_type":
            from st2lang.catalog import builtin

            for runner in builtin.runner_names():
                found = builtin.runner(runner)
                words = f"{len(found.parameters)} parameters" if found is not None else ""
                yield from value_offer(slot, runner, words, Sort.RUNNER)
        case "entry_point":
            runner = calls.text_at(document, ("runner_type",))
            for path in entry_points(document.source.path, runner):
                yield from _path_offers(slot, path)
        case "pack":
            home = document.catalog.home if document.catalog is not None else None
            if home is not None:
                yield from value_offer(slot, home.ref, "this pack")
        case "name":
            stem = os.path.basename(document.source.path).partition(".")[0]
            if stem:
                yield from value_offer(slot, stem, "the name of this file")


def _path_offers(slot: Slot, path: str) -> Offers:
    idea = Idea(path, Sort.FILE, rank=2)
    if slot.scalar is None:
        yield idea, slot.fresh
    elif slot.offset <= slot.scalar.end:
        yield idea, within(slot, 0, len(slot.scalar.value))


def entry_points(metadata: str, runner: str) -> list[str]:
    """The files below the folder of a metadata file that its runner could run, relative to it."""
    folder = os.path.dirname(os.path.abspath(metadata)) if metadata else ""
    if os.path.basename(folder) != "actions":
        return []
    endings = _ENDINGS.get(runner)
    found = []
    for path in files(folder, _DEPTH):
        relative = os.path.relpath(path, folder).replace(os.sep, "/")
        is_metadata = "/" not in relative and relative.endswith((".yaml", ".yml", ".json"))
        if not is_metadata and (endings is None or relative.endswith(endings)):
            found.append(relative)
        if len(found) >= _MOST:
            break
    return found


def files(folder: str, depth: int) -> Iterator[str]:
    """The paths of the files below a folder, in order, so many levels deep."""
    try:
        with os.scandir(folder) as entries:
            here = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in here:
        if entry.name.startswith(".") or entry.name in _SKIPPED:
            continue
        if entry.is_file():
            yield entry.path
        elif depth and entry.is_dir(follow_symlinks=False):
            yield from files(entry.path, depth - 1)


def _inputs(ask: Ask, slot: Slot) -> Offers:
    """The parameters of the workflow's own metadata that its `input` does not list yet."""
    workflow = ask.document.workflow
    listed = {a.name.text for a in workflow.inputs} if workflow is not None else set()
    typed = slot.scalar.value if slot.scalar is not None else ""
    if slot.key and slot.followed:
        return
    for action in ask.document.actions:
        for name, parameter in action.parameters.items():
            if name in listed - {typed} or (slot.key and not parameter.has_default):
                continue
            yield from _input(slot, name, parameter.default if slot.key else None, action)


def _input(slot: Slot, name: str, default: Any, action: Action) -> Offers:
    parameter = action.parameters[name]
    detail = f"parameter of {action.ref}"
    if slot.key:
        written = key(name, slot.flow)
        parts: Parts = (f"{written}:",) if slot.heads else (f"{written}: ", Hole(1))
        shown = f"{name}: …"
        idea = Idea(shown, Sort.PARAMETER, parts, 4, detail, parameter.description, literal=True)
        yield idea, slot.fresh
        return
    idea = Idea(name, Sort.PARAMETER, rank=2, detail=detail, documentation=parameter.description)
    if slot.scalar is None:
        yield idea, slot.fresh
    elif slot.offset <= slot.scalar.end and " " not in slot.scalar.value:
        yield idea, within(slot, 0, len(slot.scalar.value))
