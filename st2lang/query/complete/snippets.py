"""Whole pieces of a workflow: a task, a transition, a loop, a file to begin with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain, count

from st2lang.query.complete import calls
from st2lang.query.complete.asking import Ask, Offers
from st2lang.query.complete.model import Hole, Idea, Parts, Sort
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import lines
from st2lang.query.complete.writing import is_plain

_EXPRESSIONS = {"yaql": ("<% ", " %>"), "jinja": ("{{ ", " }}")}


def offers(ask: Ask, slot: Slot) -> Offers:
    """Snippets that fit a place."""
    if slot.flow or slot.followed or slot.heads:
        return
    if slot.key:
        for idea in _of_keys(ask, slot):
            yield idea, slot.fresh
    elif not ask.trigger and slot.scalar is None and takes_expressions(ask, slot):
        yield _expression(ask), slot.fresh


def _of_keys(ask: Ask, slot: Slot) -> Iterator[Idea]:
    document, path = ask.document, slot.path
    unit = " " * ask.unit
    match document.kind, path:
        case "orquesta", ("tasks",):
            yield from _tasks(slot, unit)
        case "orquesta", ("tasks", _, "next", int()) if slot.alone:
            yield from _transitions(slot, unit)
        case "action-chain", ("chain", int()) if slot.alone:
            yield _snippet(slot, "node", "A node of the chain.", _node(unit))
        case "action", ("parameters",):
            text: Parts = (
                Hole(1, _unused("name", slot)),
                ":\n" + unit + "type: ",
                Hole(2, choices=_TYPES),
            )
            text = (*text, "\n" + unit + "description: ", Hole(3))
            yield _snippet(slot, "new parameter", "A parameter of the action.", text)
        case (("unknown" | "orquesta" | "action-chain" | "action" | "pack"), ()) if slot.alone:
            yield from _files(ask, slot, unit)


_TYPES = ("string", "integer", "number", "boolean", "array", "object")


def _snippet(slot: Slot, label: str, documentation: str, parts: Parts, rank: int = 4) -> Idea:
    parts = lines(parts, slot.column)
    return Idea(label, Sort.SNIPPET, parts, rank, "snippet", documentation, literal=True)


def _unused(name: str, slot: Slot) -> str:
    """A name that no other key of the mapping has."""
    numbered = (f"{name}_{number}" for number in count(2))
    return next(n for n in chain((name,), numbered) if n not in slot.taken)


def _tasks(slot: Slot, unit: str) -> Iterator[Idea]:
    name: Parts = (Hole(1, _unused("task_name", slot)), f":\n{unit}action: ", Hole(2, "core.noop"))
    yield _snippet(slot, "new task", "A task that runs an action.", name, rank=1)
    after: Parts = (
        f"\n{unit}next:\n{unit * 2}- when: <% succeeded() %>\n{unit * 2}  do: ",
        Hole(3, "noop"),
    )
    label = "new task with a transition"
    yield _snippet(slot, label, "A task, and what follows its success.", (*name, *after), rank=2)
    items: Parts = (f"\n{unit}with: ", Hole(3, "item"), " in <% ", Hole(4, "ctx().items"), " %>")
    yield _snippet(
        slot,
        "new task with items",
        "A task that runs its action once for each element of a list.",
        (*name, *items),
        rank=2,
    )


def _transitions(slot: Slot, unit: str) -> Iterator[Idea]:
    for label, condition in (("on success", "succeeded()"), ("on failure", "failed()")):
        parts: Parts = (f"when: <% {condition} %>\ndo: ", Hole(1, "noop"))
        yield _snippet(slot, label, f"A transition for when the task has {label[3:]}.", parts)
    publish: Parts = (
        f"when: <% succeeded() %>\npublish:\n{unit}- ",
        Hole(1, "name"),
        ": <% ",
        Hole(2, "result()"),
        " %>\ndo: ",
        Hole(3, "noop"),
    )
    yield _snippet(slot, "publish and go on", "A transition that sets a variable.", publish)


def _node(unit: str) -> Parts:
    return ("name: ", Hole(1, "node_name"), "\nref: ", Hole(2, "core.noop"))


def of_key(ask: Ask, slot: Slot, name: str) -> Parts | None:
    """A key with what mostly belongs to it; None where that is not known."""
    unit = " " * ask.unit
    match ask.document.kind, slot.path, name:
        case "orquesta", ("tasks", _), "with":
            return _with(unit)
        case ("orquesta", ("tasks", _), "retry") | ("action-chain", ("chain", _), "retry"):
            return (f"retry:\n{unit}count: ", Hole(1, "3"), f"\n{unit}delay: ", Hole(2, "10"))
        case "orquesta", ("tasks", _), "next":
            return (f"next:\n{unit}- when: <% succeeded() %>\n{unit}  do: ", Hole(1, "noop"))
        case "orquesta", ("tasks", _), "join":
            return ("join: all",)
        case "orquesta", (), "tasks":
            name_: Parts = (f"tasks:\n{unit}", Hole(1, "task_name"))
            return (*name_, f":\n{unit * 2}action: ", Hole(2, "core.noop"))
        case "orquesta", ("tasks", _, "next", _), "when":
            return ("when: <% ", Hole(1, choices=("succeeded()", "failed()", "completed()")), " %>")
        case ("orquesta", _, "publish" | "vars" | "output"):
            return (f"{name}:\n{unit}- ", Hole(1, "name"), ": ", Hole(2))
        case ("orquesta", (_, _), "input") | ("action-chain", (_, _), "parameters"):
            return _parameters(ask, slot, name, unit)
    return None


def _with(unit: str) -> Parts:
    items: Parts = (f"with:\n{unit}items: ", Hole(1, "item"), " in <% ")
    return (*items, Hole(2, "ctx().items"), " %>")


def _parameters(ask: Ask, slot: Slot, name: str, unit: str) -> Parts | None:
    """`input` with the parameters that the action requires."""
    from st2lang.query.complete.parameters import all_required, missing

    call = calls.at(ask.document, (*slot.path, name))
    action = calls.action_of(ask.document, call) if call is not None else None
    needed = missing(action, ()) if action is not None else []
    if not needed:
        return None
    return (f"{name}:\n{unit}", *lines(all_required(needed), len(unit)))


def takes_expressions(ask: Ask, slot: Slot) -> bool:
    """Whether an empty value is a place where one writes expressions."""
    path = slot.path
    if ask.document.workflow is None or len(path) < 2:
        return False
    section = path[0]
    if section in ("vars", "output"):
        return len(path) > 1 + ask.orquesta
    if section == "input":
        return len(path) > 2
    if section not in ("tasks", "chain") or len(path) < 3:
        return False
    if path[2] == "next":
        return path[4:5] == ("when",) or (path[4:5] == ("publish",) and len(path) > 6)
    if path[2] in ("delay", "with"):
        return ask.orquesta
    return len(path) > 3 and path[2] in ("input", "parameters", "params", "publish", "retry")


def _expression(ask: Ask) -> Idea:
    opening, closing = _EXPRESSIONS[ask.language]
    return Idea(
        f"{opening.strip()} {closing.strip()}",
        Sort.SNIPPET,
        (opening, Hole(1), closing),
        rank=6,
        detail="expression",
        documentation="A value that is worked out when the workflow runs.",
    )


def _files(ask: Ask, slot: Slot, unit: str) -> Iterator[Idea]:
    """What a new file may begin with."""
    kind = ask.document.kind
    if kind in ("orquesta", "unknown"):
        task: Parts = (f"tasks:\n{unit}", Hole(1, "task_name"), f":\n{unit * 2}action: ")
        parts: Parts = ("version: 1.0\n\n", *task, Hole(2, "core.noop"), "\n")
        yield _snippet(slot, "Orquesta workflow", "A new Orquesta workflow.", parts, rank=1)
    if kind in ("action-chain", "unknown"):
        node: Parts = (f"chain:\n{unit}- name: ", Hole(1, "node_name"), f"\n{unit}  ref: ")
        parts = (*node, Hole(2, "core.noop"), "\n")
        yield _snippet(slot, "ActionChain", "A new ActionChain.", parts, rank=1)
    if kind in ("action", "unknown"):
        yield _snippet(slot, "action metadata", "A new action.", _metadata(ask, unit), rank=1)
    if kind == "pack":
        fields = ("ref", "name", "description", "version", "author", "email")
        parts = tuple(
            part
            for i, name in enumerate(fields, 1)
            for part in (f"{name}: ", Hole(i, "1.0.0" if name == "version" else ""), "\n")
        )
        yield _snippet(slot, "pack metadata", "A new pack.", parts, rank=1)


def _metadata(ask: Ask, unit: str) -> Parts:
    stem = os.path.basename(ask.document.source.path).partition(".")[0]
    name = stem if is_plain(stem, False) and stem != "untitled" else ""
    return (
        "name: ",
        Hole(1, name or "action_name"),
        "\ndescription: ",
        Hole(2),
        "\nrunner_type: ",
        Hole(3, choices=("orquesta", "python-script", "local-shell-cmd", "local-shell-script")),
        "\nenabled: true\nentry_point: ",
        Hole(4),
        f"\nparameters:\n{unit}",
        Hole(0),
    )
