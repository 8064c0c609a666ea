"""Points at which a person who types a workflow would ask what can follow, and what must then be offered.

A point is any place in the name of a task (in `do`, `on-success`, `on-failure`, `default`, and where an
expression names a task) or of a variable (`ctx().x`, `ctx(x)`, in a chain `{{ x }}`), before each of its
characters. The text is broken in one of these ways:

`typed`   nothing stands behind the cursor: the file as far as it has been typed
`below`   the rest of the line is missing, the rest of the file stands below
`inside`  only the rest of the name is missing

What must be offered: the tasks that the text defines (but those that the same `do` names already), or the
variables that are in scope there once the file is finished, as far as the text sets them. So with the file
below, the very name that is being typed is among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from st2lang.catalog import Catalog
from st2lang.document import Document
from st2lang.query import completion, variables
from st2lang.query.symbol import Access, Kind, Occurrence, occurrences
from st2lang.query.workspace import Workspace
from st2lang.source import Source

VARIANTS = ("typed", "below", "inside")
CONTEXT = re.compile(r"ctx\(\)\s*\??\.(get\(\s*['\"]?)?\Z|ctx\(\)\[['\"]\Z|ctx\(\s*['\"]?\Z")


class Point(NamedTuple):
    """A place in a finished file; `names` are offered there, each with the offset where it is first set."""

    kind: str
    offset: int
    end: int
    names: dict[str, int]


def points(document: Document) -> Iterator[Point]:
    """The points of a finished workflow."""
    for found in occurrences(document):
        if found.access is not Access.READ:
            continue
        names: dict[str, int] = {}
        if found.symbol.kind is Kind.TASK:
            names = tasks_at(document, found)
        elif found.symbol.kind is Kind.VARIABLE and found.place is not None:
            names = variables_at(document, found)
        if names:
            kind = (
                found.symbol.kind.value
                if found.place is None
                else f"{found.symbol.kind.value} in code"
            )
            for offset in range(found.span.start, found.span.end):
                yield Point(kind, offset, found.span.end, names)


def tasks_at(document: Document, found: Occurrence) -> dict[str, int]:
    workflow = document.workflow
    assert workflow is not None
    if found.place is not None and not workflow.orquesta:
        return {}  # a bare name, of which nothing says that it is a task's
    names = {name: task.name.span.end for name, task in workflow.tasks.items()}
    for task in workflow.tasks.values() if found.place is None else ():
        for transition in task.transitions:
            if any(target.span == found.span for target in transition.targets):
                others = {t.text for t in transition.targets if t.span != found.span}
                names = {name: at for name, at in names.items() if name not in others}
    return names


def variables_at(document: Document, found: Occurrence) -> dict[str, int]:
    place, workflow = found.place, document.workflow
    assert place is not None
    assert workflow is not None
    text = document.source.text
    before = text[text.rfind("\n", 0, found.span.start) + 1 : found.span.start]
    if workflow.orquesta and not CONTEXT.search(before):
        return {}  # `$.x` and the like, which mean no variable
    quoted = before[-1:] in ("'", '"', "[")
    names = {}
    for seen in variables.visible(document, place):
        spans = [s.assignment.name.span.end for s in seen.sources if s.assignment is not None]
        if seen.reaches and (spans or found.symbol.name == seen.name) and seen.name.isidentifier():
            names[seen.name] = min(spans, default=0)
    return {n: at for n, at in names.items() if quoted or n.isascii()}


def broken(text: str, point: Point, variant: str) -> str:
    """The text as it is when somebody asks at a point."""
    if variant == "typed":
        return text[: point.offset]
    line = text.find("\n", point.end)
    rest = point.end if variant == "inside" else line if line >= 0 else len(text)
    return text[: point.offset] + text[rest:]


def missing(
    document: Document, point: Point, variant: str, catalog: Catalog, workspace: Workspace
) -> set[str] | None:
    """What is not offered of what must be; None where there is nothing to offer."""
    text = document.source.text
    limit = point.offset if variant == "typed" else len(text)
    wanted = {name for name, at in point.names.items() if at <= limit}
    if not wanted:
        return None
    source = Source(document.source.path, broken(text, point, variant))
    asked = Document(source, kind=document.kind, catalog=catalog, settings=document.settings)
    typed = text[point.offset - 1 : point.offset]
    begins = not re.match(r"\w", typed)
    trigger = typed if begins and typed in completion.TRIGGERS else None
    offers = completion.complete(asked, point.offset, trigger, workspace)
    labels = {o.label for o in offers} | {o.filter_text for o in offers}
    return wanted - labels
