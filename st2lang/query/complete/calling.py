"""Functions, methods, filters and tests, with their signatures; descriptions come when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from st2lang import functions, types
from st2lang.functions.record import Function, Kind
from st2lang.query.code import Code
from st2lang.query.complete.model import Hole, Idea, Parts, Sort
from st2lang.types import ANY, Type

_ARITHMETIC = frozenset("+-*/")


def call_parts(record: Function, takes_arguments: bool, followed: bool, bare: bool) -> Parts:
    """The name with its brackets and the cursor between them."""
    if followed or (bare and not takes_arguments):
        return (record.name,)
    return (f"{record.name}(", Hole(1), ")") if takes_arguments else (f"{record.name}()",)


def idea(record: Function, table: str, code: Code, rank: int, sort: Sort, bare: bool) -> Idea:
    """One function as an offer. With `bare` the brackets are left out when there is nothing in them."""
    return Idea(
        record.name,
        sort,
        call_parts(record, takes_arguments(record), _is_called(code), bare),
        rank=rank,
        detail=record.forms[0],
        topic=("function", table, record.kind.value, record.name),
        deprecated=bool(record.deprecated),
    )


def _is_called(code: Code) -> bool:
    """Whether brackets stand behind the name already."""
    end = code.end - code.offset
    return code.after[end : end + 1] == "("


def takes_arguments(record: Function) -> bool:
    """Whether there can be anything in the brackets."""
    receiver = record.kind in (Kind.FILTER, Kind.TEST)
    return any(
        len(s.parameters) > (1 if receiver or not s.as_function else 0) for s in record.signatures
    )


def must_have_arguments(record: Function) -> bool:
    """Whether every way to call it has something in the brackets."""
    return all(any(p.required for p in s.parameters[1:]) for s in record.signatures)


@cache
def plain_functions(table: str) -> tuple[Function, ...]:
    """What can be called without a receiver."""
    found = functions.table(table).items()
    return tuple(
        record
        for (kind, _), record in found
        if kind is Kind.FUNCTION and any(s.as_function for s in record.signatures)
    )


def filters(code: Code) -> Iterator[Idea]:
    """Jinja's filters."""
    for name in functions.names(code.table, Kind.FILTER):
        record = functions.lookup(code.table, name, Kind.FILTER)
        if record is not None:
            found = idea(record, code.table, code, 3, Sort.FILTER, bare=True)
            yield _without_brackets(found, record, code)


def _without_brackets(found: Idea, record: Function, code: Code) -> Idea:
    """A filter whose arguments may all be left out is mostly used without."""
    if must_have_arguments(record) or _is_called(code):
        return found
    return Idea(
        found.label,
        found.sort,
        (record.name,),
        found.rank,
        found.detail,
        topic=found.topic,
        deprecated=found.deprecated,
    )


def tests(code: Code) -> Iterator[Idea]:
    """Jinja's tests, the common ones first."""
    for name in functions.names(code.table, Kind.TEST):
        record = functions.lookup(code.table, name, Kind.TEST)
        if record is not None and name.isidentifier():
            rank = 2 if name in ("defined", "none", "undefined") else 3
            found = idea(record, code.table, code, rank, Sort.TEST, bare=True)
            yield _without_brackets(found, record, code)


@cache
def _methods() -> tuple[tuple[Function, tuple[Type, ...]], ...]:
    """YAQL's methods with the types that they can be called on."""
    found = []
    for (kind, _), record in functions.table("yaql").items():
        if kind in (Kind.FUNCTION, Kind.PROPERTY):
            receivers = tuple(s.parameters[0].type for s in record.signatures if s.as_method)
            if receivers:
                found.append((record, receivers))
    return tuple(found)


def methods(code: Code, receiver: Type) -> Iterator[Idea]:
    """YAQL's methods for a receiver, those that are made for its type first."""
    for record, receivers in _methods():
        fits = [_fits(receiver, kind) for kind in receivers]
        if not any(fit is not False for fit in fits):
            continue
        if record.kind is Kind.PROPERTY:
            if receiver != ANY:
                topic = ("function", "yaql", "property", record.name)
                yield Idea(record.name, Sort.FIELD, rank=2, detail=record.forms[0], topic=topic)
            continue
        special = receiver != ANY and any(
            fit and kind != ANY and not isinstance(kind, types.Variable)
            for fit, kind in zip(fits, receivers, strict=True)
        )
        yield Idea(
            record.name,
            Sort.METHOD,
            _method_parts(record, code),
            rank=4 if special else 5 if receiver == ANY else 6,
            detail=next(
                f for f, s in zip(record.forms, record.signatures, strict=True) if s.as_method
            ),
            topic=("function", "yaql", "function", record.name),
            deprecated=bool(record.deprecated),
        )


def _method_parts(record: Function, code: Code) -> Parts:
    more = any(len(s.parameters) > 1 for s in record.signatures if s.as_method)
    return call_parts(record, more, _is_called(code), bare=False)


def _fits(receiver: Type, kind: Type) -> bool | None:
    if isinstance(kind, types.Variable):
        return None
    if isinstance(receiver, types.List) and isinstance(kind, types.List):
        return True
    if isinstance(receiver, types.Dict) and isinstance(kind, types.Dict):
        return True
    return types.assignable(receiver, kind)


_METHODS_OF_PYTHON: dict[type, tuple[str, ...]] = {
    str: (
        "capitalize",
        "count",
        "endswith",
        "find",
        "format",
        "join",
        "lower",
        "lstrip",
        "replace",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "title",
        "upper",
        "zfill",
    ),
    dict: ("get", "items", "keys", "values"),
    list: ("count", "index"),
}
_WITHOUT_ARGUMENTS = frozenset(
    {"capitalize", "lower", "upper", "title", "items", "keys", "values", "splitlines"}
)


def python_methods(code: Code, receiver: Type) -> Iterator[Idea]:
    """Python's own methods, which Jinja lets one call on a value of a known type."""
    for python in _python_types(receiver):
        for name in _METHODS_OF_PYTHON[python]:
            parts: Parts = (f"{name}(", Hole(1), ")")
            if _is_called(code):
                parts = (name,)
            elif name in _WITHOUT_ARGUMENTS:
                parts = (f"{name}()",)
            documentation = (getattr(python, name).__doc__ or "").partition("\n\n")[0]
            detail = f"Python: {python.__name__}.{name}"
            yield Idea(name, Sort.METHOD, parts, 5, detail, " ".join(documentation.split()))


def _python_types(receiver: Type) -> tuple[type, ...]:
    match receiver:
        case types.STRING:
            return (str,)
        case types.Dict():
            return (dict,)
        case types.List():
            return (list,)
        case types.Union(members=parts):
            found = (python for part in parts for python in _python_types(part))
            return tuple(dict.fromkeys(found))
        case _:
            return ()
