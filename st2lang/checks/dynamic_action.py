"""A node of an ActionChain names its action by an expression.

StackStorm does not evaluate `ref`: it looks for an action with the literal name `{{ handler }}`, finds
none, and ends the chain as failed, without taking `on-failure`. st2lang's own runtime evaluates it, and takes
a name without a pack as one of the chain's own pack. In an Orquesta workflow `action` may be an
expression everywhere.

Where the chain has to run on StackStorm, call an Orquesta workflow, or go to one node for each action.

## Bad

```yaml
chain:
  - name: handle
    ref: "{{ handler }}"
```

## Good

```yaml
version: 1.0
input:
  - handler
tasks:
  handle:
    action: <% ctx().handler %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._actions import called
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """References with an expression in them."""
    for _, ref in called(document):
        if "{{" in ref.text or "{%" in ref.text:
            yield CHECK.problem(
                f"StackStorm does not evaluate `{ref.text}` in `ref`: only st2lang's runtime does",
                ref.span,
                ref.path,
            )


CHECK = Check(
    "dynamic-action",
    Severity.INFO,
    "A node of an ActionChain names its action by an expression.",
    run,
    ("action-chain",),
)
