"""The shape of a rehearsal file: validates cases, completes them in editors, is exported as JSON Schema.

Facts: the schemas in `orquesta/rehearsing.py`. What is ours says "not in Orquesta" in its description.
"""

from __future__ import annotations

from st2lang.dialects.shape import Shape

STATUSES = (
    "requested", "scheduled", "delayed", "running", "pending", "pausing", "paused", "resuming",
    "succeeded", "failed", "timeout", "abandoned", "retrying", "canceling", "canceled",
)  # fmt: skip
"""orquesta/statuses.py. `timeout` is what it calls `EXPIRED`."""

CATEGORIES = ("syntax", "semantics", "expressions", "context", "contents")
"""How Orquesta's inspection groups its errors."""

_TEXT: Shape = {"type": "string", "minLength": 1, "title": "text"}
_INDEX: Shape = {"type": "integer", "minimum": 0}
_STATUS: Shape = {"type": "string", "enum": list(STATUSES), "title": "a status"}
_RUNS: Shape = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "title": "the name of a task"},
    "title": "a list of tasks",
}

MOCK: Shape = {
    "type": "object",
    "title": "a mocked action execution",
    "additionalProperties": False,
    "x-hints": {
        "task": "The key is `task_id`.",
        "name": "The key is `task_id`.",
        "results": "One entry for each: several for one task are used up in order.",
        "output": "The key is `result`.",
    },
    "properties": {
        "task_id": {
            **_TEXT,
            "title": "the name of a task",
            "description": "The task that it is for.",
        },
        "action": {
            **_TEXT,
            "title": "an action reference (`pack.action`)",
            "description": "Instead of `task_id`: for every task that runs this action. Not in Orquesta.",
        },
        "status": {**_STATUS, "description": "How the action ends (default: succeeded)."},
        "result": {"description": "What the action gives."},
        "result_path": {
            **_TEXT,
            "title": "the path of a file",
            "description": "A file that holds the result, relative to the base path: JSON and YAML "
            "are read as data, others as text.",
        },
        "result_expression": {
            "description": "The result with expressions in it, rendered for each run. They see "
            "`input`, `action`, `task`, `route`, `attempt`, `item` as variables. Not in Orquesta."
        },
        "item_id": {**_INDEX, "description": "The item of a with-items task, from 0."},
        "seq_id": {
            **_INDEX,
            "description": "Only for the task run at this position of the sequence, from 0.",
        },
        "route": {**_INDEX, "description": "Only for runs on this route (default: on any)."},
        "iter_id": {**_INDEX, "description": "Where counting of its uses begins. Of no effect."},
        "num_iter": {**_INDEX, "description": "How many runs it serves (default: 1)."},
    },
}

ERROR: Shape = {
    "type": "object",
    "title": "an error of the workflow",
    "additionalProperties": False,
    "required": ["type"],
    "properties": {
        "type": {**_TEXT, "description": "`error`, `warn` or `info`."},
        "message": {**_TEXT, "description": "Compared when given."},
        "task_id": _TEXT,
        "route": _INDEX,
        "task_transition_id": _TEXT,
        "result": {"description": "Compared when given."},
        "data": {"type": "object"},
    },
}

INSPECTION_ERROR: Shape = {
    "type": "object",
    "title": "an error of the inspection",
    "additionalProperties": False,
    "properties": {
        "type": _TEXT,
        "expression": _TEXT,
        "message": {**_TEXT, "description": "Compared when `check` is given: messages differ from Orquesta's."},
        "schema_path": _TEXT,
        "spec_path": {**_TEXT, "description": "The place: `tasks.task1.next[0].when`."},
        "check": {**_TEXT, "description": "The id of the check, as `st2c explain` lists it. Not in Orquesta."},
    },
}  # fmt: skip

RERUN_TASK: Shape = {
    "type": "object",
    "title": "a task to rerun",
    "additionalProperties": False,
    "required": ["task_id"],
    "properties": {
        "task_id": {**_TEXT, "title": "the name of a task"},
        "route": {**_INDEX, "description": "The route of the run (default: 0)."},
        "reset_items": {
            "type": "boolean",
            "description": "Run all items again, not only those that failed.",
        },
    },
}

STORED: Shape = {
    "type": "object",
    "title": "a value of the datastore",
    "additionalProperties": False,
    "required": ["value"],
    "properties": {
        "value": {"description": "The value: text in StackStorm, whatever is wanted here."},
        "secret": {"type": "boolean", "description": "Shown only when it is decrypted."},
    },
}

TIME = (
    r"^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d"
    r"(:[0-5]\d(\.\d{3}(\d{3})?)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$"
)

CASE: Shape = {
    "type": "object",
    "title": "a rehearsal",
    "additionalProperties": False,
    "x-hints": {
        "mocks": "The key is `mock_action_executions`.",
        "expected_status": "The key is `expected_workflow_status`.",
    },
    "properties": {
        "workflow": {
            **_TEXT,
            "title": "the path of a workflow",
            "description": "The workflow file, relative to the base path.",
        },
        "inputs": {
            "type": ["object", "null"],
            "title": "a mapping of inputs",
            "description": "What the workflow is given.",
        },
        "mock_action_executions": {
            "type": ["array", "null"],
            "title": "a list of mocked action executions",
            "items": MOCK,
            "description": "What the actions give. Several for one task are used up in order; after "
            "that actions succeed with no result.",
        },
        "expected_task_sequence": {
            **_RUNS,
            "description": "The tasks in the order in which they run: `task`, or `task__r1` on a "
            "route other than the first. Commands of the engine (`fail`, `noop`, `continue`) count.",
        },
        "expected_routes": {
            "type": "array",
            "items": {"type": "array", "items": _TEXT},
            "title": "a list of routes",
            "description": "The routes that splits have made (default: only the first, `[[]]`).",
        },
        "expected_workflow_status": {
            **_STATUS,
            "description": "How the workflow ends (default: succeeded).",
        },
        "expected_output": {
            "type": ["object", "null"],
            "title": "a mapping",
            "description": "The output of the workflow. For a chain `published`, `tasks` or both.",
        },
        "expected_errors": {
            "type": ["array", "null"],
            "title": "a list of errors",
            "items": ERROR,
            "description": "The errors that are logged.",
        },
        "expected_term_tasks": {
            **_RUNS,
            "description": "The task runs after which nothing more comes, in any order.",
        },
        "expected_inspection_errors": {
            "type": ["object", "null"],
            "title": "a mapping of categories to lists of errors",
            "additionalProperties": False,
            "properties": {
                name: {"type": "array", "title": "a list of errors", "items": INSPECTION_ERROR}
                for name in CATEGORIES
            },
            "description": "The errors of `st2c check` in the workflow. With any, nothing is run.",
        },
        "workflow_state": {
            "type": "object",
            "title": "the saved state of a workflow",
            "description": "For a rerun: the state that the workflow has ended in.",
        },
        "rerun_tasks": {
            "type": ["array", "null"],
            "title": "a list of tasks to rerun",
            "items": RERUN_TASK,
            "description": "The task runs to repeat (default: those that failed). Without "
            "`workflow_state` the workflow runs first, with the first of the mocks.",
        },
        "context": {
            "type": ["object", "null"],
            "title": "a mapping of context variables",
            "description": "What the engine adds to the context, such as `st2`.",
        },
        "time": {
            "type": ["string", "null"],
            "title": "a time such as 2026-03-29T08:30:00Z",
            "pattern": TIME,
            "description": "What `now()` gives; UTC is the local time then.",
        },
        "seed": {
            "type": ["integer", "null"],
            "title": "a whole number",
            "description": "Makes `random()` and its like give the same in every run.",
        },
        "datastore": {
            "type": ["object", "null"],
            "title": "a mapping of keys to values",
            "additionalProperties": False,
            "patternProperties": {
                r"^(system|user)\..+$": {
                    "oneOf": [
                        {"type": ["string", "integer", "number", "boolean", "null", "array"]},
                        STORED,
                    ],
                    "title": "a value, or a mapping with `value` and `secret`",
                }
            },
            "description": "What `st2kv` finds, by full key (`system.x`, `user.x`). Not in Orquesta.",
        },
    },
}
"""A rehearsal file. Which of `workflow` and `workflow_state` there must be is judged by the reader."""
