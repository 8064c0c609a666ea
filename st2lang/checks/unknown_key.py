"""A key does not belong where it stands.

Orquesta refuses the whole workflow. An ActionChain is stricter with its first node than with the rest:
StackStorm refuses a chain with an unknown key in its first node, and silently drops those of later nodes,
so that a misspelt `on-failure` simply never happens. That is a warning. In action metadata an unknown key
makes registering the action fail.

The message names the key that was probably meant, and a fix renames it; it has to be asked for
(`--unsafe-fixes`), as the guess may be wrong.

## Bad

```yaml
version: 1.0
tasks:
  greet:
    actoin: core.echo message="hello"
    on-success: say_goodbye
  say_goodbye:
    action: core.echo message="goodbye"
```

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: hello
    on_success: say_goodbye
  - name: say_goodbye
    ref: core.echo
```

## Good

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
    next:
      - when: <% succeeded() %>
        do: say_goodbye
  say_goodbye:
    action: core.echo message="goodbye"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._problems import SHAPED, of_shape
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The keys that do not belong where they stand."""
    for problem in of_shape(document, CHECK.id):
        yield _dropped(problem) if _in_later_node(document, problem) else problem


def _in_later_node(document: Document, problem: Problem) -> bool:
    """True for a key of a chain's node other than the first: StackStorm validates that one only."""
    if document.kind != "action-chain" or len(problem.path) != 3:
        return False
    block, index, _ = problem.path
    return block == "chain" and index != 0


def _dropped(problem: Problem) -> Problem:
    return CHECK.problem(
        f"{problem.message} (StackStorm ignores it)",
        problem.span,
        problem.path,
        help=problem.help,
        fix=problem.fix,
        severity=Severity.WARNING,
    )


CHECK = Check("unknown-key", Severity.ERROR, "A key does not belong where it stands.", run, SHAPED)
