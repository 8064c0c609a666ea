"""Two nodes of an ActionChain have the same name.

Nodes are found by their name, and the first one wins: the second can never run, whatever leads to it.
StackStorm does not notice.

## Bad

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: hello
    on-success: report
  - name: report
    ref: core.echo
    parameters:
      message: hello
  - name: report
    ref: core.local
    parameters:
      cmd: mail ops
```

## Good

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: hello
    on-success: report
  - name: report
    ref: core.echo
    parameters:
      message: hello
    on-success: send_report
  - name: send_report
    ref: core.local
    parameters:
      cmd: mail ops
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity


def run(document: Document) -> Iterator[Problem]:
    """The nodes whose name was taken already."""
    workflow = document.workflow
    if workflow is None:
        return
    for node in workflow.repeated:
        first = workflow.tasks[node.name.text]
        yield CHECK.problem(
            f"the chain has a node `{node.name.text}` already: this one never runs",
            node.name.span,
            node.name.path,
            help="Rename one of them.",
            related=(Related("first defined here", first.name.span),),
        )


CHECK = Check(
    "duplicate-node",
    Severity.ERROR,
    "Two nodes of an ActionChain have the same name.",
    run,
    ("action-chain",),
)
