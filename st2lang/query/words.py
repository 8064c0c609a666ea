"""What the words of the engines mean, for hover and completion: commands, statuses, given names.

Facts: orquesta/constants.py, orquesta/statuses.py, orquesta/conducting.py; the context that StackStorm gives
to a workflow: orquesta_runner.py (`_construct_st2_context`); to a chain: action_chain_runner.py.
"""

from __future__ import annotations

COMMANDS = {
    "continue": "Ends this branch without a further task. A failure that leads here is not handled: the "
    "workflow still fails.",
    "noop": "Ends this branch without a further task. A failure that leads here counts as handled.",
    "fail": "Fails the workflow. Tasks named beside it in the same transition still run, to clean up.",
    "retry": "Runs the task that has just ended once more, at most three times.",
}
"""The engine commands of Orquesta's `do`."""

STATUSES = {
    "requested": "asked for, not yet scheduled",
    "scheduled": "scheduled, waits for its turn",
    "delayed": "waits for its delay to pass",
    "running": "runs",
    "pending": "waits for an answer from somebody",
    "pausing": "about to pause",
    "paused": "paused",
    "resuming": "about to go on",
    "succeeded": "has succeeded",
    "failed": "has failed",
    "timeout": "took longer than it may",
    "abandoned": "was lost by its runner",
    "retrying": "about to be tried once more",
    "canceling": "about to be canceled",
    "canceled": "was canceled",
}
"""The statuses that `task_status()` and `task().status` give."""

ST2 = {
    "action_execution_id": "The id of the execution that runs this workflow.",
    "api_url": "Where StackStorm's API is.",
    "user": "Who has started the workflow.",
    "pack": "The pack that the workflow belongs to.",
    "api_user": "The user of the API call that has started it, for example of chat.",
}
"""What `ctx().st2` has."""

PARENT = {
    "user": "Who has started the workflow.",
    "pack": "The pack that the workflow belongs to.",
    "api_user": "The user of the API call that has started it, for example of chat.",
    "parent": "In a sub-workflow: the execution that runs the outer one, with `execution_id` and `user`.",
    "orquesta": "In a sub-workflow: `task_name`, `task_id` and `workflow_execution_id` of the outer one.",
}
"""What `ctx().parent` has: the context of the action execution that runs the workflow."""

CHAIN_CONTEXT = {
    "__results": "The results of all nodes that have run, by name.",
    "__context": "The context of the execution.",
    "st2kv": "The datastore: `st2kv.system.key` and `st2kv.user.key`.",
    "system": "The datastore's system scope (old form of `st2kv.system`).",
    "user": "The datastore's user scope (old form of `st2kv.user`).",
    "action_context": "The context of the action: who runs it, and what has started it.",
    "config_context": "The configuration of the pack.",
}
"""What the runner gives to every expression of an ActionChain, and metadata to its defaults."""

ACTION_CONTEXT = {
    "parent": "The execution that this one belongs to: `parent.execution_id`, `parent.user`.",
    "user": "Who has started the action.",
    "api_user": "The user of the API call that has started it, for example of chat.",
    "pack": "The pack that the action belongs to.",
}
"""What `action_context` has."""

DATASTORE_SCOPES = {
    "system": "Keys that everybody shares.",
    "user": "Keys of the user who runs the action.",
}
"""What `st2kv` has in a Jinja expression of an ActionChain or in metadata."""

JINJA_WORDS = {
    "if": "Text for when a condition holds: `{% if … %} … {% elif … %} … {% else %} … {% endif %}`.",
    "elif": "Another condition of an `if`.",
    "else": "What stands for all other cases of an `if`, or for an empty `for`.",
    "endif": "Ends an `if`.",
    "for": "Text once for each element: `{% for x in … %} … {% endfor %}`.",
    "endfor": "Ends a `for`.",
    "set": "Gives a name to a value: `{% set x = … %}`.",
    "endset": "Ends a `set` with a body.",
    "macro": "A text with parameters: `{% macro name(a, b=1) %} … {% endmacro %}`.",
    "endmacro": "Ends a `macro`.",
    "filter": "Applies a filter to a text: `{% filter upper %} … {% endfilter %}`.",
    "endfilter": "Ends a `filter`.",
    "with": "Names for a part of the text: `{% with x = … %} … {% endwith %}`.",
    "endwith": "Ends a `with`.",
    "raw": "Text that is left as it is: `{% raw %} … {% endraw %}`.",
    "endraw": "Ends a `raw`.",
    "call": "Calls a macro with a text: `{% call name() %} … {% endcall %}`.",
    "endcall": "Ends a `call`.",
}
"""The words that may begin a `{% … %}`."""
