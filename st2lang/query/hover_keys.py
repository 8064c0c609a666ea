"""Keys of the languages, and values of which there is a fixed set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.query import shapes
from st2lang.query.cursor import Where
from st2lang.query.describe import code, one_line, paragraphs, parameter_type
from st2lang.query.words import STATUSES
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.dialects.shape import Shape
    from st2lang.query.cursor import Cursor

_MOST = 12


def find(cursor: Cursor) -> tuple[Span, str] | None:
    """What a key means, or a value that is one of a few."""
    scalar = cursor.scalar
    if scalar is None or not scalar.start <= cursor.offset <= scalar.end or not cursor.path:
        return None
    if cursor.where is Where.KEY:
        return scalar.span, _key(cursor)
    if cursor.where is Where.VALUE:
        return scalar.span, _value(cursor, scalar.value)
    return None


def _key(cursor: Cursor) -> str:
    kind, path = cursor.document.kind, cursor.path
    parent = shapes.at(kind, path[:-1])
    known = shapes.keys(parent) if parent is not None else {}
    shape = known.get(str(path[-1]))
    return "" if shape is None else _meaning(str(path[-1]), shape)


def _meaning(name: str, shape: Shape) -> str:
    """A key with what it takes and what it is for."""
    title = str(shape.get("title", ""))
    listed = shapes.values(shape)
    values = ""
    if len(listed) > 1 and set(listed) != {True, False}:
        shown = ", ".join(code(one_line(value).strip('"')) for value in listed[:_MOST])
        values = f"One of {shown}{', …' if len(listed) > _MOST else ''}."
    return paragraphs(
        [f"**{name}**" + (f": {title}" if title else ""), str(shape.get("description", "")), values]
    )


def _value(cursor: Cursor, text: str) -> str:
    document, path = cursor.document, cursor.path
    match document.kind, path:
        case "action", ("runner_type",):
            return _runner(text)
        case "orquesta", ("tasks", _, "join"):
            return _join(cursor, text)
    shape = shapes.at(document.kind, path)
    if shape is not None and text in STATUSES and text in shapes.values(shape):
        return paragraphs([f"**{text}** (status)", f"It {STATUSES[text]}."])
    return ""


def _runner(name: str) -> str:
    """A runner with its parameters."""
    from st2lang.catalog import builtin

    runner = builtin.runner(name)
    if runner is None:
        return ""
    rows = ["| parameter | type | |", "|---|---|---|"]
    for parameter in runner.parameters.values():
        about = parameter.description.replace("|", "\\|").replace("\n", " ")
        about = f"**required** {about}" if parameter.must_be_given else about
        rows.append(f"| `{parameter.name}` | {parameter_type(parameter)} | {about} |")
    removed = f"It was removed in StackStorm {runner.removed}." if runner.removed else ""
    return paragraphs([f"**{name}** (runner)", removed, "\n".join(rows) if rows[2:] else ""])


def _join(cursor: Cursor, text: str) -> str:
    """What a join waits for."""
    task = cursor.task
    if task is None or task.name.text not in cursor.document.flow.into:
        return ""
    inbound = cursor.document.flow.inbound_tasks(task.name.text)
    count = "all" if text == "all" else text
    names = ", ".join(code(name) for name in inbound)
    return paragraphs(
        [f"**join: {count}**", f"Waits for {count} of {len(inbound)}: {names}." if names else ""]
    )
