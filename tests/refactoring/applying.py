"""Makes the changes that are offered, and says what has become of a workflow."""

from __future__ import annotations

import json
from typing import Any

from st2lang.analysis import judge
from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.graph.writer import written
from st2lang.problem import Problem
from st2lang.refactoring import Asked, Change
from st2lang.source import Source, Span
from st2lang.suppress import apply as silenced


def problems_of(document: Document) -> tuple[Problem, ...]:
    """What is shown for a document."""
    return silenced(document.source, judge(document).problems, tree=document.yaml)


def asked_at(document: Document, span: Span, problems: tuple[Problem, ...]) -> Asked:
    """A place with the problems that are shown there."""
    here = [p for p in problems if p.span.start <= span.end and span.start <= p.span.end]
    return Asked(document, span, tuple(here))


def changed(document: Document, change: Change) -> Document:
    """The document after the edits of a change, which may not overlap and come in order."""
    text, end = document.source.text, 0
    parts = []
    for edit in change.edits:
        assert end <= edit.span.start <= edit.span.end <= len(text)
        parts += [text[end : edit.span.start], edit.text]
        end = edit.span.end
    parts.append(text[end:])
    source = Source(document.source.path, "".join(parts), document.source.bom)
    return Document(
        source, kind=document.kind, catalog=document.catalog, settings=document.settings
    )


def meaning(document: Document) -> str:
    """The graph of a workflow without places."""
    return json.dumps(_placeless(written(compile_document(document))), sort_keys=True)


def _placeless(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _placeless(v) for k, v in data.items() if k not in ("place", "places", "source")}
    return [_placeless(part) for part in data] if isinstance(data, list) else data
