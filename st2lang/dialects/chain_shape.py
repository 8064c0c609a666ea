"""The shape of an ActionChain file.

Facts: st2common/models/system/actionchain.py of StackStorm 3.10. `retry` is what our own runtime adds;
the check `action-chain-retry` tells about it.
"""

from __future__ import annotations

from st2lang.dialects.shape import Shape

_PARAMETERS: Shape = {
    "type": "object",
    "title": "a mapping of parameters",
    "description": "The parameters of the action.",
}
_NODE_NAME: Shape = {"type": "string", "minLength": 1, "title": "the name of a node"}
_WHOLE: Shape = {
    "oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "minLength": 1}],
    "title": "a whole number of at least 0 or an expression",
}

RETRY: Shape = {
    "type": "object",
    "title": "a retry block",
    "additionalProperties": False,
    "required": ["count"],
    "properties": {
        "count": {**_WHOLE, "description": "How many more tries after the first."},
        "delay": {**_WHOLE, "description": "Seconds to wait before each try."},
    },
}

NODE: Shape = {
    "type": "object",
    "title": "a node of a chain",
    "x-hints": {
        "action": "In an ActionChain this is `ref`.",
        "input": "In an ActionChain this is `parameters`.",
        "next": "In an ActionChain these are `on-success` and `on-failure`.",
        "on-error": "In an ActionChain this is `on-failure`.",
        "on-complete": "In an ActionChain this is `on-success` and `on-failure`.",
    },
    "additionalProperties": False,
    "required": ["name", "ref"],
    "properties": {
        "name": {**_NODE_NAME, "description": "Name of the node, unique in the chain."},
        "ref": {
            "type": "string",
            "minLength": 1,
            "title": "an action reference (`pack.action`)",
            "description": "The action to run.",
        },
        "parameters": _PARAMETERS,
        "params": {**_PARAMETERS, "description": "Old name of `parameters`."},
        "on-success": {
            "type": "string",
            "title": "the name of a node",
            "description": "The node to go to when the action succeeded.",
        },
        "on-failure": {
            "type": "string",
            "title": "the name of a node",
            "description": "The node to go to when the action failed.",
        },
        "publish": {
            "type": "object",
            "title": "a mapping of variables",
            "description": "Variables to set when the node has run, whatever its outcome.",
        },
        "notify": {
            "type": ["object", "null"],
            "title": "a mapping of notifications",
            "description": "Whom to tell how the node ended.",
        },
        "retry": {**RETRY, "description": "Run the node again when it failed."},
    },
}

CHAIN: Shape = {
    "type": "object",
    "title": "an ActionChain",
    "additionalProperties": False,
    "required": ["chain"],
    "properties": {
        "chain": {
            "type": "array",
            "title": "a list of nodes",
            "items": NODE,
            "minItems": 1,
            "description": "The nodes of the chain.",
        },
        "default": {
            "type": "string",
            "title": "the name of a node",
            "description": "The node to start with; the first one that no other leads to when missing.",
        },
        "vars": {
            "type": ["object", "null"],
            "title": "a mapping of variables",
            "description": "Variables set when the chain starts; they see only parameters and the datastore.",
        },
    },
}
