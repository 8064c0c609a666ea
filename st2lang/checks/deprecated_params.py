"""A node of an ActionChain passes its parameters under the old name `params`.

StackStorm still reads `params`, for chains of long ago; `parameters` is the name to use. The fix renames
the key.

## Bad

```yaml
chain:
  - name: greet
    ref: core.echo
    params:
      message: hello
```

## Good

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: hello
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity, Tag
from st2lang.yaml import Alias, Mapping


def run(document: Document) -> Iterator[Problem]:
    """The keys `params` of nodes that have no `parameters` beside them."""
    workflow = document.workflow
    if workflow is None:
        return
    for task in (*workflow.tasks.values(), *workflow.repeated):
        entry = task.node.entry("params") if isinstance(task.node, Mapping) else None
        if entry is None or not isinstance(task.node, Mapping) or "parameters" in task.node:
            continue
        own = any(entry.key is e.key for e in task.node.entries) and not isinstance(
            entry.key, Alias
        )
        fix = Fix("Rename to `parameters`", (Edit(entry.key.span, "parameters"),)) if own else None
        yield CHECK.problem(
            "`params` is the old name of `parameters`",
            entry.key.span,
            (*task.path, "params"),
            fix=fix,
            tags=(Tag.DEPRECATED,),
        )


CHECK = Check(
    "deprecated-params",
    Severity.INFO,
    "A node of an ActionChain passes its parameters under the old name `params`.",
    run,
    ("action-chain",),
)
