"""What Orquesta and StackStorm add to YAQL and Jinja.

Orquesta's own functions come from its entry points `orquesta.expressions.functions`, StackStorm's
from those of the Orquesta runner (`contrib/runners/orquesta_runner`), and what an ActionChain has from
`st2common.util.jinja.get_filters`. The same Python functions are reached in four ways:

- YAQL: as functions, never as methods, and with parameter names in camelCase (`sortKeys`);
- Jinja in Orquesta: as functions and as filters; those that look into the workflow make no sense
  as filters, because the value before the bar would take the place of the context;
- Jinja in an ActionChain: as filters only.
"""

from __future__ import annotations

import re
from functools import cache

from st2lang.functions import stackstorm
from st2lang.functions.record import Example, Function, Kind, family
from st2lang.record import replace

FUNCTIONS = family(
    "Workflow",
    Function(
        "completed",
        ("completed() -> boolean",),
        "Whether the task that has just ended is through, be it with success, failure or otherwise. "
        "For `when` in a task's `next`.",
        (Example("completed()", True, {"status": "failed"}),),
    ),
    Function(
        "ctx",
        ("ctx(key: variable-name = null) -> any",),
        "A variable of the workflow's context, or all of them as a dict. An unknown name is an "
        "error, and names that begin with `__` are private. `ctx(name)`, `ctx('name')` and "
        "`ctx().name` are the same in YAQL; Jinja takes the last two.",
        (
            Example("ctx('hosts')", ["web1", "web2"], {"vars": {"hosts": ["web1", "web2"]}}),
            Example("ctx().port + 1", 8081, {"vars": {"port": 8080}}),
        ),
    ),
    Function(
        "failed",
        ("failed() -> boolean",),
        "Whether the task that has just ended has failed. For `when` in a task's `next`.",
        (Example("failed()", True, {"status": "failed"}),),
    ),
    Function(
        "item",
        ("item(key: item-name = null) -> any",),
        "The current item of a task's `with`, or one named part of it: `item(host)` where the items "
        "are `host, port in …`.",
        (
            Example("item()", "web1", {"item": "web1"}),
            Example("item('host')", "web1", {"item": {"host": "web1", "port": 80}}),
        ),
    ),
    Function(
        "result",
        ("result() -> any",),
        "What the task that has just ended gave. With items: the list of the items' results.",
        (Example("result().stdout", "done", {"result": {"stdout": "done"}}),),
    ),
    Function(
        "st2kv",
        ("st2kv(key: key-name, *, decrypt: boolean = false, default?: any) -> any",),
        "A value from StackStorm's datastore: of everybody's key where the name begins with `system.`, "
        "else of a key of the user who runs the workflow, `st2kv('region')` (`st2kv('user.region')` "
        "fails in StackStorm). A missing key is an error unless there is a `default`. "
        "`decrypt` and `default` must be named.",
        (
            Example("st2kv('system.region')", "eu", {"kv": {"system.region": "eu"}}),
            Example("st2kv('region')", "eu", {"kv": {"region": "eu"}}),
            Example("st2kv('system.zone', default='a')", "a", {"kv": {}}),
        ),
    ),
    Function(
        "succeeded",
        ("succeeded() -> boolean",),
        "Whether the task that has just ended has succeeded. For `when` in a task's `next`.",
        (Example("succeeded()", False, {"status": "failed"}),),
    ),
    Function(
        "task",
        ("task(task_id: task-name = null, route: integer|null = null) -> task-record",),
        "What is known about a run of a task: `result`, `status`, `task_execution_id`, "
        "`start_timestamp` and more. The current task when none is named; an error when that task "
        "has not run.",
        (Example("task('build').status", "succeeded", {"tasks": {"build": "succeeded"}}),),
    ),
    Function(
        "task_status",
        ("task_status(task_id: task-name, route: integer|null = null) -> string",),
        "The status of a task of this workflow: `running`, `succeeded`, `failed` and so on; the text "
        "`null` when it has not started.",
        (Example("task_status('build')", "succeeded", {"tasks": {"build": "succeeded"}}),),
    ),
    Function(
        "zip",
        ("zip(*args: list, pad: any = null) -> list<list>",),
        "Lists side by side: a list of the first elements, of the second and so on, as long as the "
        "longest list and filled up with `pad`. A single list comes back as it is, null counts as "
        "an empty list.",
        (
            Example("zip([1, 2], ['a', 'b'])", [[1, "a"], [2, "b"]]),
            Example("zip([1, 2], ['a'])", [[1, "a"], [2, None]]),
        ),
    ),
)

_ONLY_FUNCTIONS = frozenset(
    ("completed", "ctx", "failed", "item", "result", "st2kv", "succeeded", "task", "task_status")
)
"""Functions that get the workflow's context first, so that they cannot be filters."""


_IN_YAQL_ALREADY = frozenset(("zip",))
"""YAQL has a method of that name; one record in YAQL's family tells of both."""


@cache
def functions(language: str) -> tuple[Function, ...]:
    """What Orquesta (for "yaql" and "jinja") or an ActionChain ("jinja-chain") adds to a language."""
    everywhere = (*FUNCTIONS, *stackstorm.FUNCTIONS)
    if language == "yaql":
        return tuple(_in_yaql(r) for r in everywhere if r.name not in _IN_YAQL_ALREADY)
    if language == "jinja-chain":
        shared = (r for r in stackstorm.FUNCTIONS if r.name not in stackstorm.ORQUESTA_ONLY)
        return tuple(_as_filter(record) for record in (*shared, *stackstorm.CHAIN_ONLY))
    usable = (record for record in everywhere if record.name not in _ONLY_FUNCTIONS)
    return (*everywhere, *map(_as_filter, usable))


def _in_yaql(record: Function) -> Function:
    """YAQL's naming convention turns `sort_keys=true` into `sortKeys => true`."""
    if not any("_" in form.partition("(")[2] or "*" in form for form in record.forms):
        return record
    return replace(
        record,
        forms=tuple(_camel_parameters(form) for form in record.forms),
        examples=tuple(
            replace(e, expression=re.sub(r"(\w)=", r"\1 => ", e.expression))
            for e in record.examples
        ),
    )


def _camel_parameters(form: str) -> str:
    name, bracket, rest = form.partition("(")
    return name + bracket + re.sub(r"(\w)_(\w)(?=\w*[:?])", lambda m: m[1] + m[2].upper(), rest)


def _as_filter(record: Function) -> Function:
    """`f(value: any, more: any)` as `(value: any)|f(more: any)`, and `f(1, 2)` as `1 | f(2)`."""
    return replace(
        record,
        kind=Kind.FILTER,
        forms=tuple(_filter_form(form) for form in record.forms),
        examples=tuple(replace(e, expression=_filter_call(e.expression)) for e in record.examples),
    )


def _filter_form(form: str) -> str:
    call, _, returns = form.rpartition(" -> ")
    name, first, others = _dissect(call)
    if first.startswith("*"):
        first, others = first[1:], [first, *others]
    return f"({first})|{name}({', '.join(others)}) -> {returns}"


def _filter_call(expression: str) -> str:
    name, first, others = _dissect(expression)
    return f"{first} | {name}({', '.join(others)})" if others else f"{first} | {name}"


def _dissect(call: str) -> tuple[str, str, list[str]]:
    """`f(a, b, c)` as `f`, `a` and `[b, c]`."""
    from st2lang.functions.signature import split

    name, _, rest = call.partition("(")
    first, *others = split(rest.removesuffix(")"))
    return name, first, others
