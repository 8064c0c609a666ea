"""Names of tasks where a workflow goes on: `do`, `on-success`, `on-failure`, `default`; counts in `join`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.problem import SpecPath
from st2lang.query.complete.asking import Ask, Offers, Target
from st2lang.query.complete.model import Idea, Sort
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import node_at_path, within
from st2lang.query.words import COMMANDS
from st2lang.yaml import Scalar, Sequence, deref

if TYPE_CHECKING:
    from st2lang.dialects.model import Task

_STOPS = ","


def offers(ask: Ask, slot: Slot) -> Offers:
    """Tasks to go to, and how many to wait for."""
    workflow = ask.document.workflow
    if workflow is None or slot.key:
        return
    if is_target(slot.path, workflow.orquesta):
        target, taken = _word(slot) if workflow.orquesta else (_whole(slot), frozenset[str]())
        if target is not None:
            for idea in _names(ask, taken | _in_list(ask, slot.path)):
                yield idea, target
    elif workflow.orquesta and len(slot.path) == 3 and slot.path[2] == "join":
        target = _whole(slot)
        if target is not None:
            for idea in _joins(ask):
                yield idea, target


def is_target(path: SpecPath, orquesta: bool) -> bool:
    """Whether a value is the name of a task to go to (in a list of them, too)."""
    if not orquesta:
        if len(path) == 3:
            return path[0] == "chain" and path[2] in ("on-success", "on-failure")
        return path == ("default",)
    return (
        len(path) in (5, 6)
        and path[0] == "tasks"
        and path[2] == "next"
        and path[4] == "do"
        and (len(path) == 5 or isinstance(path[5], int))
    )


def _whole(slot: Slot) -> Target | None:
    if slot.scalar is None:
        return slot.fresh
    return within(slot, 0, len(slot.scalar.value)) if slot.offset <= slot.scalar.end else None


def _word(slot: Slot) -> tuple[Target | None, frozenset[str]]:
    """The name that the cursor is on in a comma list, and the others in it."""
    scalar = slot.scalar
    if scalar is None:
        return slot.fresh, frozenset()
    value = scalar.value if slot.offset <= scalar.end else slot.typed
    at = len(slot.typed)
    start = value.rfind(_STOPS, 0, at) + 1
    start += len(value[start:at]) - len(value[start:at].lstrip())
    stop = value.find(_STOPS, at)
    end = len(value) if stop < 0 else stop
    end = max(at, start + len(value[start:end].rstrip()))
    word = value[start:end]
    if any(c in word for c in " \n\t<{%"):
        return None, frozenset()
    others = (part.strip() for part in (value[:start] + value[end:]).split(_STOPS))
    if slot.offset > scalar.end:
        if word or not value.rstrip().endswith(_STOPS):
            return None, frozenset()
        start = end = len(scalar.value)
    return within(slot, start, end), frozenset(filter(None, others))


def _in_list(ask: Ask, path: SpecPath) -> frozenset[str]:
    """The other names of a list that an item belongs to."""
    if not isinstance(path[-1], int):
        return frozenset()
    node = node_at_path(ask.document, path[:-1])
    items = node.items if isinstance(node, Sequence) else ()
    found = (deref(item) for i, item in enumerate(items) if i != path[-1])
    return frozenset(node.value for node in found if isinstance(node, Scalar))


def _names(ask: Ask, taken: frozenset[str]) -> Iterator[Idea]:
    """Tasks that nothing leads to first, then the others as in the file, the own one, the commands."""
    document, own = ask.document, ask.cursor.task
    workflow = document.workflow
    assert workflow is not None
    flow = document.flow
    behind = False
    loose = [n for n in workflow.tasks if not flow.into[n] and _is_behind(ask, n)]
    for name, task in workflow.tasks.items():
        is_own = own is not None and name == own.name.text
        behind = behind or is_own
        if name in taken or name in flow.commands or not name:
            continue
        rank = 6 if is_own else 2 if name in loose else 3
        yield Idea(
            name,
            Sort.TASK,
            rank=rank,
            detail=_detail(task),
            topic=("task", name),
            preselect=loose == [name],
        )
    for name, text in COMMANDS.items() if workflow.orquesta else ():
        if name not in taken:
            yield Idea(name, Sort.COMMAND, rank=7, detail="engine command", documentation=text)


def _is_behind(ask: Ask, name: str) -> bool:
    """Whether a task stands behind the cursor, as the next one mostly does."""
    workflow = ask.document.workflow
    assert workflow is not None
    return workflow.tasks[name].name.span.start > ask.cursor.offset


def _detail(task: Task) -> str:
    return task.action.text if task.action is not None else ""


def _joins(ask: Ask) -> Iterator[Idea]:
    task = ask.cursor.task
    inbound = ask.document.flow.inbound_tasks(task.name.text) if task is not None else ()
    names = ", ".join(inbound)
    noun = "task leads" if len(inbound) == 1 else "tasks lead"
    yield Idea(
        "all",
        Sort.VALUE,
        rank=1,
        detail=f"{len(inbound)} {noun} here" if inbound else "wait for every inbound task",
        documentation=f"Wait for {names}." if names else "",
        literal=True,
    )
    for count in range(1, len(inbound)):
        yield Idea(
            str(count), Sort.VALUE, rank=2, detail=f"any {count} of {len(inbound)}", literal=True
        )
