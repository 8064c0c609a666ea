"""Which variables can be used at a place, how certain they are, and who sets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from st2lang.dialects.model import Assignment, Piece, Task, Transition, Workflow
from st2lang.dialects.tasks import Tasks
from st2lang.expressions.embedded import Text
from st2lang.problem import SpecPath
from st2lang.query._memo import per_document
from st2lang.record import field, record
from st2lang.symbols import Place, Role
from st2lang.yaml import Scalar, Style

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.cursor import Cursor

T = TypeVar("T")


@record
class Source:
    """Something that gives a value to a variable.

    `kind` is "input", "vars", "output", "publish" (by the task of a name), "parameter" (of the action whose metadata runs the chain), "result" (of the node `task`) or "engine".
    """

    kind: str
    task: str = ""
    find: Callable[[], Assignment] | None = field(compare=False, default=None)

    @property
    def assignment(self) -> Assignment | None:
        """What is written there, when something is. Reads the task."""
        return None if self.find is None else self.find()

    @property
    def words(self) -> str:
        """Where the value comes from, in a few words."""
        match self.kind:
            case "publish":
                return f"published by `{self.task}`"
            case "result":
                return f"result of `{self.task}`"
            case "engine":
                return "given by StackStorm"
            case "parameter":
                return "parameter of the action"
            case kind:
                return kind


@record
class Visible:
    """A variable at a place. `certain`: set on every way there. `reaches`: set on some way there."""

    name: str
    certain: bool
    reaches: bool
    sources: tuple[Source, ...]

    @property
    def words(self) -> str:
        """Where its values come from, in one line."""
        words = list(dict.fromkeys(source.words for source in self.sources))
        shown = ", ".join(word.replace("`", "") for word in words[:3])
        return shown + (", …" if len(words) > 3 else "")


def standing(cursor: Cursor) -> Place:
    """Where an expression stands that is typed at a cursor: its role, task and turn. Its text is empty."""
    workflow = cursor.document.workflow
    assert workflow is not None
    role = _role(cursor.path, workflow)
    scalar = cursor.scalar or Scalar("", Style.PLAIN, cursor.offset, cursor.offset, "")
    piece = Piece(scalar, 0, 0, cursor.path)
    task = cursor.task if role not in (Role.INPUT, Role.VARS, Role.OUTPUT) else None
    transition = cursor.transition if role in (Role.WHEN, Role.PUBLISH) else None
    index = _turn(_among(workflow, role, task, transition), cursor)
    return Place(piece, Text("", ()), role, workflow.orquesta, task, transition, index)


_ROLES = {
    "action": Role.ACTION,
    "ref": Role.ACTION,
    "with": Role.ITEMS,
    "delay": Role.DELAY,
    "retry": Role.RETRY,
    "publish": Role.PUBLISH,
    "notify": Role.NOTIFY,
}


def _role(path: SpecPath, workflow: Workflow) -> Role:
    section = path[0] if path else ""
    if section in ("input", "vars", "output"):
        return Role({"input": Role.INPUT, "vars": Role.VARS, "output": Role.OUTPUT}[str(section)])
    if len(path) > 4 and path[2] == "next":
        return Role.PUBLISH if path[4] == "publish" else Role.WHEN
    found = _ROLES.get(str(path[2]), Role.PARAMETER) if len(path) > 2 else Role.PARAMETER
    return found if workflow.orquesta or found is not Role.ITEMS else Role.PARAMETER


def _among(
    workflow: Workflow, role: Role, task: Task | None, transition: Transition | None
) -> tuple[Assignment, ...]:
    """The assignments among which a place has its turn."""
    match role:
        case Role.INPUT:
            return workflow.inputs
        case Role.VARS:
            return workflow.vars
        case Role.OUTPUT:
            return workflow.output
        case Role.PUBLISH if transition is not None:
            return transition.publish
        case Role.PUBLISH if task is not None:
            return task.publish
        case _:
            return ()


def _turn(assignments: tuple[Assignment, ...], cursor: Cursor) -> int:
    begun = [a for a in assignments if a.name.span.start < cursor.offset]
    if not begun:
        return 0
    last = begun[-1]
    inline = last.value is not None and last.value.inline is not None
    if inline and last.value is not None and last.value.span.end < cursor.offset:
        return len(begun)  # a further one that is not finished yet
    return len(begun) - 1


def visible(document: Document, place: Place) -> tuple[Visible, ...]:
    """The variables that an expression at a place may use, the certain ones first, else as in the file.

    At a task that nothing leads to (yet) those that are set elsewhere follow, as `reaches=False`: it may
    be a task that is just being written.
    """
    known = sources(document)
    seen = _seen(document, place)
    names = dict.fromkeys((*document.flow.names(seen[0]), *known))
    found = [
        v for name in names if (v := _variable(document, place, seen, name, known.get(name, ())))
    ]
    order = {name: i for i, name in enumerate(known)}
    last = len(order)
    return tuple(
        sorted(found, key=lambda v: (not v.reaches, not v.certain, order.get(v.name, last), v.name))
    )


def visible_as(document: Document, place: Place, name: str) -> Visible | None:
    """The variable of a name among those that are `visible` at a place."""
    return _variable(document, place, _seen(document, place), name, sources_of(document, name))


def _seen(document: Document, place: Place) -> tuple[int, int]:
    """What may and what must be set at a place, as masks; at one that cannot be reached, what always is."""
    workflow, flow = document.workflow, document.flow
    assert workflow is not None
    if not workflow.orquesta and place.role is Role.VARS:
        return flow.engine, flow.engine
    return document.scope.at(place) or (flow.base, flow.base)


def _variable(
    document: Document, place: Place, seen: tuple[int, int], name: str, given: tuple[Source, ...]
) -> Visible | None:
    workflow, flow = document.workflow, document.flow
    assert workflow is not None
    (may, must), bit = seen, flow.bit(name)
    if may & bit:
        if place.role is Role.OUTPUT and any(
            a.name.text == name for a in workflow.output[: place.index]
        ):
            given = (Source("output"), *given)
        return Visible(name, bool(must & bit), True, given or (Source("engine"),))
    own = place.task.name.text if place.task is not None and not workflow.orquesta else ""
    if given and (workflow.orquesta or name != own) and _is_loose(document, place):
        return Visible(name, False, False, given)
    return None


def _is_loose(document: Document, place: Place) -> bool:
    """Whether ways into the task of a place may still be missing."""
    if place.task is None:
        return False
    flow, name = document.flow, place.task.name.text
    return name not in flow.into or not flow.into[name] or name not in flow.reachable


def sources_of(document: Document, name: str) -> tuple[Source, ...]:
    """Everything that gives a value to one variable, without reading the tasks that do not."""
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return sources(document).get(name, ())
    found = [*_outside(workflow)]
    for task in workflow.tasks.publishers.get(name, ()):
        found += _published(task, workflow.tasks)
    return tuple(source for variable, source in found if variable == name)


@per_document
def sources(document: Document) -> dict[str, tuple[Source, ...]]:
    """Everything that gives a value to a variable, by its name, in the order of the file."""
    found: dict[str, list[Source]] = {}
    for name, source in _sources(document):
        found.setdefault(name, []).append(source)
    return {name: tuple(given) for name, given in found.items()}


def _sources(document: Document) -> Iterator[tuple[str, Source]]:
    workflow = document.workflow
    if workflow is None:
        return
    if not workflow.orquesta:
        for action in document.actions:
            for name in action.all_parameters:
                yield name, Source("parameter")
    yield from _outside(workflow)
    for name in workflow.tasks:
        if not workflow.orquesta:
            yield name, Source("result", name)
        yield from _published(name, workflow.tasks)
    for task in workflow.repeated:
        again = Tasks({task.name.text: (task.node, partial(_itself, task))})
        yield task.name.text, Source("result", task.name.text)
        yield from _published(task.name.text, again)


def _outside(workflow: Workflow) -> Iterator[tuple[str, Source]]:
    for kind, assignments in (("input", workflow.inputs), ("vars", workflow.vars)):
        for assignment in assignments:
            yield assignment.name.text, Source(kind, find=partial(_itself, assignment))


def _published(name: str, tasks: Tasks) -> Iterator[tuple[str, Source]]:
    outline = tasks.outlines[name]
    ways = ((None, outline.published), *enumerate(way.published for way in outline.exits))
    for index, published in ways:
        for turn, variable in enumerate(published):
            yield variable, Source("publish", name, partial(_assignment, tasks, name, index, turn))


def _itself(found: T) -> T:
    return found


def _assignment(tasks: Tasks, name: str, index: int | None, turn: int) -> Assignment:
    task = tasks[name]
    return (task.publish if index is None else task.transitions[index].publish)[turn]
