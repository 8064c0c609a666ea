"""What a file consists of: its sections, tasks with their transitions, variables, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from st2lang.dialects.model import Assignment, Task, Transition, Workflow
from st2lang.query import extent
from st2lang.query.tree import root_of
from st2lang.record import record
from st2lang.source import Span
from st2lang.yaml import Entry, Mapping, Node, Scalar, Sequence, deref

if TYPE_CHECKING:
    from st2lang.document import Document

_LONGEST = 80


class Sort(Enum):
    """What an item of an outline is."""

    SECTION = "section"
    TASK = "task"
    TRANSITION = "transition"
    INPUT = "input"
    VARIABLE = "variable"
    OUTPUT = "output"
    PARAMETER = "parameter"
    PROPERTY = "property"


@record
class Item:
    """One item: `span` is all of it, `name_span` what to select (it lies in `span`). `detail` says more on
    one line: what a task runs, where a transition leads. Children lie in their parent's span."""

    name: str
    sort: Sort
    detail: str
    span: Span
    name_span: Span
    children: tuple[Item, ...] = ()


def find(document: Document) -> tuple[Item, ...]:
    """The outline of a file: its keys at the top with what is below those that matter, in the file's order."""
    root = root_of(document)
    if root is None:
        return ()
    builder = _Builder(document.source.text, document.workflow)
    return tuple(item for entry in root.entries for item in builder.top(entry))


class _Builder:
    def __init__(self, text: str, workflow: Workflow | None) -> None:
        self.text = text
        self.workflow = workflow

    def top(self, entry: Entry) -> Iterator[Item]:
        """An entry at the top of the file."""
        key = deref(entry.key)
        if not isinstance(key, Scalar):
            return
        children: Iterable[Item] = ()
        workflow = self.workflow
        match key.value:
            case "input" if workflow:
                children = self._assigned(workflow.inputs, Sort.INPUT)
            case "vars" if workflow:
                children = self._assigned(workflow.vars, Sort.VARIABLE)
            case "output" if workflow:
                children = self._assigned(workflow.output, Sort.OUTPUT)
            case "tasks" if workflow and workflow.orquesta:
                children = self._tasks(entry.value, workflow)
            case "chain" if workflow and not workflow.orquesta:
                children = self._nodes(entry.value, workflow)
            case "parameters" if not workflow:
                children = self._parameters(entry.value)
        yield self._item(entry, Sort.SECTION, Sort.PROPERTY, tuple(children))

    def _item(
        self, entry: Entry, sort: Sort, empty: Sort, children: tuple[Item, ...], detail: str = ""
    ) -> Item:
        key = deref(entry.key)
        name = key.value if isinstance(key, Scalar) else "?"
        span = extent.of_entry(self.text, entry)
        shown = detail or self._detail(entry.value)
        inside = self._inside(span, children)
        return Item(name, sort if children else empty, shown, span, entry.key.span, inside)

    def _inside(self, span: Span, children: Iterable[Item]) -> tuple[Item, ...]:
        """The children that are written in their parent; an alias brings others from elsewhere."""
        return tuple(c for c in children if span.start <= c.span.start and c.span.end <= span.end)

    def _detail(self, value: Node) -> str:
        target = deref(value)
        if isinstance(target, Scalar) and not target.is_null:
            return _line(target.value)
        return ""

    def _assigned(self, assignments: Iterable[Assignment], sort: Sort) -> Iterator[Item]:
        for assignment in assignments:
            name, value = assignment.name, assignment.value
            end = name.span.end
            detail = ""
            if value is not None:
                if value.span.start >= end:
                    end = extent.trimmed(self.text, value.span.start, value.span.end).end
                detail = _line(value.inline.text) if value.inline else self._detail(value.node)
            yield Item(name.text, sort, detail, Span(name.span.start, end), name.span)

    def _tasks(self, block: Node, workflow: Workflow) -> Iterator[Item]:
        target = deref(block)
        for entry in target.entries if isinstance(target, Mapping) else ():
            key = deref(entry.key)
            task = workflow.tasks.get(key.value) if isinstance(key, Scalar) else None
            if task is None:
                continue
            children = tuple(self._transitions(task))
            detail = task.action.text if task.action else ""
            yield self._item(entry, Sort.TASK, Sort.TASK, children, detail)

    def _transitions(self, task: Task) -> Iterator[Item]:
        block = task.node.get("next") if isinstance(task.node, Mapping) else None
        items = block.items if isinstance(block, Sequence) else ()
        for transition in task.transitions:
            if transition.index < len(items):
                span = extent.of_node(self.text, items[transition.index])
                children = self._assigned(transition.publish, Sort.VARIABLE)
                yield Item(
                    _condition(transition),
                    Sort.TRANSITION,
                    _targets(transition),
                    span,
                    transition.span if transition.span.end <= span.end else span,
                    self._inside(span, children),
                )

    def _nodes(self, block: Node, workflow: Workflow) -> Iterator[Item]:
        for task in (*workflow.tasks.values(), *workflow.repeated):
            span = extent.of_node(self.text, task.node)
            detail = task.action.text if task.action else ""
            ways = [
                Item(f"on-{t.outcome}", Sort.TRANSITION, _targets(t), t.span, t.span)
                for t in task.transitions
            ]
            children = sorted(
                (*self._assigned(task.publish, Sort.VARIABLE), *ways), key=lambda i: i.span
            )
            yield Item(
                task.name.text,
                Sort.TASK,
                detail,
                span,
                task.name.span,
                self._inside(span, children),
            )

    def _parameters(self, block: Node) -> Iterator[Item]:
        target = deref(block)
        for entry in target.entries if isinstance(target, Mapping) else ():
            if isinstance(deref(entry.key), Scalar):
                detail = _type(deref(entry.value))
                yield self._item(entry, Sort.PARAMETER, Sort.PARAMETER, (), detail)


def _condition(transition: Transition) -> str:
    when = transition.when
    node = deref(when.node) if when is not None else None
    return _line(node.value) if isinstance(node, Scalar) and node.value else "always"


def _targets(transition: Transition) -> str:
    names = ", ".join(target.text for target in transition.targets)
    return f"→ {names}" if names else ""


def _type(schema: Node) -> str:
    """What a parameter takes, in a few words."""
    if not isinstance(schema, Mapping):
        return ""
    kind, required = schema.get("type"), schema.get("required")
    words = [kind.value] if isinstance(kind, Scalar) and kind.value else []
    if isinstance(required, Scalar) and required.data is True:
        words.append("required")
    return ", ".join(words)


def _line(text: str) -> str:
    """The first line of a text, shortened."""
    first = text.strip().partition("\n")[0].strip()
    if first != text.strip() or len(first) > _LONGEST:
        return f"{first[: _LONGEST - 1]}…"
    return first
