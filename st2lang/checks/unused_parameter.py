"""An action has a parameter that its workflow never looks at.

People pass a value and nothing happens. An Orquesta workflow sees only those parameters that it lists
under `input`; the rest is dropped silently. An ActionChain sees all of them, so that a parameter counts as
used when any expression of the chain uses it.

Not reported are parameters of the runner that the metadata sets (`notify`, `skip_notify`,
`display_published`) and parameters that a template in the metadata itself uses, such as the default of
another parameter.

## Bad

```yaml title=actions/greet.yaml
name: greet
runner_type: orquesta
entry_point: workflows/greet.yaml
parameters:
  name:
    type: string
  title:
    type: string
```

```yaml title=actions/workflows/greet.yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo message="Hello <% ctx().name %>"
```

## Good

```yaml title=actions/greet.yaml
name: greet
runner_type: orquesta
entry_point: workflows/greet.yaml
parameters:
  name:
    type: string
  title:
    type: string
```

```yaml title=actions/workflows/greet.yaml
version: 1.0
input:
  - name
  - title
tasks:
  greet:
    action: core.echo message="Hello <% ctx().title %> <% ctx().name %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.checks import Check
from st2lang.checks._actions import declared
from st2lang.checks._own_action import own_actions, own_parameters, used_in_metadata
from st2lang.checks._variables import names_used
from st2lang.document import Document
from st2lang.problem import Problem, Severity, SpecPath
from st2lang.source import Span
from st2lang.suggest import nearest

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.dialects.model import Workflow


def run(document: Document) -> Iterator[Problem]:
    """Parameters of the workflow's actions that do not arrive, or arrive for nothing."""
    workflow = document.workflow
    actions = own_actions(document)
    if workflow is None or not actions:
        return
    if workflow.orquesta:
        seen = frozenset(assignment.name.text for assignment in workflow.inputs)
    else:
        used = names_used(document)
        if used is None:
            return
        seen = used
    for action in actions:
        ours = seen | used_in_metadata(action)
        for name in own_parameters(action):
            if name not in ours:
                yield _problem(workflow, action, name)


def _problem(workflow: Workflow, action: Action, name: str) -> Problem:
    span, path = _place(workflow)
    hint = ""
    if workflow.orquesta:
        does = "is not an input of this workflow: its value is dropped"
        guess = nearest(name, [a.name.text for a in workflow.inputs])
        free = guess if guess is not None and guess not in action.parameters else None
        hint = f"Input `{free}` looks like it." if free else f"Add `{name}` to `input`."
    else:
        does = "is not used in this chain"
    return CHECK.problem(
        f"parameter `{name}` of `{action.ref}` {does}",
        span,
        path,
        help=hint,
        related=declared(action, "parameters", name),
    )


def _place(workflow: Workflow) -> tuple[Span, SpecPath]:
    """Where parameters would be listed."""
    for key in ("input", "chain", "tasks"):
        entry = workflow.root.entry(key)
        if entry is not None:
            return entry.key.span, (key,)
    return workflow.root.span, ()


CHECK = Check(
    "unused-parameter",
    Severity.WARNING,
    "An action has a parameter that its workflow never looks at.",
    run,
)
