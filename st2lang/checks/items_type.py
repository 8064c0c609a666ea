"""The items of a task are certainly no list.

Orquesta needs a list behind `with`, and fails the task with “is not type of list” for anything else: for
text, even when it is JSON, for a number, for a dict. Nothing else notices.

Turn text into a list with `.split(',')` or `from_json_string()`, a dict with `.items()` or `.keys()`.

Types come from literals, the functions of an expression, the metadata of the action and what the workflow
gives to a variable; where they are not certain nothing is reported. Lists that Jinja has turned into text
are reported by `jinja-loses-type`, where that happens.

## Bad

```yaml
version: 1.0
vars:
  - hosts: web1,web2
tasks:
  look:
    with: host in <% ctx().hosts %>
    action: core.remote cmd="uptime" hosts=<% item(host) %>
```

## Good

```yaml
version: 1.0
vars:
  - hosts: web1,web2
tasks:
  look:
    with: host in <% ctx().hosts.split(',') %>
    action: core.remote cmd="uptime" hosts=<% item(host) %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang import types
from st2lang.checks import Check
from st2lang.checks._variables_read import variable_of
from st2lang.checks.jinja_loses_type import lost
from st2lang.dialects.model import Value
from st2lang.document import Document
from st2lang.expressions.embedded import scan
from st2lang.inference import Inference
from st2lang.problem import Problem, Severity

_HELPS = {
    types.STRING: "Make a list of it: `.split(',')`, or `from_json_string()` for JSON.",
    types.INTEGER: "For a number of runs write `range(…)`.",
}


def run(document: Document) -> Iterator[Problem]:
    """Items whose type is known and no list."""
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return
    inference = Inference.of(document)
    for task in workflow.tasks.values():
        items = task.items.items if task.items is not None else None
        if items is None:
            continue
        kind = inference.type_of(items, task)
        if types.assignable(kind, types.LIST) is not False or _told(document, items):
            continue
        yield CHECK.problem(
            f"the items must be a list, but this is {_article(kind)}: the task fails",
            items.span,
            items.path,
            help=_HELPS.get(kind, "") if isinstance(kind, types.Named) else _of_dict(kind),
        )


def _told(document: Document, items: Value) -> bool:
    """True when `jinja-loses-type` reports where the list was lost."""
    expressions = scan(str(items.data)).expressions
    return len(expressions) == 1 and variable_of(expressions[0]) in lost(document)


def _of_dict(kind: types.Type) -> str:
    return "Write `.items()`, `.keys()` or `.values()`." if isinstance(kind, types.Dict) else ""


def _article(kind: types.Type) -> str:
    return f"{'an' if str(kind)[0] in 'aeiou' else 'a'} {kind}"


CHECK = Check(
    "items-type",
    Severity.WARNING,
    "The items of a task are certainly no list.",
    run,
    ("orquesta",),
)
