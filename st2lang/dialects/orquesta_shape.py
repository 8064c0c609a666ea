"""The shape of an Orquesta workflow file.

Facts: orquesta/specs/types.py and orquesta/specs/native/v1/models.py of Orquesta 1.6.
"""

from __future__ import annotations

from st2lang.dialects.shape import Shape

ITEMS_PATTERN = r"^(?:(?:\w+,|\s)*\w+\s+in\s+|\s*)(?:<%.*?%>|\{\{.*?\}\})\s*$"
"""The string form of with-items: an expression on one line, or `x, y in` such an expression."""

TEXT: Shape = {"type": "string", "minLength": 1, "title": "non-empty text"}
_SECONDS: Shape = {
    "oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "minLength": 1}],
    "title": "a whole number of at least 0 or an expression",
}
_VALUE: Shape = {
    "type": ["null", "array", "boolean", "integer", "number", "object", "string"],
    "title": "a value that JSON can hold (quote dates to make them text)",
}
_PAIR: Shape = {
    "type": "object",
    "title": "a mapping with one key (`name: value`)",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": _VALUE,
}
_PAIRS: Shape = {
    "type": "array",
    "title": "a list of one-key mappings (`- name: value`)",
    "items": _PAIR,
    "minItems": 1,
    "uniqueItems": True,
}

_ITEMS_HELP = "Write `x in <% … %>` or `x, y in <% … %>`; the expression must be on one line."

TRANSITION: Shape = {
    "type": "object",
    "title": "a transition",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "when": {
            **TEXT,
            "title": "an expression",
            "description": "Condition of the transition, evaluated when the task has ended. Without it the transition always fires.",
        },
        "publish": {
            "oneOf": [
                _PAIRS,
                {"type": "string", "minLength": 1, "title": "inline pairs (`a=1 b=2`)"},
            ],
            "title": "a list of one-key mappings (`- name: value`) or inline pairs (`a=1 b=2`)",
            "description": "Variables to put into the context, evaluated in order.",
        },
        "do": {
            "oneOf": [
                {"type": "string", "minLength": 1, "title": "task names"},
                {
                    "type": "array",
                    "items": {"type": "string", "minLength": 1, "title": "a task name"},
                    "minItems": 1,
                    "uniqueItems": True,
                    "title": "a list of task names",
                },
            ],
            "title": "a task name or a list of task names",
            "description": "The tasks to run next, or one of the engine commands `continue`, `noop`, `fail` and `retry`. Without it the branch ends (`continue`).",
        },
    },
}

WITH: Shape = {
    "type": "object",
    "title": "a with-items block",
    "additionalProperties": False,
    "required": ["items"],
    "properties": {
        "items": {
            "type": "string",
            "minLength": 1,
            "pattern": ITEMS_PATTERN,
            "title": "an expression, or `name in <% … %>`",
            "x-help": _ITEMS_HELP,
            "description": "The list to go through; `x in <% … %>` names the item.",
        },
        "concurrency": {
            **_SECONDS,
            "description": "How many items may run at the same time; all of them when missing.",
        },
    },
}

RETRY: Shape = {
    "type": "object",
    "title": "a retry block",
    "additionalProperties": False,
    "required": ["count"],
    "properties": {
        "when": {
            **TEXT,
            "title": "an expression",
            "description": "Condition for another try; “when the task failed” when missing.",
        },
        "count": {**_SECONDS, "description": "How many more tries after the first."},
        "delay": {**_SECONDS, "description": "Seconds to wait before each try."},
    },
}

_IN_TRANSITION = "It belongs into a transition, an item of `next`."

TASK: Shape = {
    "type": "object",
    "title": "a task",
    "minProperties": 1,
    "x-hints": {
        "on-success": "In Orquesta this is a transition: `next`, with `when: <% succeeded() %>` and `do`.",
        "on-failure": "In Orquesta this is a transition: `next`, with `when: <% failed() %>` and `do`.",
        "on-error": "In Orquesta this is a transition: `next`, with `when: <% failed() %>` and `do`.",
        "on-complete": "In Orquesta this is a transition: `next`, with `when: <% completed() %>` and `do`.",
        "do": _IN_TRANSITION,
        "when": _IN_TRANSITION,
        "publish": _IN_TRANSITION,
        "with-items": "In Orquesta this is `with`.",
        "concurrency": "It belongs into `with`, beside `items`.",
        "ref": "In Orquesta this is `action`.",
        "params": "In Orquesta this is `input`.",
        "parameters": "In Orquesta this is `input`.",
    },
    "additionalProperties": False,
    "properties": {
        "action": {
            **TEXT,
            "title": "an action reference (`pack.action`)",
            "description": 'The action to run, with inline parameters if wanted: `core.echo message="hi"`. A task without an action only takes its transitions.',
        },
        "input": {
            "oneOf": [
                {
                    "type": "object",
                    "minProperties": 1,
                    "title": "a mapping of parameters",
                    "additionalProperties": _VALUE,
                },
                {"type": "string", "minLength": 1, "title": "an expression"},
            ],
            "title": "a mapping of parameters or an expression",
            "description": "The parameters of the action.",
        },
        "with": {
            "oneOf": [
                WITH,
                {
                    "type": "string",
                    "minLength": 1,
                    "pattern": ITEMS_PATTERN,
                    "title": "`name in <% … %>`",
                    "x-help": _ITEMS_HELP,
                },
            ],
            "title": "a with-items block, an expression or `name in <% … %>`",
            "description": "Run the action once for each item of a list.",
        },
        "join": {
            "oneOf": [{"enum": ["all"]}, {"type": "integer", "minimum": 0}],
            "title": "`all` or a whole number of at least 0",
            "description": "Wait for all inbound tasks, or for so many of them.",
        },
        "delay": {**_SECONDS, "description": "Seconds to wait before the task starts."},
        "retry": {**RETRY, "description": "Run the task again when it failed."},
        "next": {
            "type": "array",
            "title": "a list of transitions",
            "items": TRANSITION,
            "description": "What happens when the task has ended; all transitions whose condition holds are taken.",
        },
    },
}

WORKFLOW: Shape = {
    "type": "object",
    "title": "an Orquesta workflow",
    "additionalProperties": False,
    "required": ["tasks"],
    "properties": {
        "version": {
            "enum": ["1.0", 1.0],
            "x-check": "wrong-version",
            "title": "`1.0`",
            "x-help": "Orquesta knows one version of the language, `version: 1.0`.",
            "description": "Version of the workflow language: 1.0.",
        },
        "name": {**TEXT, "description": "Name of the workflow."},
        "description": {**TEXT, "description": "What the workflow is for."},
        "tags": {
            "type": "array",
            "items": TEXT,
            "minItems": 1,
            "uniqueItems": True,
            "title": "a list of words",
            "description": "Free words for finding the workflow.",
        },
        "input": {
            "type": "array",
            "title": "a list of inputs (`- name` or `- name: default`)",
            "items": {
                "oneOf": [{"type": "string", "minLength": 1, "title": "a name"}, _PAIR],
                "title": "a name, or a name with a default (`name: default`)",
            },
            "minItems": 1,
            "uniqueItems": True,
            "description": "The workflow's inputs, each with an optional default.",
        },
        "vars": {**_PAIRS, "description": "Variables set when the workflow starts, in order."},
        "output": {
            **_PAIRS,
            "description": "The workflow's result, evaluated in order when it ends; each sees the ones before.",
        },
        "tasks": {
            "type": "object",
            "title": "a mapping of tasks",
            "minProperties": 1,
            "patternProperties": {r"^\w+$": TASK},
            "additionalProperties": TASK,
            "description": "The tasks by name.",
        },
    },
}
