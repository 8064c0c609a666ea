"""What is known about a value before the workflow runs.

A small lattice: `NEVER` below everything, `ANY` above everything, and between them only the
distinctions that a workflow author can act on. It is made for never being wrong rather than for
being complete: where it cannot tell, `assignable` answers None and nobody reports anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from st2lang.record import record

_UNION_LIMIT = 4
"""A union of more members than this says nothing useful and becomes `ANY`."""

_DEPTH_LIMIT = 6
"""How deep values and schemas are looked into; what lies deeper is `ANY`."""


@record
class Named:
    """A type without parts: `STRING`, `INTEGER`, `DATETIME` and the like. Use the constants."""

    name: str
    plural: str

    def __str__(self) -> str:
        return self.name


@record
class List:
    """A list, set, tuple or iterator, which YAQL and Jinja let pass for one another."""

    element: Type

    def __str__(self) -> str:
        if self.element == ANY:
            return "list"
        return "empty list" if self.element == NEVER else f"list of {_plural(self.element)}"


@record
class Dict:
    """A mapping with string keys: the fields known by name, and the type of all others.

    `value` is `NEVER` when there are no others.
    """

    value: Type
    fields: tuple[tuple[str, Type], ...] = ()

    def __str__(self) -> str:
        if self.value in (ANY, NEVER) or self.fields:
            return "dict"
        return f"dict of {_plural(self.value)}"


@record
class Lambda:
    """An expression that the function evaluates itself, as often as it wants."""

    returns: Type

    def __str__(self) -> str:
        return "lambda"


@record
class Union:
    """One of several types. Made by `join` only, which keeps it flat, ordered and short."""

    members: tuple[Type, ...]

    def __str__(self) -> str:
        *first, last = map(str, self.members)
        return f"{', '.join(first)} or {last}"


@record
class Variable:
    """A type that a call decides: the `T` in `first(collection: list<T>) -> T`."""

    name: str

    def __str__(self) -> str:
        return self.name


Type = Named | List | Dict | Lambda | Union | Variable

ANY = Named("any value", "values")
NEVER = Named("no value", "values")
NULL = Named("null", "nulls")
BOOLEAN = Named("boolean", "booleans")
INTEGER = Named("integer", "integers")
NUMBER = Named("number", "numbers")
STRING = Named("string", "strings")
BYTES = Named("bytes", "bytes")
DATETIME = Named("datetime", "datetimes")
TIMESPAN = Named("timespan", "timespans")
REGEX = Named("regex", "regexes")
MAPPING_RULE = Named("key => value", "key => value pairs")
LIST = List(ANY)
DICT = Dict(ANY)
LAMBDA = Lambda(ANY)


def _plural(kind: Type) -> str:
    match kind:
        case Named(plural=plural):
            return plural
        case List(element=element):
            return "lists" if element in (ANY, NEVER) else f"lists of {_plural(element)}"
        case Dict():
            return "dicts"
        case Union(members=members):
            return f"({' or '.join(map(_plural, members))})"
        case _:
            return f"{kind}s"


@lru_cache(maxsize=4096)
def join(first: Type, second: Type) -> Type:
    """The smallest type that holds both: `join(INTEGER, NUMBER)` is `NUMBER`.

    Commutative and associative up to the order of a union's members; a union of more than four
    members becomes `ANY`.
    """
    if first in (second, ANY) or second == NEVER:
        return first
    if first == NEVER or second == ANY:
        return second
    members = [*_members(first)]
    for member in _members(second):
        _absorb(members, member)
    if len(members) == 1:
        return members[0]
    return Union(tuple(sorted(members, key=_order))) if len(members) <= _UNION_LIMIT else ANY


def join_all(kinds: Iterable[Type]) -> Type:
    """The smallest type that holds all of them; `NEVER` for none."""
    result: Type = NEVER
    for kind in kinds:
        result = join(result, kind)
    return result


def _members(kind: Type) -> tuple[Type, ...]:
    return kind.members if isinstance(kind, Union) else (kind,)


def _absorb(members: list[Type], new: Type) -> None:
    """Add a type to the members of a union, merging it with one of its own sort."""
    for index, old in enumerate(members):
        merged = _merge(old, new)
        if merged is not None:
            members[index] = merged
            return
    members.append(new)


def _merge(first: Type, second: Type) -> Type | None:
    """The join of two types when that is not a union, else None."""
    match first, second:
        case (List(element=a), List(element=b)):
            return List(join(a, b))
        case (Dict(), Dict()):
            return _merge_dicts(first, second)
        case (Lambda(returns=a), Lambda(returns=b)):
            return Lambda(join(a, b))
        case _ if first == second:
            return first
        case (Named(), Named()) if {first, second} == {INTEGER, NUMBER}:
            return NUMBER
    return None


def _merge_dicts(first: Dict, second: Dict) -> Dict:
    """Fields of both stay fields; a field of one only is just another possible key."""
    ours, theirs = dict(first.fields), dict(second.fields)
    shared = tuple(
        sorted((key, join(ours[key], theirs[key])) for key in ours.keys() & theirs.keys())
    )
    single = [kind for key, kind in first.fields if key not in theirs]
    single += [kind for key, kind in second.fields if key not in ours]
    return Dict(join_all([first.value, second.value, *single]), shared)


_ORDER = (STRING, INTEGER, NUMBER, BOOLEAN)


def _order(kind: Type) -> tuple[int, str]:
    if kind == NULL:
        return (len(_ORDER) + 1, "")
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), repr(kind))


@lru_cache(maxsize=4096)
def assignable(value: Type, target: Type) -> bool | None:
    """Whether a value of one type fits a place of another.

    True: always. False: never, so it may be reported. None: that depends on the value, or nothing
    is known, so it must not be reported.
    """
    if target == ANY or value in (NEVER, target):
        return True
    match value, target:
        case (Union(members=members), _):
            return _all([assignable(member, target) for member in members])
        case (_, Union(members=members)):
            return _any([assignable(value, member) for member in members])
        case (List(element=a), List(element=b)):
            return assignable(a, b)
        case (Dict(), Dict()):
            return _dict_assignable(value, target)
        case (Lambda(), _) | (_, Lambda()) | (Variable(), _) | (_, Variable()):
            return None
        case _ if value == ANY or target == NEVER:
            return None
        case (Named(), Named()) if value == NUMBER and target == INTEGER:
            return None
    return value == INTEGER and target == NUMBER


def _dict_assignable(value: Dict, target: Dict) -> bool | None:
    ours = dict(value.fields)
    answers = [assignable(ours.get(key, value.value), kind) for key, kind in target.fields]
    named = {key for key, _ in target.fields}
    answers += [assignable(kind, target.value) for key, kind in value.fields if key not in named]
    answers.append(assignable(value.value, target.value))
    return False if False in answers else _all(answers)


def _all(answers: list[bool | None]) -> bool | None:
    """True when all are, False when none can be, else None: some values fit and others do not."""
    if all(answer is True for answer in answers):
        return True
    return False if answers and all(answer is False for answer in answers) else None


def _any(answers: list[bool | None]) -> bool | None:
    if any(answer is True for answer in answers):
        return True
    return False if all(answer is False for answer in answers) else None


def of_value(value: object, depth: int = _DEPTH_LIMIT) -> Type:
    """The type of a Python value as YAML or JSON loading gives it. Never raises."""
    if isinstance(value, bool):
        return BOOLEAN
    for python, kind in ((str, STRING), (int, INTEGER), (float, NUMBER), (bytes, BYTES)):
        if isinstance(value, python):
            return kind
    if value is None:
        return NULL
    if isinstance(value, Mapping):
        return _of_mapping(value, depth)
    if isinstance(value, list | tuple | set | frozenset):
        return List(join_all(of_value(item, depth - 1) for item in value)) if depth else LIST
    return _of_time(value)


def _of_time(value: object) -> Type:
    import datetime

    if isinstance(value, datetime.timedelta):
        return TIMESPAN
    return DATETIME if isinstance(value, datetime.date) else ANY


def _of_mapping(value: Mapping[object, object], depth: int) -> Type:
    if not depth:
        return DICT
    fields = {key: of_value(item, depth - 1) for key, item in value.items() if isinstance(key, str)}
    others = join_all(of_value(v, depth - 1) for k, v in value.items() if not isinstance(k, str))
    return Dict(others, tuple(sorted(fields.items(), key=lambda field: field[0])))


_JSON_TYPES: dict[str, Type] = {
    "string": STRING,
    "integer": INTEGER,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "array": LIST,
    "object": DICT,
    "null": NULL,
}


def from_json_schema(schema: object, depth: int = _DEPTH_LIMIT) -> Type:
    """The type that a StackStorm parameter or output schema describes.

    `type` may be one type, a list of them or missing; what is not understood is `ANY`. Whether a
    parameter may be left out or null is not looked at: that is the caller's to know.
    """
    if not isinstance(schema, Mapping) or not depth:
        return ANY
    names = schema.get("type")
    names = names if isinstance(names, list | tuple) else [names]
    if not names or not all(isinstance(name, str) and name in _JSON_TYPES for name in names):
        return _from_alternatives(schema, depth)
    return join_all(_from_json_type(name, schema, depth) for name in names)


def _from_alternatives(schema: Mapping[str, object], depth: int) -> Type:
    """`anyOf` and `oneOf`, where StackStorm's own schemas use them instead of a list of types."""
    for key in ("anyOf", "oneOf"):
        options = schema.get(key)
        if "type" not in schema and isinstance(options, list) and options:
            return join_all(from_json_schema(option, depth - 1) for option in options)
    return ANY


def _from_json_type(name: str, schema: Mapping[str, object], depth: int) -> Type:
    if name == "array":
        return List(from_json_schema(schema.get("items"), depth - 1))
    if name == "object":
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            fields = {
                str(key): from_json_schema(part, depth - 1) for key, part in properties.items()
            }
            closed = schema.get("additionalProperties") is False
            return Dict(NEVER if closed else ANY, tuple(sorted(fields.items())))
    return _JSON_TYPES[name]


def field(kind: Type, name: str) -> Type | None:
    """The type of a field of a dict; None when a dict with known keys has no such key.

    `ANY` for whatever is not known to be a dict.
    """
    if not isinstance(kind, Dict):
        return ANY
    known = dict(kind.fields).get(name)
    if known is not None:
        return known
    return None if kind.value == NEVER else kind.value


def element(kind: Type) -> Type:
    """The type of the elements of a list; `ANY` for whatever is not known to be a list."""
    return kind.element if isinstance(kind, List) else ANY
