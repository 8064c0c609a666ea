"""Writes the `input` of a task behind the name of its action.

Offered where every value has an inline form that is read as the very same data, nothing is commented, and the
line stays short.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from st2lang.dialects import orquesta
from st2lang.dialects.model import Task
from st2lang.problem import Edit
from st2lang.query.extent import of_entry
from st2lang.query.tree import line_start
from st2lang.refactoring import REWRITE, Asked, Change, Offer, Refactoring, _layout
from st2lang.refactoring._tasks import action_of
from st2lang.refactoring._writing import Part, with_parts
from st2lang.source import Span
from st2lang.yaml import Entry, Mapping, Scalar, Style, to_data, walk

if TYPE_CHECKING:
    from st2lang.document import Document

LONGEST = 120
"""Longer lines are nothing that anybody wants."""


def offers(asked: Asked) -> Iterator[Offer]:
    """One for the task whose action or `input` is at the place."""
    document = asked.document
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return
    for task in workflow.tasks.values():
        found = _parts(document, task)
        if found is None or not any(
            asked.touches(e.key.span.cover(of_entry(document.source.text, e))) for e in found
        ):
            continue
        edits = _edits(document, *found)
        if edits is not None:
            yield Offer("Write the parameters behind the action", partial(Change, edits))


def _parts(document: Document, task: Task) -> tuple[Entry, Entry] | None:
    """The entries `action` and `input` where they can be changed."""
    node, name = task.node, action_of(document, task)
    if name is None or not isinstance(node, Mapping) or node.flow:
        return None
    action, given = _layout.own(node, "action"), _layout.own(node, "input")
    if action is None or given is None:
        return None
    simple = name.is_string and not any(c.isspace() for c in name.value) and not name.style.block
    if not simple or not name.value or "<%" in name.value or "{{" in name.value:
        return None
    if name.style is not Style.PLAIN:
        return None
    block = given.value
    if not isinstance(block, Mapping) or not block.entries or node.entries[0].key.start == 0:
        return None
    nodes = [n for _, n in walk(block)] + [e.key for e in block.entries]
    return (action, given) if all(map(_layout.is_plainly_written, nodes)) else None


def _edits(document: Document, action: Entry, given: Entry) -> tuple[Edit, ...] | None:
    assert isinstance(action.value, Scalar)
    text = document.source.text
    start = line_start(text, given.key.start)
    end = _layout.line_end(text, of_entry(text, given).end)
    if text[start : given.key.start].strip() or "#" in _between(document, given, end):
        return None
    data = to_data(given.value)
    written = _inline(action.value.value, data)
    if written is None or len(written) + _layout.column_of(document, action.value.start) > LONGEST:
        return None
    added = with_parts(action.value, (Part(0, len(action.value.value), written),), flow=False)
    gone = Edit(_with_its_break(text, Span(start, end)), "")
    return None if added is None else tuple(sorted((*added, gone), key=lambda e: e.span))


def _with_its_break(text: str, lines: Span) -> Span:
    """Whole lines with the line break that goes with them: the one behind, at the end of the text the one
    before."""
    start, end = lines
    if end < len(text):
        return Span(start, end + (2 if text[end : end + 2] == "\r\n" else 1))
    before = start - (2 if text[start - 2 : start] == "\r\n" else 1)
    return Span(before, end)


def _between(document: Document, given: Entry, end: int) -> str:
    """The text of an entry without its scalars: what may hold comments."""
    text = list(document.source.text[given.key.start : end])
    scalars = [n for _, n in walk(given.value) if isinstance(n, Scalar)]
    assert isinstance(given.value, Mapping)
    for scalar in (*scalars, *(e.key for e in given.value.entries)):
        first = scalar.start
        if isinstance(scalar, Scalar) and scalar.style.block:
            first = _layout.line_end(document.source.text, scalar.start)  # its header may have one
        for at in range(first - given.key.start, min(scalar.end, end) - given.key.start):
            text[at] = " "
    return "".join(text)


def _inline(action: str, data: Any) -> str | None:
    """The action with its parameters behind it, if it is read back as this."""
    if not isinstance(data, dict) or not all(isinstance(k, str) for k in data):
        return None
    lists = [name for name, value in data.items() if isinstance(value, list)]
    parts = {name: _written(value) for name, value in data.items()}
    if len(lists) > 1 or None in parts.values():
        return None
    names = sorted(
        parts, key=lambda name: name in lists
    )  # what follows a list is read as part of it
    text = " ".join([action, *(f"{name}={parts[name]}" for name in names)])
    return text if _reads_as(text, action, data) else None


def _reads_as(text: str, action: str, data: dict[str, Any]) -> bool:
    found = {}
    for name, value in orquesta.inline_data(text):
        if name in found:
            return False
        found[name] = value
    return text.split(" ")[0] == action and _typed(found) == _typed(data)


def _typed(data: Any) -> str:
    """Data in a form that tells 1, 1.0 and true apart."""
    try:
        return json.dumps(data, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError):
        return repr(data)


def _written(data: Any) -> str | None:
    """A value in its inline form; None for what has none."""
    match data:
        case str():
            return _string(data)
        case dict():
            return _string(_json(data))
        case None | bool() | int() | float() | list():
            return _json(data)
    return None


def _json(data: Any) -> str:
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        return ""


def _string(data: str) -> str | None:
    if orquesta.is_one_expression(data):
        return data
    if not data.isprintable():
        return None
    return next((f"{quote}{data}{quote}" for quote in "\"'" if quote not in data), None)


REFACTORING = Refactoring(
    "parameters-to-inline",
    REWRITE,
    "Write the `input` of a task behind its action.",
    offers,
    pure=True,
)
