"""Reads the signatures that the family files write (see `record`). Memoised: each is parsed once."""

from __future__ import annotations

import re
from functools import lru_cache

from st2lang import types
from st2lang.functions.record import Kind, Parameter, Signature
from st2lang.patterns import lazy
from st2lang.types import Type

_TYPE = lazy(r"\s*([A-Za-z-]+)\s*(<)?")

_TYPES: dict[str, Type] = {
    "any": types.ANY,
    "null": types.NULL,
    "boolean": types.BOOLEAN,
    "integer": types.INTEGER,
    "number": types.NUMBER,
    "string": types.STRING,
    "bytes": types.BYTES,
    "datetime": types.DATETIME,
    "timespan": types.TIMESPAN,
    "regex": types.REGEX,
    "set": types.LIST,
    "mapping": types.MAPPING_RULE,
    "list": types.LIST,
    "iterable": types.LIST,
    "dict": types.DICT,
    "lambda": types.LAMBDA,
    "keyword": types.STRING,
    "task-record": types.Dict(
        types.NEVER,
        (
            ("end_timestamp", types.STRING),
            ("result", types.ANY),
            ("route", types.INTEGER),
            ("start_timestamp", types.STRING),
            ("status", types.STRING),
            ("task_execution_id", types.STRING),
            ("task_id", types.STRING),
            ("task_name", types.STRING),
            ("workflow_execution_id", types.STRING),
        ),
    ),
}

_REFERENCES = {
    "variable-name": "variable",
    "task-name": "task",
    "item-name": "item",
    "key-name": "key",
    "filter-name": "filter",
    "test-name": "test",
}
"""Parameter types that are strings naming something in the workflow or the datastore."""


@lru_cache(maxsize=2048)
def parse(form: str, kind: Kind = Kind.FUNCTION) -> Signature:
    """The signature that a form describes.

    Raises ValueError when the form is not one: a mistake in a family file, which the tests find.
    """
    call, arrow, returns = form.rpartition(" -> ")
    if not arrow:
        raise ValueError(f"{form!r} does not say what it returns")
    result = parse_type(returns)
    if kind is Kind.OPERATOR:
        return Signature(form, _operands(call), result, as_function=True, as_method=False)
    if kind is Kind.PROPERTY:
        receiver = Parameter("receiver", parse_type(call.rpartition(".")[0]))
        return Signature(form, (receiver,), result, as_function=False, as_method=True)
    return _parse_call(form, call, result)


def _parse_call(form: str, call: str, result: Type) -> Signature:
    parameters: list[Parameter] = []
    method = call.startswith("(")
    if method:
        receiver, _, call = call[1:].partition(")")
        parameters.append(_parameter(receiver, keyword_only=False))
    _, bracket, inside = call.partition("(")
    if not (bracket and inside.endswith(")")):
        raise ValueError(f"{form!r} is not a signature")
    extension = inside.startswith("this ")
    keyword_only = False
    for part in split(inside[:-1].removeprefix("this ")):
        if part == "*":
            keyword_only = True
        else:
            parameters.append(_parameter(part, keyword_only))
            keyword_only = keyword_only or parameters[-1].variadic
    return Signature(form, tuple(parameters), result, not method, method or extension)


def _operands(call: str) -> tuple[Parameter, ...]:
    """`string + string` as two parameters, whatever stands between and around the types."""
    words = re.findall(r"\b[A-Za-z][\w<>|]*", call)
    kinds = [parse_type(word) for word in words if _is_type(word)]
    names = ("operand",) if len(kinds) == 1 else ("left", "right", "default")
    return tuple(map(Parameter, names, kinds))


def _is_type(word: str) -> bool:
    return word.partition("<")[0] in _TYPES or word in ("T", "U")


def split(text: str) -> list[str]:
    """The parts of an argument list, split at commas that are not inside brackets or quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "<([{":
            depth += 1
        elif char in ">)]}":
            depth -= 1
        elif char == "," and not depth:
            parts.append(text[start:index].strip())
            start = index + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _parameter(text: str, keyword_only: bool) -> Parameter:
    name, colon, rest = text.partition(":")
    written, equals, default = rest.partition("=")
    variadic, any_keyword = text.startswith("*"), text.startswith("**")
    optional = name.endswith("?")
    name = name.strip("*?")
    if not (name.isidentifier() and colon):
        raise ValueError(f"{text!r} is not a parameter")
    reference = _REFERENCES.get(written.strip(), "")
    return Parameter(
        name=name,
        type=types.STRING if reference else parse_type(written),
        required=not (equals or optional or variadic),
        default=default.strip(),
        variadic=variadic and not any_keyword,
        any_keyword=any_keyword,
        keyword_only=keyword_only and not any_keyword,
        names=reference,
    )


@lru_cache(maxsize=512)
def parse_type(text: str) -> Type:
    """The type that `list<string>|null` and the like describe. Raises ValueError for anything else."""
    kind, end = _parse_union(text, 0)
    if text[end:].strip():
        raise ValueError(f"{text!r} is not a type")
    return kind


def _parse_union(text: str, position: int) -> tuple[Type, int]:
    kind, position = _parse_atom(text, position)
    while text[position : position + 1] == "|":
        other, position = _parse_atom(text, position + 1)
        kind = types.join(kind, other)
    return kind, position


def _parse_atom(text: str, position: int) -> tuple[Type, int]:
    match = _TYPE.match(text, position)
    if match is None:
        raise ValueError(f"{text!r} is not a type")
    name, position = match[1], match.end()
    if not match[2]:
        return _named(name, text), position
    inner, position = _parse_union(text, position)
    if text[position : position + 1] != ">":
        raise ValueError(f"{text!r} lacks a closing >")
    if name in ("list", "set", "iterable"):
        return types.List(inner), position + 1
    if name == "dict":
        return types.Dict(inner), position + 1
    if name == "lambda":
        return types.Lambda(inner), position + 1
    raise ValueError(f"{name!r} in {text!r} has no parts")


def _named(name: str, text: str) -> Type:
    if name in _TYPES:
        return _TYPES[name]
    if len(name) == 1 and name.isupper():
        return types.Variable(name)
    raise ValueError(f"{name!r} in {text!r} is not a type")
