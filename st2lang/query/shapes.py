"""Which keys and values belong to a place, by the shapes that the checker holds files to."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from functools import cache
from typing import TYPE_CHECKING, Any

from st2lang.problem import SpecPath

if TYPE_CHECKING:
    from st2lang.dialects.shape import Shape

_NESTED = frozenset({"items", "additionalItems", "additionalProperties", "not"})
_NESTED_MAPPING = frozenset({"properties", "patternProperties", "definitions"})
_NESTED_LIST = frozenset({"allOf", "anyOf", "oneOf"})


def root(kind: str) -> Shape | None:
    """The shape of a whole file of a kind (`Document.kind`, or one that `kinds` assumes)."""
    match kind:
        case "orquesta":
            from st2lang.dialects.orquesta_shape import WORKFLOW

            return WORKFLOW
        case "action-chain":
            from st2lang.dialects.chain_shape import CHAIN

            return CHAIN
        case "action":
            return _action()
        case "pack":
            from st2lang.catalog.schemas import PACK_SCHEMA

            return PACK_SCHEMA
        case "rehearsal":
            from st2lang.dialects.rehearsal_shape import CASE

            return CASE
        case "config":
            return {"type": "object", "additionalProperties": _parameter()}
        case _:
            return None


def at(kind: str, path: SpecPath) -> Shape | None:
    """The shape of the value at a path; None where nothing is known about it."""
    shape = root(kind)
    for step in path:
        if shape is None:
            return None
        shape = _item(shape) if isinstance(step, int) else member(shape, step)
    return shape


def member(shape: Shape, name: str) -> Shape | None:
    """The shape of the value of a key of a mapping."""
    if "x-parameter" in shape:
        return _below_parameter(shape, name)
    inner = of_type(shape, "object")
    if inner is None:
        return None
    found = inner.get("properties", {}).get(name)
    if found is None:
        rest = inner.get("additionalProperties")
        found = rest if isinstance(rest, MappingType) and rest else None
    return found if isinstance(found, MappingType) else None


def keys(shape: Shape) -> MappingType[str, Shape]:
    """The keys that a mapping of this shape may have, with the shapes of their values."""
    inner = of_type(shape, "object")
    found: MappingType[str, Shape] = inner.get("properties", {}) if inner is not None else {}
    return found


def of_type(shape: Shape, name: str) -> Shape | None:
    """The part of a shape that describes values of one JSON type; None when there is none."""
    branches = shape.get("oneOf")
    if branches is not None:
        return next((found for one in branches if (found := of_type(one, name))), None)
    declared = shape.get("type")
    if declared == name or (isinstance(declared, list) and name in declared):
        return shape
    return shape if declared is None and name == "object" and "properties" in shape else None


def types_of(shape: Shape) -> tuple[str, ...]:
    """The JSON types that a value may have, in the order in which the shape names them."""
    branches = shape.get("oneOf")
    if branches is not None:
        return tuple(dict.fromkeys(name for one in branches for name in types_of(one)))
    declared = shape.get("type")
    if isinstance(declared, str):
        return (declared,)
    if isinstance(declared, list):
        return tuple(declared)
    return tuple(dict.fromkeys(_type_of(value) for value in shape.get("enum", ())))


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "number"


def values(shape: Shape) -> tuple[Any, ...]:
    """The values that are listed one by one: enumerations, and true and false.

    Where a number and the text of that number will do, only the number is given.
    """
    found: list[Any] = []
    for one in shape.get("oneOf", (shape,)):
        if one is not shape and "oneOf" in one:
            found += values(one)
        elif "enum" in one:
            found += one["enum"]
        elif one.get("type") == "boolean":
            found += [True, False]
    others = {str(value) for value in found if not isinstance(value, str)}
    return tuple(v for v in dict.fromkeys(found) if not (isinstance(v, str) and v in others))


def _item(shape: Shape) -> Shape | None:
    inner = of_type(shape, "array")
    found = inner.get("items") if inner is not None else None
    if isinstance(found, MappingType):
        return found
    return _parameter() if "x-schemas" in shape else None


@cache
def _action() -> Shape:
    """The metadata of an action, with the parameters described that the checker judges otherwise."""
    from st2lang.catalog.schemas import ACTION_SCHEMA

    properties = dict(ACTION_SCHEMA["properties"])
    for name in ("parameters", "output_schema"):
        properties[name] = {
            **{k: v for k, v in properties[name].items() if k != "oneOf"},
            "type": "object",
            "additionalProperties": _parameter(),
        }
    return {**ACTION_SCHEMA, "properties": properties}


@cache
def _parameter() -> Shape:
    """One parameter: attributes, some of which hold schemas of the same kind again."""
    from st2lang.catalog.models import TYPES
    from st2lang.catalog.schemas import PARAMETER_SCHEMA

    properties = dict(PARAMETER_SCHEMA["properties"])
    properties["type"] = {**properties["type"], "type": "string", "enum": list(TYPES)}
    for name, holds in properties.items():
        kind = _HELD.get(holds["title"])
        if kind is not None and "type" not in holds:
            properties[name] = {**holds, "type": kind}
    return {**PARAMETER_SCHEMA, "properties": properties, "x-parameter": True}


_HELD = {
    "text": "string",
    "true or false": "boolean",
    "a list of values": "array",
    "a list of schemas": "array",
    "a schema": "object",
    "a mapping": "object",
    "a mapping of schemas": "object",
    "a schema or a list of schemas": "object",
    "a regular expression": "string",
}
"""The JSON types of what an attribute of a parameter holds (`catalog.rules.ATTRIBUTES`)."""


def _below_parameter(shape: Shape, name: str) -> Shape | None:
    if name in _NESTED:
        return _parameter()
    held: Shape | None = shape["properties"].get(name)
    if name in _NESTED_MAPPING:
        return {**(held or {}), "type": "object", "additionalProperties": _parameter()}
    if name in _NESTED_LIST:
        return {**(held or {}), "type": "array", "x-schemas": True}
    return held
