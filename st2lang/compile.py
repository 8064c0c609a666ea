"""Lowers a workflow to the intermediate graph: the compiler's last step on a checked document.

Both dialects have one model (`dialects/model.py`), so one lowering serves both. Nothing is judged here:
what a file has in a wrong shape the model has left out, and the checks tell about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import isfinite
from typing import Any

from st2lang import graph as ir
from st2lang.dialects.model import Assignment, Task, Transition, Value
from st2lang.document import Document
from st2lang.source import Source, Span


def compile_document(document: Document) -> ir.Graph:
    """The graph of a workflow, the path of the document as its `source`.

    Raises `ValueError` for a document that is no workflow. Anything else compiles: what is wrong in it the
    checks tell about (`analysis.analyse`).
    """
    workflow = document.workflow
    if workflow is None:
        raise ValueError(f"{document.source.path or 'this'} is no workflow")
    return _Lowering(document).graph()


class _Lowering:
    """One document on its way to a graph."""

    def __init__(self, document: Document) -> None:
        assert document.workflow is not None
        self.document = document
        self.workflow = document.workflow
        self.flow = document.flow

    def graph(self) -> ir.Graph:
        document, workflow = self.document, self.workflow
        action = next(iter(document.actions), None)
        return ir.Graph(
            semantics=ir.ORQUESTA if workflow.orquesta else ir.CHAIN,
            name=action.ref if action else _stem(document.source.path),
            tasks={name: self._task(task) for name, task in workflow.tasks.items()},
            start=self.flow.starts,
            input=self._assignments(workflow.inputs),
            vars=self._assignments(workflow.vars),
            output=self._assignments(workflow.output),
            parameters=_schemas(action.all_parameters) if action else {},
            source=document.source.path.replace("\\", "/"),
        )

    def _task(self, task: Task) -> ir.Task:
        name = task.name.text
        loops = self.workflow.orquesta and name in self.flow.cyclic
        return ir.Task(
            name,
            action=self._action(task),
            input=self._input(task),
            items=self._items(task),
            join=None
            if task.join is None
            else "all"
            if task.join.count is None
            else task.join.count,
            delay=_json(task.delay.data) if task.delay else None,
            retry=self._retry(task.retry),
            publish=self._assignments(task.publish),
            transitions=tuple(self._transition(one) for one in task.transitions),
            split=self.workflow.orquesta and self.flow.is_split(name),
            cyclic=loops,
            notify=_json(task.notify.data) if task.notify else None,
            place=self._place(task.name.span),
            places=self._places(task),
        )

    def _places(self, task: Task) -> dict[str, ir.Place]:
        """The places of what stands in a task but is no record of its own in the graph."""
        spans = {f"input.{a.name.text}": a.name.span for a in task.inputs}
        named = {"join": task.join, "delay": task.delay, "notify": task.notify}
        if not task.inputs:
            named["input"] = task.input_value
        spans |= {name: value.span for name, value in named.items() if value is not None}
        return {name: self._place(span) for name, span in spans.items()}

    def _action(self, task: Task) -> ir.Action | None:
        if task.action is None:
            return None
        known = self.document.called_actions.get(task.action.text)
        place = self._place(task.action.span)
        if known is None:
            return ir.Action(task.action.text, place=place)
        runner = known.runner.name if known.runner else known.runner_type
        schemas = _schemas(known.all_parameters)
        return ir.Action(task.action.text, known.ref, runner, schemas, place)

    def _input(self, task: Task) -> Any:
        if task.inputs:
            return {a.name.text: _json(a.value.data) for a in task.inputs if a.value}
        return _json(task.input_value.data) if task.input_value else None

    def _items(self, task: Task) -> ir.Items | None:
        if task.items is None or task.items.items is None:
            return None
        value, concurrency = task.items.items, task.items.concurrency
        return ir.Items(
            tuple(name.text for name in task.items.names),
            _json(value.data),
            _json(concurrency.data) if concurrency else None,
            self._place(value.span),
        )

    def _retry(self, retry: Mapping[str, Value]) -> ir.Retry | None:
        if not retry:
            return None
        parts = {
            key: _json(value.data)
            for key, value in retry.items()
            if key in ("when", "count", "delay")
        }
        return ir.Retry(**parts, place=self._place(next(iter(retry.values())).span))

    def _transition(self, transition: Transition) -> ir.Transition:
        return ir.Transition(
            transition.index,
            when=_json(transition.when.data) if transition.when else None,
            on=transition.outcome,
            publish=self._assignments(transition.publish),
            targets=tuple(target.text for target in transition.targets),
            place=self._place(transition.when.span if transition.when else transition.span),
        )

    def _assignments(self, assignments: Iterable[Assignment]) -> tuple[ir.Assignment, ...]:
        return tuple(
            ir.Assignment(
                a.name.text,
                _json(a.value.data) if a.value else None,
                a.value is not None,
                self._place(a.name.span),
            )
            for a in assignments
        )

    def _place(self, span: Span) -> ir.Place:
        source: Source = self.document.source
        start, end = source.position(span.start), source.position(span.end)
        return ir.Place(start.line, start.column, end.line, end.column)


def _schemas(parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {key: _json(part) for key, part in parameter.schema.items() if key != "description"}
        for name, parameter in parameters.items()
    }


def _stem(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0] or "workflow"


def _json(value: Any) -> Any:
    """Data as YAML gives it, as JSON has it.

    Dates become text, sets lists, keys text. Numbers that JSON cannot write (infinite ones, none, and
    whole ones of thousands of digits) become text as well.
    """
    match value:
        case str() | bool() | None:
            return value
        case int() | float():
            return value if _writable(value) else _spelt(value)
        case dict():
            return {_key(key): _json(part) for key, part in value.items()}
        case list() | tuple():
            return [_json(part) for part in value]
        case set() | frozenset():
            return sorted((_json(part) for part in value), key=str)
        case date():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return str(value)


def _writable(number: int | float) -> bool:
    """Whether every reader of JSON gets this number back."""
    return isfinite(number) if isinstance(number, float) else number.bit_length() < 10_000


def _spelt(number: int | float) -> str:
    """A number as YAML may spell it."""
    if isinstance(number, int):
        return f"{number:#x}"
    return ".nan" if number != number else ".inf" if number > 0 else "-.inf"


def _key(key: Any) -> str:
    match key:
        case str():
            return key
        case None:
            return "null"
        case bool():
            return "true" if key else "false"
        case date():
            return key.isoformat()
        case int() | float():
            return str(key) if _writable(key) else _spelt(key)
        case _:
            return str(key)
