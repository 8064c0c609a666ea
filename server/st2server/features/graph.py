"""`st2lang/graph`: the graph of a workflow as a drawing, for editors that show it beside the text.

Asked with `{"textDocument": {"uri": …}}`; answered with null for what is no workflow, else with `svg`, `tasks`
(name, first and last line from 0) and `problems` (task, severity, message).
"""

from __future__ import annotations

from typing import Any

from st2lang.compile import compile_document
from st2lang.drawing import draw
from st2lang.problem import Problem, Severity
from st2lang.query import outline
from st2lang.query.outline import Item, Sort
from st2server.app import Server
from st2server.documents import OpenDocument


def register(server: Server) -> None:
    """Draw workflows."""

    @server.feature("st2lang/graph")
    def graph(params: Any) -> dict[str, Any] | None:
        document = server.documents.get(_uri(params))
        if document.document.workflow is None:
            return None
        tasks = _tasks(outline.find(document.document))
        return {
            "svg": draw(compile_document(document.document), "svg"),
            "tasks": [_lines(server, document, task) for task in tasks],
            "problems": [
                {"task": task.name, "severity": one.severity.value, "message": one.message}
                for task in tasks
                for one in document.problems
                if _about(one, task)
            ],
        }


def _uri(params: Any) -> str:
    """The document of a request that pygls has no type for."""
    document = params["textDocument"] if isinstance(params, dict) else params.textDocument
    return str(document["uri"] if isinstance(document, dict) else document.uri)


def _tasks(items: tuple[Item, ...]) -> list[Item]:
    found = []
    for item in items:
        found += [item] if item.sort is Sort.TASK else _tasks(item.children)
    return found


def _lines(server: Server, document: OpenDocument, task: Item) -> dict[str, Any]:
    place = server.converter.range(document.source, task.span.cover(task.name_span))
    return {"name": task.name, "line": place.start.line, "endLine": place.end.line}


def _about(problem: Problem, task: Item) -> bool:
    serious = problem.severity in (Severity.ERROR, Severity.WARNING)
    return serious and task.span.start <= problem.span.start < max(
        task.span.end, task.name_span.end
    )
