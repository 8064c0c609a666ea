"""Moves the parameters that stand behind an action's name into an `input` of their own.

Every value is written as the data that it is read as now: `n=3` becomes a number, `n="3"` a text. Not offered
where something behind the name is not read as a parameter, because it would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from st2lang.dialects.model import Assignment, Task
from st2lang.problem import Edit
from st2lang.query.complete.writing import is_plain, key
from st2lang.refactoring import REWRITE, Asked, Change, Offer, Refactoring, _layout
from st2lang.refactoring._tasks import action_of
from st2lang.refactoring._writing import Part, value, with_parts
from st2lang.source import Span
from st2lang.yaml import Mapping, Scalar, Style
from st2lang.yaml.resolve import construct_scalar

if TYPE_CHECKING:
    from st2lang.document import Document


def offers(asked: Asked) -> Iterator[Offer]:
    """One for the action at the place, when it has inline parameters."""
    document = asked.document
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return
    for task in workflow.tasks.values():
        scalar = inline_of(document, task)
        if scalar is None or not asked.touches(scalar.span) or not _all_read(scalar, task):
            continue
        edits = _edits(document, task, scalar)
        if edits is not None:
            yield Offer("Move the parameters to `input`", partial(Change, edits))


def inline_of(document: Document, task: Task) -> Scalar | None:
    """The action of a task with parameters behind it, when it stands in its place and alone has them."""
    node = task.node
    inline = [a for a in task.inputs if a.value is not None and a.value.inline is not None]
    if not inline or not isinstance(node, Mapping) or "input" in node:
        return None
    return action_of(document, task)


def _all_read(scalar: Scalar, task: Task) -> bool:
    """Whether all that stands behind the name is read, each parameter once."""
    names = [a.name.text for a in task.inputs]
    left = list(scalar.value)
    for assignment in task.inputs:
        piece = assignment.value.inline if assignment.value is not None else None
        assert piece is not None
        quote = int(left[piece.start - 1] in "\"'")
        start = piece.start - quote - len(assignment.name.text) - 1
        left[start : piece.end + quote] = " " * (piece.end + quote - start)
    rest = "".join(left).split()
    return len(set(names)) == len(names) and len(rest) == 1


def _edits(document: Document, task: Task, scalar: Scalar) -> tuple[Edit, ...] | None:
    assert isinstance(task.node, Mapping)
    assert task.action is not None
    name = task.action.text
    if task.node.flow or _layout.in_flow(document, scalar.start):
        inner = ", ".join(_line(scalar, a, flow=True) for a in task.inputs)
        shorter = with_parts(scalar, (Part(len(name), len(scalar.value), ""),), True)
        if shorter is None or scalar.style.block:
            return None
        if task.node.entries[-1].value is scalar:
            return (Edit(scalar.span, f"{name}, input: {{{inner}}}"),)
        return (*shorter, _layout.into_flow(document, task.node, f"input: {{{inner}}}"))
    unit = _layout.indent(document)
    lines = ["input:", *(unit + _line(scalar, a, flow=False) for a in task.inputs)]
    column = _layout.column_of(document, task.node.entries[0].key.start)
    if scalar.style.block:
        nl = _layout.newline(document)
        ending = nl if scalar.text[scalar.start : scalar.end].endswith("\n") else ""
        body = nl.join([name, *(" " * column + line for line in lines)])
        return (Edit(scalar.span, body + ending),)
    written = name if is_plain(name, False) else value(name)
    text = scalar.text
    if "\n" in text[scalar.start : scalar.end] or "\r" in text[scalar.start : scalar.end]:
        below = _layout.below(document, scalar.end, lines, column)
        return (Edit(scalar.span, written), below)
    return (
        Edit(Span(*scalar.span), written),
        _layout.below(document, scalar.end, lines, column),
    )


def _line(scalar: Scalar, assignment: Assignment, flow: bool) -> str:
    """`name: value` with the very data that the inline form stands for."""
    assert assignment.value is not None
    piece = assignment.value.inline
    assert piece is not None
    data = assignment.value.inline_data
    name = key(assignment.name.text, flow)
    written = piece.text.strip()
    quote = scalar.value[piece.start - 1]
    if isinstance(data, str) and quote in "\"'" and scalar.style is Style.PLAIN:
        return f"{name}: {_in_quotes(data, quote)}"
    same = not isinstance(data, str) and not isinstance(data, list | dict)
    if same and is_plain(written, flow, text=False) and _is(written, data):
        return f"{name}: {written}"
    return f"{name}: {value(data, flow)}"


def _in_quotes(data: str, quote: str) -> str:
    """The text with the quotes that it has now, where they would need no escapes."""
    simple = data.isprintable() and quote not in data
    return (
        f"{quote}{data}{quote}" if simple and not (quote == '"' and "\\" in data) else value(data)
    )


def _is(written: str, data: object) -> bool:
    found = construct_scalar(written, True, None)
    return type(found) is type(data) and found == data


REFACTORING = Refactoring(
    "parameters-to-input",
    REWRITE,
    "Move inline parameters of an action to `input`.",
    offers,
    pure=True,
)
