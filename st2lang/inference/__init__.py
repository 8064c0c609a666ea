"""What type a value of a workflow has before the workflow runs.

Knows literals, operators, the signatures of functions and, through them, the variables of a workflow:
a variable's type is the join of everything that is ever given to it, wherever it is read. It never
guesses: `ANY` is the answer wherever something is not certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from st2lang import types
from st2lang.symbols import Place, Use
from st2lang.types import ANY, NULL, STRING, Type

if TYPE_CHECKING:
    from st2lang.dialects.model import Assignment, Task, Value
    from st2lang.document import Document
    from st2lang.expressions.embedded import Embedded

Lookup = Callable[[Use, str], Type]
"""The type of a variable, an item, a result or the result of a task (`Use.TASK`), by name."""

_DEPTH = 40
"""How many variables a type is followed through, and how deep data is looked into."""

_MANY = 8192
_KNOWN: dict[tuple[str, str], tuple[tuple[tuple[Use, str, Type], ...], Type]] = {}
"""By text and language: what was asked about names to infer an expression, the answers, and its type."""

_ONLY_INSIDE = (types.DATETIME, types.TIMESPAN, types.REGEX, types.BYTES)
"""Types that do not outlive an expression: the engine stores something else for them."""


def infer(embedded: Embedded, language: str, lookup: Lookup) -> Type:
    """The type of one expression's value; `ANY` for one that does not parse or is not evaluated.

    `language` is a table of functions: "yaql", "jinja" or "jinja-chain". Never raises.
    """
    if embedded.node is None or embedded.inert:
        return ANY
    if language == "yaql":
        from st2lang.inference.yaql import infer as infer_yaql

        return infer_yaql(embedded.yaql, lookup)
    from st2lang.inference.jinja import infer_template

    return infer_template(embedded.jinja, language, lookup)


class Inference:
    """The types of the values of one workflow document.

    `result_of` may tell what a task's action returns (by its output schema, say).
    """

    def __init__(self, document: Document, result_of: Callable[[Task], Type] | None = None) -> None:
        self._workflow, self._actions = document.workflow, document.actions
        self._result_of = result_of
        self._variables: dict[str, Type] = {}
        self._running: list[str] = []

    @classmethod
    def of(cls, document: Document) -> Inference:
        """What everybody who asks about a document shares: a variable's type is found out once."""
        if cls not in document.known:
            document.known[cls] = cls(document)
        shared: Inference = document.known[cls]
        return shared

    def type_of(self, value: Value, task: Task | None = None) -> Type:
        """The type of a value after evaluation, as a task's action or a variable gets it.

        `task` is the task it stands in, for `item()` and `result()`.
        """
        return self._of_data(value.data, task, _DEPTH)

    def type_of_place(self, place: Place) -> Type:
        """The type of a string with expressions after evaluation."""
        return self._of_text(place.text.text, place.task)

    def type_of_expression(self, place: Place, embedded: Embedded) -> Type:
        """The type of one of a string's expressions before it is put into the text."""
        return infer(embedded, self._language(embedded), self.lookup(place.task))

    def lookup(self, task: Task | None) -> Lookup:
        """The types of names as an expression in a task (or outside all tasks: None) sees them."""
        return lambda use, name: self._named(use, name, task)

    def variable(self, name: str) -> Type:
        """The join of all that is given to a variable anywhere; `ANY` when nothing is known."""
        if name not in self._variables:
            if name in self._running or len(self._running) > _DEPTH:
                return ANY
            with self._run(name):
                self._variables[name] = self._variable(name)
        return self._variables[name]

    def assignments(self, name: str) -> list[tuple[Assignment, Task | None]]:
        """Everything that gives a value to a variable, with the task whose result it may use."""
        workflow = self._workflow
        if workflow is None:
            return []
        outside = (*workflow.inputs, *workflow.vars, *workflow.output)
        found: list[tuple[Assignment, Task | None]] = [(a, None) for a in outside]
        for task in workflow.publishing(name):
            found += [(a, task) for a in task.publish]
            found += [(a, task) for t in task.transitions for a in t.publish]
        return [(a, task) for a, task in found if a.name.text == name]

    @contextmanager
    def _run(self, name: str) -> Iterator[None]:
        """Remember what is being worked out: what depends on itself is not certain."""
        self._running.append(name)
        try:
            yield
        finally:
            self._running.pop()

    # -- what the answers are made of ------------------------------------------------------------

    def _variable(self, name: str) -> Type:
        workflow = self._workflow
        given = self.assignments(name)
        if workflow is None or not workflow.orquesta or not given:
            return ANY
        kinds = []
        for assignment, task in given:
            if assignment in workflow.inputs:
                kinds.append(self._input(assignment))
            elif assignment.value is not None:
                kinds.append(self.type_of(assignment.value, task))
        return types.join_all(kinds)

    def _input(self, assignment: Assignment) -> Type:
        """What may come in: anything, unless the action's metadata has a type for it."""
        actions = self._actions
        parameters = [action.parameters.get(assignment.name.text) for action in actions]
        kinds = []
        for parameter in parameters:
            if parameter is None:
                return ANY
            kinds.append(types.from_json_schema(parameter.schema))
            if not parameter.required:
                kinds.append(NULL)
        if not kinds:
            return ANY
        default = self.type_of(assignment.value) if assignment.value is not None else NULL
        return types.join_all([*kinds, default])

    def _named(self, use: Use, name: str, task: Task | None) -> Type:
        match use:
            case Use.VARIABLE:
                return self.variable(name)
            case Use.ITEM:
                return ANY if task is None else self._item(task, name)
            case Use.RESULT:
                return ANY if task is None else self._result(task)
            case Use.TASK:
                workflow = self._workflow
                other = workflow.tasks.get(name) if workflow is not None else None
                return ANY if other is None else self._result(other)
            case _:
                return ANY

    def _result(self, task: Task) -> Type:
        kind = ANY if self._result_of is None else self._result_of(task)
        return kind if task.items is None else types.List(types.join(kind, NULL))

    def _item(self, task: Task, name: str) -> Type:
        """The current item, or one of its names; a list may be taken apart by several names."""
        if task.items is None or task.items.items is None:
            return ANY
        running = f"with {task.name.text}"
        if running in self._running:
            return ANY
        with self._run(running):
            kind = types.element(self.type_of(task.items.items, task))
        names = [n.text for n in task.items.names]
        if not names:
            return ANY if name else kind
        if names != [name] or types.assignable(kind, types.LIST) is not False:
            return ANY
        return kind

    def _of_data(self, data: object, task: Task | None, depth: int) -> Type:
        match data:
            case str():
                return self._of_text(data, task)
            case _ if not depth:
                return ANY
            case dict():
                return self._of_dict(data, task, depth - 1)
            case list():
                return types.List(types.join_all(self._of_data(i, task, depth - 1) for i in data))
            case _:
                return types.of_value(data)

    def _of_dict(self, data: dict[object, object], task: Task | None, depth: int) -> Type:
        from st2lang.expressions.embedded import scan

        fields = []
        for key, value in data.items():
            if not isinstance(key, str) or scan(key).expressions:
                return types.DICT
            fields.append((key, self._of_data(value, task, depth)))
        return types.Dict(types.NEVER, tuple(sorted(fields, key=lambda field: field[0])))

    def _of_text(self, written: str, task: Task | None) -> Type:
        from st2lang.expressions.embedded import scan

        workflow = self._workflow
        orquesta = workflow is None or workflow.orquesta
        text = scan(written, orquesta)
        if not text.expressions:
            return STRING
        if not orquesta or text.mixed:
            return ANY  # rendered to text and cast to whatever the action asks for
        if not text.whole:
            return STRING
        only = text.expressions[0]
        kind = _inferred(written, only, self._language(only), self.lookup(task))
        return ANY if _transient(kind) else kind

    def _language(self, embedded: Embedded) -> str:
        if embedded.language == "yaql":
            return "yaql"
        workflow = self._workflow
        return "jinja" if workflow is None or workflow.orquesta else "jinja-chain"


def _inferred(written: str, only: Embedded, language: str, lookup: Lookup) -> Type:
    """`infer` for a string that is one expression: with the same answers to the same questions about
    names, asked in the same order, the type is the one that was found before."""
    asked, known = _KNOWN.get((written, language), ((), None))
    if known is not None and all(lookup(use, name) == kind for use, name, kind in asked):
        return known
    answers: list[tuple[Use, str, Type]] = []

    def ask(use: Use, name: str) -> Type:
        kind = lookup(use, name)
        answers.append((use, name, kind))
        return kind

    found = infer(only, language, ask)
    if len(_KNOWN) >= _MANY:
        _KNOWN.clear()
    _KNOWN[written, language] = tuple(answers), found
    return found


def _transient(kind: Type) -> bool:
    match kind:
        case types.Union(members=members):
            return any(map(_transient, members))
        case types.List(element=inner):
            return _transient(inner)
        case types.Dict(value=value, fields=fields):
            return _transient(value) or any(_transient(part) for _, part in fields)
        case _:
            return kind in _ONLY_INSIDE or isinstance(kind, types.Lambda | types.Variable)
