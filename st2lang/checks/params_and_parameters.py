"""A node of an ActionChain has both `params` and `parameters`.

`params` is the old name of `parameters`. StackStorm refuses a chain with a node that fills both; where one
of them is empty it takes the other.

## Bad

```yaml
chain:
  - name: look
    ref: core.local
    params:
      timeout: 10
    parameters:
      cmd: hostname
```

## Good

```yaml
chain:
  - name: look
    ref: core.local
    parameters:
      timeout: 10
      cmd: hostname
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity
from st2lang.yaml import Mapping, Node, deref


def run(document: Document) -> Iterator[Problem]:
    """Nodes that fill both."""
    workflow = document.workflow
    if workflow is None:
        return
    for task in (*workflow.tasks.values(), *workflow.repeated):
        if not isinstance(task.node, Mapping):
            continue
        old, new = task.node.entry("params"), task.node.entry("parameters")
        if old is None or new is None or not (_filled(old.value) and _filled(new.value)):
            continue
        yield CHECK.problem(
            f"node `{task.name.text}` has both `params` and `parameters`",
            old.key.span,
            (*task.path, "params"),
            help="Move everything into `parameters`.",
            related=(Related("`parameters` is here", new.key.span),),
        )


def _filled(node: Node) -> bool:
    target = deref(node)
    return isinstance(target, Mapping) and bool(target.entries)


CHECK = Check(
    "params-and-parameters",
    Severity.ERROR,
    "A node of an ActionChain has both `params` and `parameters`.",
    run,
    ("action-chain",),
)
