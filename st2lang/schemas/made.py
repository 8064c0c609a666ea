"""From shapes to JSON Schemas: what is our own is taken out, what only a check says is put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def orquesta() -> Schema:
    """Workflow files of Orquesta. `do` offers the commands of the engine; `version` must be there."""
    from st2lang.dialects.orquesta_shape import WORKFLOW
    from st2lang.graph import COMMANDS

    schema: Schema = plain(WORKFLOW)
    task = schema["properties"]["tasks"]["additionalProperties"]
    for part in task["properties"]["next"]["items"]["properties"]["do"]["oneOf"]:
        name = part.get("items", part)
        name["anyOf"] = [{"enum": sorted(COMMANDS)}, {"type": "string"}]
    schema["required"] = ["version", *schema["required"]]
    schema["definitions"] = {"task": task}
    schema["properties"]["tasks"].pop("patternProperties")
    schema["properties"]["tasks"]["additionalProperties"] = {"$ref": "#/definitions/task"}
    return schema


def chain() -> Schema:
    """ActionChain files. A node has `parameters` or `params`."""
    from st2lang.dialects.chain_shape import CHAIN

    schema: Schema = plain(CHAIN)
    node = schema["properties"]["chain"]["items"]
    node["not"] = {"required": ["parameters", "params"]}
    return schema


def action() -> Schema:
    """Metadata of actions. `runner_type` offers StackStorm's runners, and takes others."""
    from st2lang.catalog import builtin
    from st2lang.catalog.schemas import ACTION_SCHEMA

    schema: Schema = plain(ACTION_SCHEMA)
    runner = schema["properties"]["runner_type"]
    runner["anyOf"] = [{"enum": sorted(builtin.runner_names())}, {"type": "string"}]
    parameters = schema["properties"]["parameters"]["oneOf"][0]
    parameters |= {"propertyNames": {"pattern": r"^\w+$"}, "additionalProperties": _PARAMETER}
    schema["definitions"] = _definitions()
    return schema


def pack() -> Schema:
    """`pack.yaml`."""
    from st2lang.catalog.schemas import PACK_SCHEMA

    schema: Schema = plain(PACK_SCHEMA)
    return schema


def config() -> Schema:
    """`config.schema.yaml`: attributes by name, declared as parameters are."""
    from st2lang.catalog.schemas import CONFIG_SCHEMA

    return {
        **plain(CONFIG_SCHEMA),
        "propertyNames": {"pattern": r"^\w+$"},
        "additionalProperties": _PARAMETER,
        "definitions": _definitions(),
    }


def rehearsal() -> Schema:
    """Rehearsal files. There is a workflow, or its saved state; a mock is of a task, or of an action."""
    from st2lang.dialects.rehearsal_shape import CASE

    schema: Schema = plain(CASE)
    mock = schema["properties"]["mock_action_executions"]["items"]
    mock["anyOf"] = [{"required": ["task_id"]}, {"required": ["action"]}]
    schema["anyOf"] = [{"required": ["workflow"]}, {"required": ["workflow_state"]}]
    return schema


def plain(shape: Any) -> Any:
    """A copy of a shape without the keys that are our own."""
    if isinstance(shape, Mapping):
        return {key: plain(part) for key, part in shape.items() if not key.startswith("x-")}
    if isinstance(shape, list | tuple):
        return [plain(part) for part in shape]
    return shape


_PARAMETER = {"$ref": "#/definitions/parameter"}
_SCHEMA = {"$ref": "#/definitions/schema"}
_WHOLE = {"type": "integer", "minimum": 0}

_HOLDS: dict[str, Schema] = {
    "text": {"type": "string"},
    "anything": {},
    "true or false": {"type": "boolean"},
    "a number": {"type": "number"},
    "a number of at least 0": {"type": "number", "minimum": 0},
    "a number above 0": {"type": "number", "exclusiveMinimum": 0},
    "a whole number of at least 0": _WHOLE,
    "a regular expression": {"type": "string"},
    "a list of values": {"type": "array", "minItems": 1},
    "a list of schemas": {"type": "array", "minItems": 1, "items": _SCHEMA},
    "a schema": _SCHEMA,
    "a mapping": {"type": "object"},
    "a mapping of schemas": {"type": "object", "additionalProperties": _SCHEMA},
    "a schema or a list of schemas": {
        "anyOf": [_SCHEMA, {"type": "array", "minItems": 1, "items": _SCHEMA}]
    },
    "true, false or a schema": {"anyOf": [{"type": "boolean"}, _SCHEMA]},
}
"""What attributes hold, by the words of `catalog.rules.ATTRIBUTES`."""

_DEFAULTS: dict[str, list[str]] = {
    "string": ["string"],
    "array": ["array", "string"],
    "object": ["object", "string"],
    "boolean": ["boolean", "string"],
    "integer": ["number", "string", "boolean"],
    "number": ["number", "string", "boolean"],
}
"""What a default may be so that StackStorm can cast it: all text may be an expression."""


def _definitions() -> Schema:
    """A parameter of an action, and the schemas nested in one, with which StackStorm is less strict."""
    from st2lang.catalog.rules import ATTRIBUTES, TYPE_NAMES
    from st2lang.catalog.schemas import PARAMETER_SCHEMA

    described = plain(PARAMETER_SCHEMA["properties"])
    name: Schema = {"enum": list(TYPE_NAMES)}
    attributes = {
        key: {**(name if key == "type" else _HOLDS[holds]), **described[key]}
        for key, holds in ATTRIBUTES.items()
    }
    for key, part in attributes.items():
        if "$ref" in part:  # beside a reference draft 7 reads nothing else
            attributes[key] = {"allOf": [{"$ref": part.pop("$ref")}], **part}
    nested = {"anyOf": [name, {"type": "array", "items": name}], **described["type"]}
    bounds = {f"exclusive{bound.capitalize()}": [bound] for bound in ("minimum", "maximum")}
    defaults = [
        {
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {"properties": {"default": {"type": [*allowed, "null"]}}},
        }
        for kind, allowed in _DEFAULTS.items()
    ]
    return {
        "parameter": {
            **plain(PARAMETER_SCHEMA),
            "properties": attributes,
            "dependencies": bounds,
            "allOf": defaults,
        },
        "schema": {
            "type": "object",
            "title": "a schema",
            "properties": {**attributes, "type": nested},
            "dependencies": bounds,
        },
    }
