"""Which of the places that set a variable have set it last when a string is evaluated."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from st2lang.dialects.model import Assignment, Name, Task
from st2lang.document import Document
from st2lang.flow import Flow
from st2lang.source import Span
from st2lang.symbols import Place, Role


def setters(document: Document, variable: str) -> Iterator[Name]:
    """Every name in the file that sets a variable, in the order of the file."""
    workflow = document.workflow
    if workflow is None:
        return
    tasks = workflow.publishing(variable)
    published = (a for t in tasks for p in (t.publish, *_publishes(t)) for a in p)
    for assignment in (*workflow.inputs, *workflow.vars, *published):
        if assignment.name.text == variable:
            yield assignment.name


def _publishes(task: Task) -> Iterator[tuple[Assignment, ...]]:
    return (transition.publish for transition in task.transitions)


def reaching(document: Document, variable: str, place: Place) -> tuple[Name, ...]:
    """The names that may have set a variable last when a place is evaluated, the nearest first.

    What is always overwritten on the way is left out. Empty where nothing that sets it leads to the place.
    """
    workflow = document.workflow
    if workflow is None:
        return ()
    if place.role is Role.INPUT:
        return _last(workflow.inputs[: place.index], variable)
    if place.role is Role.VARS:
        return _last((*workflow.inputs, *workflow.vars[: place.index]), variable)
    if place.task is None:
        return _at_the_end(document, variable)
    if place.role is Role.PUBLISH and place.transition is not None:
        earlier = _last(place.transition.publish[: place.index], variable)
        if earlier:
            return earlier
    return _backwards(document, variable, (place.task.name.text,))


def _last(assignments: Iterable[Assignment], variable: str) -> tuple[Name, ...]:
    names = [a.name for a in assignments if a.name.text == variable]
    return tuple(names[-1:])


def _at_the_end(document: Document, variable: str) -> tuple[Name, ...]:
    """For an output: from every way out of a task that leads to no other task."""
    workflow, flow = document.workflow, document.flow
    assert workflow is not None
    found: dict[Span, Name] = {}
    open_ends = []
    for task in flow.walk(flow.starts):
        going_on = {edge.index for edge in flow.out[task]}
        ends = [i for i in range(len(flow.outlines[task].exits)) if i not in going_on]
        for index in ends or (None,):
            last = _published(flow, task, index, variable)
            found.update((name.span, name) for name in last)
            if not last:
                open_ends.append(task)
    found.update((name.span, name) for name in _backwards(document, variable, open_ends))
    return tuple(found.values())


def _published(flow: Flow, name: str, index: int | None, variable: str) -> tuple[Name, ...]:
    """What sets the variable last on one way out of a task, its transition number `index` if there is one."""
    outline = flow.outlines[name]
    ways = () if index is None else (outline.exits[index].published,)
    if not any(variable in published for published in (outline.published, *ways)):
        return ()
    task = flow.workflow.tasks[name]
    own = () if index is None else task.transitions[index].publish
    return _last((*task.publish, *own), variable)


def _backwards(document: Document, variable: str, tasks: Iterable[str]) -> tuple[Name, ...]:
    """From some tasks against the edges, on each way up to the first place that sets the variable."""
    workflow, flow = document.workflow, document.flow
    assert workflow is not None
    found: dict[Span, Name] = {}
    queue = deque(dict.fromkeys(name for name in tasks if name in workflow.tasks))
    seen = set(queue)
    starts = frozenset(flow.starts)
    from_start = False
    while queue:
        task = queue.popleft()
        from_start = from_start or task in starts
        for edge in flow.into[task]:
            last = _published(flow, edge.source, edge.index, variable)
            if last:
                found.update((name.span, name) for name in last)
            elif edge.source not in seen:
                seen.add(edge.source)
                queue.append(edge.source)
    if from_start:
        last = _last((*workflow.inputs, *workflow.vars), variable)
        found.update((name.span, name) for name in last)
    return tuple(found.values())
