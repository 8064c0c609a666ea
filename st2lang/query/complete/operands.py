"""What an expression may begin with, or go on with behind an operator: variables, calls, literals."""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.query.code import Code
from st2lang.query.complete import calling, names
from st2lang.query.complete.asking import Ask
from st2lang.query.complete.model import Idea, Parts, Sort
from st2lang.query.receivers import Receivers
from st2lang.query.words import CHAIN_CONTEXT
from st2lang.symbols import Role
from st2lang.yaml import Mapping

_OUTCOMES = frozenset({"succeeded", "failed", "completed"})
_OF_TASKS = frozenset({"task", "task_status", "task_state"})
_INSIDE_TASKS = frozenset({"result", "item"}) | _OUTCOMES
_LITERALS = {"yaql": ("true", "false", "null"), "jinja": ("true", "false", "none")}
_IN_TRANSITIONS = frozenset({Role.WHEN, Role.PUBLISH})


def offers(ask: Ask, code: Code) -> Iterator[Idea]:
    """Operands, those first that make most sense where the expression stands."""
    task = ask.cursor.task
    receivers = Receivers(ask.document, code, task)
    for name in receivers.locals():
        text = f"${name}" if code.language == "yaql" else name
        yield Idea(text, Sort.VARIABLE, rank=1, detail="bound in this text")
    if _in_lambda(code):
        yield Idea("$", Sort.VARIABLE, rank=1, detail="the element")
    if ask.document.workflow is None:
        yield from _of_metadata(ask)
    else:
        yield from names.context(ask, code)
        yield from _items(ask, code)
    if not ask.orquesta:
        yield from _given(ask)
    for record in calling.plain_functions(code.table):
        rank = _rank(ask, record.name)
        if rank:
            yield calling.idea(record, code.table, code, rank, Sort.FUNCTION, bare=False)
    for word in _LITERALS[code.language]:
        yield Idea(word, Sort.KEYWORD, rank=8)


def _rank(ask: Ask, name: str) -> int:
    """How likely a function is at a place; 0 where it makes no sense."""
    if ask.document.workflow is None or not ask.orquesta:
        return 6
    role, task = ask.place.role, ask.cursor.task
    if name in _INSIDE_TASKS:
        if task is None or role in (Role.INPUT, Role.VARS, Role.OUTPUT):
            return 0
        if name == "item":
            return 5 if task.items is not None and role in (Role.ACTION, Role.PARAMETER) else 0
        if name in _OUTCOMES:
            return 1 if role is Role.WHEN else 6 if role is Role.PUBLISH else 0
        return 2 if role in _IN_TRANSITIONS else 6
    if name in _OF_TASKS and role in (Role.INPUT, Role.VARS):
        return 0
    return 5 if name in ("ctx", "st2kv", *_OF_TASKS) else 6


def _items(ask: Ask, code: Code) -> Iterator[Idea]:
    """`item()` and `item(name)` of the task's own `with`."""
    task = ask.cursor.task
    if not ask.orquesta or task is None or task.items is None:
        return
    if ask.place.role not in (Role.ACTION, Role.PARAMETER):
        return
    for name in names.items(ask):
        argument = name if code.language == "yaql" else names.quoted_name(ask, code, name)
        parts: Parts = (f"item({argument})",)
        yield Idea(parts[0], Sort.ITEM, parts, 1, "item of this task", typed=f"{name} item")  # type: ignore[arg-type]


def _given(ask: Ask) -> Iterator[Idea]:
    """What the runner of a chain, and metadata, have beside the variables."""
    known = {variable.name for variable in ask.variables}
    for name, documentation in CHAIN_CONTEXT.items():
        if name not in known and not name.startswith("__"):
            yield Idea(name, Sort.VARIABLE, None, 5, "given by StackStorm", documentation)


def _of_metadata(ask: Ask) -> Iterator[Idea]:
    """The other parameters of an action, of which a default may be made."""
    from st2lang.query.tree import root_of

    root = root_of(ask.document)
    parameters = root.get("parameters") if root is not None else None
    if isinstance(parameters, Mapping):
        for key, _ in parameters.items():
            if key.value not in ask.cursor.path:
                yield Idea(key.value, Sort.PARAMETER, rank=3, detail="parameter of this action")


def _in_lambda(code: Code) -> bool:
    """Whether the cursor is among the arguments of a YAQL method, where `$` may be its element."""
    call = code.call
    return code.language == "yaql" and call is not None and call.calls == "method"
