"""The `default` of an ActionChain names a node that does not exist.

`default` is the node that the chain starts with. StackStorm refuses to run a chain whose default it
cannot find. Without `default` a chain starts with the first node that no other node leads to.

## Bad

```yaml
default: brew
chain:
  - name: brew_coffee
    ref: core.echo
    parameters:
      message: hello
    on-success: pour_coffee
  - name: pour_coffee
    ref: core.echo
    parameters:
      message: hello
```

## Good

```yaml
default: brew_coffee
chain:
  - name: brew_coffee
    ref: core.echo
    parameters:
      message: hello
    on-success: pour_coffee
  - name: pour_coffee
    ref: core.echo
    parameters:
      message: hello
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.suggest import did_you_mean, listing, nearest


def run(document: Document) -> Iterator[Problem]:
    """A default that is no node's name."""
    workflow = document.workflow
    if workflow is None or workflow.default is None or not workflow.tasks:
        return
    default, nodes = workflow.default, workflow.tasks
    if default.text in nodes:
        return
    guess = nearest(default.text, nodes)
    yield CHECK.problem(
        f"the default node `{default.text}` is not defined{did_you_mean(default.text, nodes)}",
        default.span,
        default.path,
        help=f"The nodes of this chain are {listing(nodes, 'and')}.",
        fix=Fix(f"Change to `{guess}`", (Edit(default.span, guess),), safe=False)
        if guess
        else None,
    )


CHECK = Check(
    "undefined-default",
    Severity.ERROR,
    "The `default` of an ActionChain names a node that does not exist.",
    run,
    ("action-chain",),
)
