"""What an editor may write between the lines: types of what is published, how many tasks a join waits for."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING

from st2lang.query import describe as words
from st2lang.query.complete.model import Topic
from st2lang.query.describe import code
from st2lang.query.kinds import assumed
from st2lang.query.results import inference
from st2lang.record import record
from st2lang.source import Span
from st2lang.types import ANY
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.dialects.model import Assignment, Task, Workflow
    from st2lang.document import Document

_LONGEST = 40


class Sort(Enum):
    """What a hint tells; each can be turned off by itself."""

    TYPE = "types"
    JOIN = "joins"


@record
class Hint:
    """A few words at an offset. `topic` is what `tooltip` tells more about."""

    offset: int
    text: str
    sort: Sort
    topic: Topic = ()


def find(document: Document, within: Span | None = None) -> tuple[Hint, ...]:
    """The hints of a part of a document, in the order of the text. Never raises."""
    document = assumed(document)
    workflow = document.workflow
    if workflow is None:
        return ()
    found = (*_types(document, workflow, within), *_joins(document, workflow, within))
    return tuple(sorted(found, key=lambda hint: hint.offset))


def tooltip(document: Document, topic: Topic) -> str:
    """Markdown about the topic of a hint; "" where nothing is known (any more)."""
    document = assumed(document)
    match topic:
        case ("join", name) if document.workflow is not None and name in document.flow.into:
            inbound = document.flow.inbound_tasks(name)
            return f"{code(name)} waits for {', '.join(map(code, inbound))}." if inbound else ""
        case _:
            from st2lang.query.topics import describe

            return describe(document, topic)


def _is_in(span: Span, within: Span | None) -> bool:
    return within is None or (span.start <= within.end and within.start <= span.end)


# -- types ---------------------------------------------------------------------------------------


def _types(document: Document, workflow: Workflow, within: Span | None) -> Iterator[Hint]:
    for assignment, task in _assignments(workflow, within):
        value = assignment.value
        if value is None or not _is_in(value.span, within) or not _is_computed(assignment):
            continue
        kind = inference(document).type_of(value, task)
        if kind == ANY:
            continue
        text = words.type_words(kind)
        if len(text) <= _LONGEST:
            at = _end_of_line(document.source.text, value.span)
            yield Hint(at, text, Sort.TYPE, ("variable", assignment.name.text))


def _assignments(
    workflow: Workflow, within: Span | None
) -> Iterator[tuple[Assignment, Task | None]]:
    """What is given a value, as far as it may lie in the part asked for."""
    for assignment in (*workflow.vars, *workflow.output):
        yield assignment, None
    for task in workflow.tasks.values():
        if _is_in(task.node.span, within):
            blocks = (task.publish, *(t.publish for t in task.transitions))
            for block in blocks:
                yield from ((assignment, task) for assignment in block)


def _is_computed(assignment: Assignment) -> bool:
    """Whether a value has an expression in it: of all others one sees what they are."""
    value = assignment.value
    if value is None:
        return False
    if value.inline is not None:
        return False
    node = value.node
    return isinstance(node, Scalar) and ("<%" in node.value or "{{" in node.value)


def _end_of_line(text: str, span: Span) -> int:
    """Where a value ends, or its first line when it has several."""
    end = text.find("\n", span.start, span.end)
    if end < 0:
        return span.end
    return end - 1 if text[end - 1] == "\r" else end


# -- joins ---------------------------------------------------------------------------------------


def _joins(document: Document, workflow: Workflow, within: Span | None) -> Iterator[Hint]:
    for name, task in workflow.tasks.items():
        join = task.join
        if join is None or not _is_in(join.span, within):
            continue
        count = len(document.flow.inbound_tasks(name))
        wanted = count if join.count is None else join.count
        yield Hint(join.span.end, f"{wanted} of {count}", Sort.JOIN, ("join", name))
