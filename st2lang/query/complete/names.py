"""Names in expressions: variables, items, locals, tasks, keys of the datastore."""

from __future__ import annotations

import re
from collections.abc import Iterator

from st2lang.query.code import Code
from st2lang.query.complete.asking import Ask
from st2lang.query.complete.model import Idea, Parts, Sort
from st2lang.query.variables import Visible
from st2lang.yaml import Style

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


def rank_of(variable: Visible) -> int:
    """Certain variables first, then possible ones, those that do not lead here last."""
    return 2 if variable.certain else 3 if variable.reaches else 8


def detail_of(variable: Visible) -> str:
    """Where it is set, and whether it is set on every way."""
    if not variable.reaches:
        return f"{variable.words}; not on a way here"
    return variable.words if variable.certain else f"{variable.words}; maybe"


def variables(ask: Ask, only_identifiers: bool = False) -> Iterator[Idea]:
    """The variables in scope by their bare names."""
    for variable in ask.variables:
        if only_identifiers and not _IDENTIFIER.match(variable.name):
            continue
        yield Idea(
            variable.name,
            Sort.VARIABLE,
            rank=rank_of(variable),
            detail=detail_of(variable),
            topic=("variable", variable.name),
        )


def context(ask: Ask, code: Code) -> Iterator[Idea]:
    """The variables in scope as operands: `ctx().name`, in a chain `name`."""
    if not ask.orquesta:
        yield from variables(ask, only_identifiers=True)
        return
    for variable in ask.variables:
        name = variable.name
        simple = _IDENTIFIER.match(name) is not None
        text = f"ctx().{name}" if simple else f"ctx({quoted_name(ask, code, name)})"
        yield Idea(
            text,
            Sort.VARIABLE,
            rank=rank_of(variable) + 1,
            detail=detail_of(variable),
            topic=("variable", name),
            typed=name,
        )


def items(ask: Ask) -> tuple[str, ...]:
    """The names of an item of the task that the cursor is in."""
    task = ask.cursor.task
    return tuple(n.text for n in task.items.names) if task and task.items else ()


def tasks(ask: Ask) -> Iterator[Idea]:
    """The tasks of the workflow; those that have run before first."""
    workflow, own = ask.document.workflow, ask.cursor.task
    if workflow is None:
        return
    before = _before(ask)
    for name, task in workflow.tasks.items():
        is_own = own is not None and own.name.text == name
        rank = 2 if name in before else 3 if is_own else 5
        action = task.action.text if task.action is not None else ""
        yield Idea(name, Sort.TASK, rank=rank, detail=action, topic=("task", name))


def _before(ask: Ask) -> frozenset[str]:
    """The tasks on some way to the one that the cursor is in."""
    task = ask.cursor.task
    if task is None:
        return frozenset(ask.document.workflow.tasks if ask.document.workflow else ())
    flow = ask.document.flow
    found: set[str] = set()
    pending = [task.name.text]
    while pending:
        for edge in flow.into.get(pending.pop(), ()):
            if edge.source not in found:
                found.add(edge.source)
                pending.append(edge.source)
    return frozenset(found)


def quote_for(ask: Ask, code: Code) -> str:
    """The quotation mark for a string in an expression: one that the YAML around need not escape."""
    if code.scalar.style is not Style.SINGLE:
        return "'"
    outside = code.scalar.value[: code.base]
    return "'" if outside.count('"') % 2 else '"'


def quoted_name(ask: Ask, code: Code, name: str) -> str:
    """A name as a string of the expression."""
    mark = quote_for(ask, code)
    return f"{mark}{escaped(name, mark)}{mark}"


def escaped(name: str, mark: str) -> str:
    """The characters of a string literal."""
    return name.replace("\\", "\\\\").replace(mark, f"\\{mark}")


def as_argument(ask: Ask, code: Code, name: str) -> Parts:
    """A name where a call asks for one: bare where YAQL takes it, the rest of a string in one."""
    if code.quote:
        close = "" if code.quote_closed else code.quote
        return (escaped(name, code.quote) + close,)
    if code.language == "yaql" and _IDENTIFIER.match(name) and name not in _YAQL_WORDS:
        return (name,)
    return (quoted_name(ask, code, name),)


_YAQL_WORDS = frozenset({"true", "false", "null", "and", "or", "not", "in", "mod"})
