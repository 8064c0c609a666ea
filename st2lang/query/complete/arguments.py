"""Arguments that name something, names of arguments, and strings that are compared with something known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang import functions
from st2lang.functions.calls import parameter_at
from st2lang.functions.record import Kind
from st2lang.query import receivers
from st2lang.query.code import Code, Open
from st2lang.query.complete import datastore, names
from st2lang.query.complete.asking import Ask
from st2lang.query.complete.model import Hole, Idea, Sort
from st2lang.query.receivers import Receivers
from st2lang.query.segments import Form
from st2lang.query.words import STATUSES
from st2lang.record import replace
from st2lang.symbols.yaql import GUARDS

if TYPE_CHECKING:
    from st2lang.functions.record import Function

_COMPARES = frozenset({"=", "==", "!="})
_KINDS = {
    "function": Kind.FUNCTION,
    "method": Kind.FUNCTION,
    "filter": Kind.FILTER,
    "test": Kind.TEST,
}


def called(code: Code, call: Open) -> Function | None:
    """The record of what an open call calls."""
    return functions.lookup(code.table, call.name, _KINDS[call.calls])


def in_string(ask: Ask, code: Code) -> Iterator[Idea]:
    """What the string that is open at the cursor may say."""
    yield from named(ask, code)
    yield from _compared(ask, code)
    yield from _indexed(ask, code)


def named(ask: Ask, code: Code) -> Iterator[Idea]:
    """The names that an argument may be, in the form that the language asks for."""
    inner = code.opened[-1] if code.opened else None
    if inner is None or not inner.name:
        return
    for idea in _of(ask, code, _names_of(ask, code, inner)):
        yield replace(idea, parts=names.as_argument(ask, code, idea.label))


def _names_of(ask: Ask, code: Code, call: Open) -> str:
    """What an argument is the name of: a kind of `functions.record.Parameter.names`."""
    if call.calls == "method" and call.name in GUARDS and not call.argument:
        operand = Receivers(ask.document, code, ask.cursor.task).text(call.at - 2)
        return "variable" if receivers.is_context(operand) else ""
    record = called(code, call)
    for signature in record.signatures if record is not None else ():
        if call.keyword:
            by_name = (p for p in signature.parameters if p.name == call.keyword)
            parameter = next(by_name, None)
        else:
            parameter = parameter_at(signature, call.positional + (call.calls != "function"))
        if parameter is not None and parameter.names:
            return parameter.names
    return ""


def _of(ask: Ask, code: Code, kind: str) -> Iterator[Idea]:
    match kind:
        case "variable":
            yield from names.variables(ask)
        case "task":
            yield from names.tasks(ask)
        case "item":
            for name in names.items(ask):
                yield Idea(name, Sort.ITEM, rank=2, detail="item of this task")
        case "key":
            yield from datastore.keys(ask)
        case "filter" | "test":
            wanted = Kind.FILTER if kind == "filter" else Kind.TEST
            for name in functions.names(code.table, wanted) if code.quote else ():
                yield Idea(name, Sort(kind), rank=4)


def keywords(code: Code) -> Iterator[Idea]:
    """The names of arguments that a call may still be given."""
    inner = code.opened[-1] if code.opened else None
    if inner is None or not inner.name or inner.keyword:
        return
    last = code.last
    if last is None or last.text not in ("(", ","):
        return
    record = called(code, inner)
    assign = " => " if code.language == "yaql" else "="
    seen: set[str] = set(inner.keywords)
    for signature in record.signatures if record is not None else ():
        places = [p for p in signature.parameters if not p.keyword_only]
        passed = {p.name for p in places[: inner.positional + (inner.calls != "function")]}
        for parameter in signature.parameters:
            usable = parameter.keyword_only or not parameter.required
            if not usable or parameter.variadic or parameter.any_keyword:
                continue
            if parameter.name in seen or parameter.name in passed:
                continue
            seen.add(parameter.name)
            default = f" = {parameter.default}" if parameter.default else ""
            yield Idea(
                f"{parameter.name}{assign}",
                Sort.PARAMETER,
                (f"{parameter.name}{assign}", Hole(1)),
                rank=4,
                detail=f"{parameter.type}{default}",
                typed=parameter.name,
            )


def _compared(ask: Ask, code: Code) -> Iterator[Idea]:
    """What the value on the other side of a comparison may be."""
    operand = _other_side(ask, code)
    if not operand:
        return
    compact = operand.replace(" ", "")
    if compact.startswith(("task_status(", "task_state(")) or _is_status(compact, code):
        for status, words in STATUSES.items():
            yield _string(code, status, Sort.STATUS, words)
        return
    variable = _variable(compact)
    for action in ask.document.actions if variable else ():
        parameter = action.parameters.get(variable)
        for value in (parameter.enum or ()) if parameter is not None else ():
            if isinstance(value, str):
                yield _string(code, value, Sort.VALUE, f"value of {variable}")


def _string(code: Code, text: str, sort: Sort, detail: str) -> Idea:
    close = "" if code.quote_closed else code.quote
    return Idea(text, sort, (names.escaped(text, code.quote) + close,), 2, detail)


def _is_status(operand: str, code: Code) -> bool:
    """True for `task(x).status`."""
    inner = operand.removesuffix(".status")
    return inner != operand and receivers.task_named(inner, code.language) is not None


def _variable(operand: str) -> str:
    """The name in `ctx().name`, or a bare name."""
    name = operand.removeprefix("ctx().")
    return name if name.isidentifier() else ""


def _other_side(ask: Ask, code: Code) -> str:
    """The operand that the string at the cursor is compared with; "" where it is not."""
    words = code.words
    at = len(words) - 1
    if code.opened and code.opened[-1].bracket == "[":
        at = code.opened[-1].at - 1
        if at < 1 or words[at].text != "in":
            return ""
        if words[at - 1].text == "not":
            at -= 1
    elif at < 1 or words[at].form is not Form.OPERATOR or words[at].text not in _COMPARES:
        return ""
    return Receivers(ask.document, code, ask.cursor.task).text(at)


def _indexed(ask: Ask, code: Code) -> Iterator[Idea]:
    """The keys of what is indexed: `ctx()['…`, `result()['…`."""
    inner = code.opened[-1] if code.opened else None
    last = code.last
    if inner is None or inner.bracket != "[" or last is None or last.text != "[":
        return
    around = Receivers(ask.document, code, ask.cursor.task)
    operand = around.text(inner.at)
    if not operand:
        return
    close = "" if code.quote_closed else code.quote
    if receivers.is_context(operand):
        for idea in names.variables(ask):
            yield replace(idea, parts=(names.escaped(idea.label, code.quote) + close,))
        return
    for name, kind in receivers.members(around.type_before(inner.at)):
        text = names.escaped(name, code.quote) + close
        yield Idea(name, Sort.FIELD, (text,), 2, str(kind))
