"""Where expressions stand in a workflow, and what they refer to.

A `Place` is one string with expressions, together with its scope: which task, which transition, which
turn among its neighbours. A `Reference` is one use of a variable, task, item, result or datastore key
in it. The languages differ only in how a use is recognised (`yaql.py`, `jinja.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from st2lang.dialects.model import Assignment, Piece, Task, Transition, Value, Workflow
from st2lang.expressions.embedded import Embedded, Text, scan
from st2lang.problem import SpecPath
from st2lang.record import field, record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.expressions import jinja_ast, yaql_ast


class Role(Enum):
    """What a string is for; the value is how messages call it."""

    INPUT = "the default of an input"
    VARS = "a variable"
    OUTPUT = "an output"
    ACTION = "an action reference"
    PARAMETER = "a parameter"
    ITEMS = "the items"
    CONCURRENCY = "the concurrency"
    DELAY = "the delay"
    RETRY = "a retry"
    WHEN = "a condition"
    PUBLISH = "a published variable"
    TARGET = "the next tasks"
    NOTIFY = "a notification"


@record
class Place:
    """A string with expressions and its scope.

    `index` is the turn among the inputs, vars, outputs or published variables: it sees those before
    it. `assignment` is what the value is given to.
    """

    piece: Piece
    text: Text
    role: Role
    orquesta: bool = True
    task: Task | None = None
    transition: Transition | None = None
    index: int = 0
    assignment: Assignment | None = None

    @property
    def path(self) -> SpecPath:
        """Where the string stands in the document."""
        return self.piece.path

    def locate(self, start: int, end: int) -> Span:
        """The place in the file of the string's characters `start:end`."""
        return self.piece.locate(start, end)

    def span_of(self, embedded: Embedded, span: Span) -> Span:
        """The place in the file of a node of one of the string's expressions."""
        return self.locate(embedded.base + span.start, embedded.base + span.end)


class Use(Enum):
    """What a reference refers to.

    `CONTEXT` is the context as a whole: any variable may be meant. `NAME` is what is no variable in
    Orquesta: a bare name in Jinja (`{{ x }}` instead of `{{ ctx().x }}`), `$.x` in YAQL.
    """

    VARIABLE = "variable"
    CONTEXT = "context"
    TASK = "task"
    ITEM = "item"
    RESULT = "result"
    KEY = "key"
    NAME = "name"


@record
class Reference:
    """One use of a name. `start:end` count in the place's string; `guarded` uses survive when unset.

    `name` is "" where none is written (`item()`, `result()`, the whole context).
    """

    use: Use
    name: str
    place: Place = field(compare=False)
    start: int
    end: int
    guarded: bool = False

    @property
    def span(self) -> Span:
        """The place of the name in the file."""
        return self.place.locate(self.start, self.end)


def collect(place: Place) -> Iterator[Reference]:
    """The references in a string, in the order of the text. Text that no engine evaluates has none."""
    for use, name, start, end, guarded in _used(place.text.text, place.orquesta):
        yield Reference(use, name, place, start, end, guarded)


@lru_cache(maxsize=8192)
def _used(written: str, orquesta: bool) -> tuple[tuple[Use, str, int, int, bool], ...]:
    """What the expressions of a string use. A string that has not changed is not looked through again."""
    text = scan(written, orquesta)
    found = []
    for embedded in () if text.mixed else text.expressions:
        if embedded.node is not None and not embedded.inert:
            for use, name, span, guarded in _uses(embedded, orquesta):
                start, end = embedded.base + span.start, embedded.base + span.end
                found.append((use, name, start, end, guarded))
    return tuple(found)


def _uses(embedded: Embedded, orquesta: bool) -> Iterator[tuple[Use, str, Span, bool]]:
    """What an expression uses; the module of its language is imported when it is needed."""
    if embedded.language == "yaql":
        from st2lang.symbols import yaql

        return yaql.uses(cast("yaql_ast.Node", embedded.node))
    from st2lang.symbols import jinja

    return jinja.uses(cast("jinja_ast.Node", embedded.node), orquesta)


def places_of(workflow: Workflow) -> Iterator[Place]:
    """Every string of a workflow that holds expressions (or the beginnings of one)."""
    yield from places_before(workflow)
    for task in (*workflow.tasks.values(), *workflow.repeated):
        yield from places_in(task, workflow.orquesta)
    yield from places_behind(workflow)


def places_before(workflow: Workflow) -> Iterator[Place]:
    """Those before all tasks: in the inputs and the vars."""
    yield from _assignments(workflow.inputs, Role.INPUT, workflow.orquesta)
    yield from _assignments(workflow.vars, Role.VARS, workflow.orquesta)


def places_behind(workflow: Workflow) -> Iterator[Place]:
    """Those behind all tasks: in the output."""
    yield from _assignments(workflow.output, Role.OUTPUT, workflow.orquesta)


def places_in(task: Task, yaql: bool) -> Iterator[Place]:
    """Those in a task; `yaql` is whether there is YAQL in such a workflow."""
    if task.items is not None:
        yield from _places(task.items.items, Role.ITEMS, yaql, task)
        yield from _places(task.items.concurrency, Role.CONCURRENCY, yaql, task)
    yield from _places(task.delay, Role.DELAY, yaql, task)
    yield from _places(task.action_value, Role.ACTION, yaql, task)
    yield from _assignments(task.inputs, Role.PARAMETER, yaql, task)
    yield from _places(task.input_value, Role.PARAMETER, yaql, task)
    for value in task.retry.values():
        yield from _places(value, Role.RETRY, yaql, task)
    yield from _assignments(task.publish, Role.PUBLISH, yaql, task)
    for transition in task.transitions:
        yield from _places(transition.when, Role.WHEN, yaql, task, transition)
        yield from _assignments(transition.publish, Role.PUBLISH, yaql, task, transition)
    yield from _places(task.notify, Role.NOTIFY, yaql, task)


def _assignments(
    assignments: Iterable[Assignment],
    role: Role,
    yaql: bool,
    task: Task | None = None,
    transition: Transition | None = None,
) -> Iterator[Place]:
    for i, assignment in enumerate(assignments):
        yield from _places(assignment.value, role, yaql, task, transition, i, assignment)


def _places(
    value: Value | None,
    role: Role,
    yaql: bool,
    task: Task | None = None,
    transition: Transition | None = None,
    index: int = 0,
    assignment: Assignment | None = None,
) -> Iterator[Place]:
    if value is None:
        return
    for piece in value.pieces():
        text = piece.text
        if "<%" in text or "{{" in text or "{%" in text or "{#" in text:
            found = scan(text, yaql)
            yield Place(piece, found, role, yaql, task, transition, index, assignment)
