"""The shapes of metadata files: action metadata, `pack.yaml`, `config.schema.yaml`.

JSON Schema (draft 4) as data. `title` says what is expected, for messages; `description` what a key means,
for hover. Facts: st2common/models/api/action.py, notification.py and pack.py, StackStorm 3.8. Keys that
are not required may be null: StackStorm puts the default there. What the attributes of a parameter must
hold in detail is told by `rules.check_parameters`.
"""

from __future__ import annotations

from typing import Any

from st2lang.catalog.models import TYPES
from st2lang.catalog.rules import ATTRIBUTES

Schema = dict[str, Any]


def _optional(kind: str, title: str, description: str, **more: Any) -> Schema:
    """A value that may be left empty."""
    return {
        "oneOf": [{"type": kind, "title": title, **more}, {"type": "null"}],
        "title": title,
        "description": description,
    }


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "title": "text", "description": description, **more}


_ATTRIBUTE_HELP = {
    "type": "The JSON type of the value: " + ", ".join(TYPES) + ".",
    "description": "What the parameter is for.",
    "default": "The value when none is given.",
    "required": "Whether a value must be given (a default counts as one).",
    "secret": "Whether the value is masked wherever StackStorm shows it.",
    "immutable": "Whether the default is the only value there can be.",
    "position": "The place of the value among the positional arguments of a script, from 0.",
    "enum": "The values that are allowed.",
    "pattern": "A regular expression that the text must match somewhere.",
    "items": "The schema of the entries of a list.",
    "properties": "The schemas of the entries of a mapping.",
}

PARAMETER_SCHEMA: Schema = {
    "type": "object",
    "title": "a mapping of attributes",
    "description": "One parameter: its type, whether it is required, its default …",
    "additionalProperties": False,
    "properties": {
        name: {"title": holds, "description": _ATTRIBUTE_HELP.get(name, f"Holds {holds}.")}
        for name, holds in ATTRIBUTES.items()
    },
}
"""The attributes that a parameter may have (for completion and hover)."""

PARAMETERS_SCHEMA: Schema = _optional(
    "object",
    "a mapping of parameters",
    "The parameters of the action by name.",
)

_NOTIFICATION: Schema = {
    "type": "object",
    "title": "a notification",
    "description": "What to tell, and where.",
    "additionalProperties": False,
    "properties": {
        "message": _text("The message to send."),
        "data": {
            "type": "object",
            "title": "a mapping",
            "description": "Data sent beside the message.",
        },
        "routes": {
            "type": "array",
            "title": "a list of routes",
            "description": "Where to send it.",
        },
        "channels": {
            "type": "array",
            "title": "a list of channels",
            "description": "Old name of `routes`.",
        },
    },
}

ACTION_SCHEMA: Schema = {
    "type": "object",
    "title": "action metadata",
    "required": ["name", "runner_type"],
    "additionalProperties": False,
    "properties": {
        "name": _text(
            "The action's name; with the pack's it makes the reference `pack.name`.", minLength=1
        ),
        "pack": _optional("string", "the ref of a pack", "The pack that the action belongs to."),
        "description": _optional("string", "text", "What the action does."),
        "enabled": _optional("boolean", "true or false", "Whether the action may run."),
        "runner_type": _text("What runs the action.", minLength=1),
        "entry_point": _optional("string", "a path", "The file that runs, relative to `actions`."),
        "parameters": PARAMETERS_SCHEMA,
        "output_schema": _optional("object", "a schema", "What the action returns."),
        "output_key": _optional(
            "string", "text", "The key of the result that `output_schema` describes."
        ),
        "tags": _optional(
            "array",
            "a list of mappings",
            "Labels of the action.",
            items={"type": "object", "title": "a mapping"},
        ),
        "notify": _optional(
            "object",
            "a mapping of notifications",
            "Whom to tell when the action ends.",
            additionalProperties=False,
            properties={
                "on-complete": _NOTIFICATION,
                "on-success": _NOTIFICATION,
                "on-failure": _NOTIFICATION,
            },
        ),
        "ref": _optional(
            "string", "text", "Computed by StackStorm; what is written here is ignored."
        ),
        "id": _optional("string", "text", "Set by StackStorm."),
        "uid": _optional("string", "text", "Set by StackStorm."),
        "metadata_file": _optional("string", "a path", "Set by StackStorm."),
    },
}
"""Files in `actions/`."""

_NAMES = {"items": {"type": "string", "title": "text"}}
_ST2_VERSION = r"^((>?>|>=|=|<=|<?<)\s*[0-9]+\.[0-9]+\.[0-9]+?(\s*,)?\s*)+$"

PACK_SCHEMA: Schema = {
    "type": "object",
    "title": "pack metadata",
    "required": ["name", "description", "version", "author"],
    "additionalProperties": True,
    "properties": {
        "name": _text("The display name.", minLength=1),
        "ref": _optional(
            "string",
            "a name of lower-case letters, digits and underscores",
            "What references to the pack's actions begin with; by default the name of the folder.",
            pattern="^[a-z0-9_]+$",
        ),
        "description": _text("What the pack is for."),
        "version": {
            "oneOf": [
                {
                    "type": "string",
                    "title": "a version such as 1.2.3",
                    "pattern": r"^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))?"
                    r"(?:-[\da-z\-]+(?:\.[\da-z\-]+)*)?(?:\+[\da-z\-]+(?:\.[\da-z\-]+)*)?$",
                },
                {"type": "number"},
            ],
            "title": "a version such as 1.2.3",
            "description": "The pack's version (three numbers, semver).",
        },
        "author": _text("Who wrote the pack."),
        "email": _optional("string", "an e-mail address", "How to reach the author."),
        "keywords": _optional("array", "a list of words", "Words to find the pack by.", **_NAMES),
        "stackstorm_version": _optional(
            "string",
            "conditions such as `>=3.0.0, <4.0.0`",
            "The StackStorm releases that the pack works with.",
            pattern=_ST2_VERSION,
        ),
        "python_versions": _optional(
            "array",
            'a list of "2" and "3"',
            "The major Python versions that the pack works with.",
            minItems=1,
            maxItems=2,
            uniqueItems=True,
            items={"type": "string", "enum": ["2", "3"], "title": '"2" or "3" in quotes'},
        ),
        "contributors": _optional(
            "array",
            "a list of people",
            "Who else wrote it.",
            items={"type": "string", "title": "a name of at most 100 characters", "maxLength": 100},
        ),
        "dependencies": _optional("array", "a list of packs", "Packs that it needs.", **_NAMES),
        "files": _optional("array", "a list of files", "Set by StackStorm.", **_NAMES),
        "system": _optional("object", "a mapping", "Packages of the system that it needs."),
        "id": _optional("string", "text", "Set by StackStorm."),
        "uid": _optional("string", "text", "Set by StackStorm."),
        "path": _optional("string", "a path", "Set by StackStorm."),
    },
}
"""`pack.yaml`; StackStorm lets unknown keys pass."""

CONFIG_SCHEMA: Schema = {
    "type": "object",
    "title": "the configuration that the pack asks for",
}
"""`config.schema.yaml`: attributes by name, declared as parameters are (`rules.check_parameters`)."""
