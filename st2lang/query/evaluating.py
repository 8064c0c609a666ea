"""What the expression at a place gives, with the values that a run had there.

The values are those of one task run, as `st2c execution context` prints them: `context`, and where the task has
run `result`, `item` and `status`. Evaluation has the limits that it has everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2lang.query import cursor
from st2lang.record import record
from st2lang.source import Span
from st2lang.symbols import Role

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.symbols import Place


@record
class Expression:
    """An expression with its delimiters: its text and its place.

    `tasks` are those whose values it can be evaluated with, the best first: the one that it stands in; of an
    output those that nothing follows, of an input or a variable those that begin.
    """

    text: str
    span: Span
    tasks: tuple[str, ...]
    orquesta: bool


def at(document: Document, offset: int) -> Expression | None:
    """The finished expression at a place; None where none is."""
    workflow = document.workflow
    if workflow is None:
        return None
    found = cursor.at(document, offset)
    place = found.place
    for embedded in place.text.expressions if place is not None else ():
        span = place.locate(embedded.start, embedded.end) if place is not None else Span(0, 0)
        if place is not None and offset in span and embedded.node is not None:
            text = place.text.text[embedded.start : embedded.end]
            return Expression(text, span, _tasks(document, place), workflow.orquesta)
    return None


def _tasks(document: Document, place: Place) -> tuple[str, ...]:
    if place.task is not None:
        return (place.task.name.text,)
    flow = document.flow
    if place.role is Role.OUTPUT:
        return tuple(name for name, edges in flow.out.items() if not edges)
    return tuple(flow.starts)


def evaluate(expression: Expression, recorded: Mapping[str, Any]) -> Any:
    """The value of an expression in a recorded run. Raises `EvaluationError`."""
    from st2lang.evaluation import Scope, render, render_chain

    task, route = recorded.get("task"), recorded.get("route") or 0
    entry = {"status": recorded.get("status"), "result": recorded.get("result")}

    def find(name: str, route: int) -> Mapping[str, Any] | None:
        return entry if name == task else None

    def status(name: str, route: int) -> str | None:
        return recorded.get("status") if name == task else None

    scope = Scope(
        variables=recorded.get("context") or {},
        task={"id": task, "route": route, "result": recorded.get("result")} if task else None,
        item=recorded.get("item"),
        status=status,
        find=find,
    )
    return (
        render(expression.text, scope)
        if expression.orquesta
        else render_chain(expression.text, scope)
    )
