"""What StackStorm demands of the parameters that an action declares.

Facts: st2common's util/schema/action_params.json (which attributes there are), validators/api/action.py
(positions, immutable) and util/schema (what of a runner's parameter an action may change), StackStorm 3.8.
Sentences are our own; a check puts them at their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from st2lang.catalog.models import TYPES, Runner, types_of
from st2lang.catalog.values import check_against, describe, is_a, is_dynamic, words_for
from st2lang.problem import SpecPath
from st2lang.suggest import did_you_mean, listing, nearest


class Finding(NamedTuple):
    """Something wrong below `path` (keys from where the look began); `check` is the check it belongs to."""

    path: SpecPath
    message: str
    check: str


TYPE_NAMES = (*TYPES, "raw_string")

OVERRIDABLE = frozenset({"default", "description", "enum", "immutable", "required"})
"""What an action may say anew about a parameter of its runner."""

_SYNONYMS = {
    "int": "integer",
    "long": "integer",
    "str": "string",
    "text": "string",
    "bool": "boolean",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "list": "array",
    "tuple": "array",
    "dict": "object",
    "map": "object",
    "hash": "object",
    "mapping": "object",
    "json": "object",
    "none": "null",
    "nil": "null",
}

_COUNT = "a whole number of at least 0"
_SCHEMA = "a schema"
_SCHEMAS = "a mapping of schemas"
_LIST = "a list of schemas"
_EITHER = "true, false or a schema"

ATTRIBUTES: dict[str, str] = {
    "type": "a type name",
    "description": "text",
    "title": "text",
    "default": "anything",
    "required": "true or false",
    "secret": "true or false",
    "immutable": "true or false",
    "position": "a number of at least 0",
    "enum": "a list of values",
    "pattern": "a regular expression",
    "minimum": "a number",
    "maximum": "a number",
    "exclusiveMinimum": "true or false",
    "exclusiveMaximum": "true or false",
    "multipleOf": "a number above 0",
    "minLength": _COUNT,
    "maxLength": _COUNT,
    "minItems": _COUNT,
    "maxItems": _COUNT,
    "minProperties": _COUNT,
    "maxProperties": _COUNT,
    "uniqueItems": "true or false",
    "items": "a schema or a list of schemas",
    "additionalItems": _EITHER,
    "properties": _SCHEMAS,
    "patternProperties": _SCHEMAS,
    "additionalProperties": _EITHER,
    "dependencies": "a mapping",
    "definitions": _SCHEMAS,
    "allOf": _LIST,
    "anyOf": _LIST,
    "oneOf": _LIST,
    "not": _SCHEMA,
    "id": "text",
    "$schema": "text",
}
"""The attributes of a parameter, and what each holds."""


def check_parameters(block: Mapping[str, Any], runner: Runner | None = None) -> list[Finding]:
    """Everything wrong with a `parameters` block, paths from the block.

    `runner` is the action's runner when it is known.
    """
    found: list[Finding] = []
    for name, schema in block.items():
        if not re.fullmatch(r"\w+", name):
            message = f"parameter name `{name}` may only have letters, digits and underscores"
            found.append(Finding((name,), message, "invalid-value"))
        if not isinstance(schema, Mapping):
            message = f"parameter `{name}` must be a mapping of attributes, not {describe(schema)}"
            found.append(Finding((name,), message, "wrong-type"))
            continue
        found.extend(Finding((name, *p), m, c) for p, m, c in check_parameter_schema(schema))
        found.extend(_immutable(name, schema, runner))
        found.extend(_overrides(name, schema, runner))
    found.extend(_positions(block))
    return found


def check_parameter_schema(schema: Mapping[str, Any]) -> list[Finding]:
    """Everything wrong with one parameter's schema, paths from the schema."""
    return list(_schema(schema, (), top=True))


def _schema(schema: Mapping[str, Any], path: SpecPath, top: bool) -> Iterator[Finding]:
    for key, value in schema.items():
        expected = ATTRIBUTES.get(key)
        if expected is None:
            if (
                top
            ):  # StackStorm is strict about the parameter itself only, not about what is nested
                message = f"unknown attribute `{key}`{did_you_mean(key, ATTRIBUTES)}"
                yield Finding((*path, key), message, "unknown-key")
        elif key == "type":
            yield from _type(value, (*path, key), top)
        elif not _holds(expected, value):
            message = f"`{key}` must be {expected}, not {describe(value)}"
            yield Finding((*path, key), message, "wrong-type")
        else:
            yield from _inner(key, value, (*path, key))
    yield from _consistent(schema, path)


def _type(value: Any, path: SpecPath, top: bool) -> Iterator[Finding]:
    if isinstance(value, str):
        if value not in TYPE_NAMES:
            known = _SYNONYMS.get(value.lower()) or nearest(value.lower(), TYPE_NAMES)
            hint = f"; did you mean `{known}`?" if known else ""
            message = f"unknown type `{value}`, expected {listing(TYPE_NAMES[:-1])}{hint}"
            yield Finding(path, message, "invalid-value")
    elif isinstance(value, list) and not top:
        for index, item in enumerate(value):
            yield from _type(item, (*path, index), top=True)
    elif isinstance(value, list):
        message = "`type` of a parameter must be one name, not a list (`anyOf` holds alternatives)"
        yield Finding(path, message, "wrong-type")
    else:
        yield Finding(path, f"`type` must be a type name, not {describe(value)}", "wrong-type")


def _holds(expected: str, value: Any) -> bool:
    """True when an attribute's value is what `ATTRIBUTES` says."""
    match expected:
        case "text":
            return isinstance(value, str)
        case "true or false":
            return isinstance(value, bool)
        case "a number":
            return is_a("number", value)
        case "a number of at least 0":
            return is_a("number", value) and value >= 0
        case "a number above 0":
            return is_a("number", value) and value > 0
        case "a whole number of at least 0":
            return is_a("integer", value) and value >= 0
        case "a regular expression":
            return isinstance(value, str) and _compiles(value)
        case "a list of values" | "a list of schemas":
            return isinstance(value, list) and bool(value)
        case "a schema" | "a mapping" | "a mapping of schemas":
            return isinstance(value, Mapping)
        case "a schema or a list of schemas":
            return isinstance(value, Mapping) or (isinstance(value, list) and bool(value))
        case "true, false or a schema":
            return isinstance(value, (bool, Mapping))
    return True


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _inner(key: str, value: Any, path: SpecPath) -> Iterator[Finding]:
    """Findings in the schemas that an attribute holds."""
    expected = ATTRIBUTES[key]
    if "schema" not in expected or len(path) > 40:
        return
    if expected == _SCHEMAS:
        inner = [((*path, name), schema) for name, schema in value.items()]
    elif isinstance(value, list):
        inner = [((*path, index), schema) for index, schema in enumerate(value)]
    else:
        inner = [(path, value)]
    for place, schema in inner:
        if isinstance(schema, Mapping):
            yield from _schema(schema, place, top=False)
        elif not isinstance(value, bool):
            message = f"`{place[-1]}` in `{key}` must be a schema, not {describe(schema)}"
            yield Finding(place, message, "wrong-type")


def _consistent(schema: Mapping[str, Any], path: SpecPath) -> Iterator[Finding]:
    """Attributes that contradict each other."""
    for bound in ("minimum", "maximum"):
        exclusive = f"exclusive{bound.capitalize()}"
        if exclusive in schema and bound not in schema:
            message = f"`{exclusive}` needs a `{bound}` beside it"
            yield Finding((*path, exclusive), message, "missing-key")
    types, options = types_of(schema), schema.get("enum")
    if any(name not in TYPES for name in types):
        return
    seen: set[str] = set()
    for index, option in enumerate(options if isinstance(options, list) else ()):
        if repr(option) in seen:
            yield Finding(
                (*path, "enum", index), f"{describe(option)} is listed twice", "invalid-value"
            )
        seen.add(repr(option))
        if types and option is not None and not any(is_a(name, option) for name in types):
            message = f"{describe(option)} can never be {words_for(types)}, which `type` asks for"
            yield Finding((*path, "enum", index), message, "invalid-value")
    default = schema.get("default")
    if default is not None and not is_dynamic(default):
        complaint = check_against(schema, default)
        if complaint:
            yield Finding((*path, "default"), f"the default {complaint}", "invalid-value")


def _immutable(name: str, schema: Mapping[str, Any], runner: Runner | None) -> Iterator[Finding]:
    if "immutable" not in schema:
        return
    inherited = runner.parameters.get(name) if runner else None
    if inherited is not None and "immutable" in inherited.schema:
        message = f"`immutable` of `{name}` is fixed by the runner and cannot be changed"
        yield Finding((name, "immutable"), message, "invalid-value")
        return
    inherits = runner is None or (inherited is not None and inherited.has_default)
    if schema["immutable"] is True and "default" not in schema and not inherits:
        message = f"immutable parameter `{name}` needs a default: nobody can pass a value"
        yield Finding((name, "immutable"), message, "missing-key")


def _overrides(name: str, schema: Mapping[str, Any], runner: Runner | None) -> Iterator[Finding]:
    inherited = runner.parameters.get(name) if runner else None
    if inherited is None or runner is None:
        return
    for key, value in schema.items():
        if key in OVERRIDABLE or key not in ATTRIBUTES or inherited.schema.get(key) == value:
            continue
        message = (
            f"an action cannot change `{key}` of `{name}`, a parameter of its runner `{runner.name}`;"
            f" only {listing(sorted(OVERRIDABLE), 'and')} may differ"
        )
        yield Finding((name, key), message, "invalid-value")


def _positions(block: Mapping[str, Any]) -> Iterator[Finding]:
    taken: dict[float, str] = {}
    for name, schema in block.items():
        place = schema.get("position") if isinstance(schema, Mapping) else None
        if not isinstance(place, (int, float)) or isinstance(place, bool):
            continue
        if place in taken:
            message = f"parameters `{taken[place]}` and `{name}` have the same position {place}"
            yield Finding((name, "position"), message, "invalid-value")
        taken.setdefault(place, name)
    gap = next((p for i, p in enumerate(sorted(taken)) if p != min(taken) + i), None)
    if gap is not None:
        message = (
            f"positions must follow each other without a gap; nothing comes right before {gap}"
        )
        yield Finding((taken[gap], "position"), message, "invalid-value")
