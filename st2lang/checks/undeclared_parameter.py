"""A workflow has an input that is no parameter of its action.

An Orquesta workflow gets its input from the parameters of the action whose `entry_point` it is. StackStorm
refuses a parameter that the action's metadata does not declare, so nobody can ever give such an input a
value: it is null in every run. Where the workflow publishes the same name later, that is an information:
the name belongs into `vars`.

An input with a default is not reported, as it can serve as a constant. (`vars` is the place for those.)
Where several actions run the same workflow, one that has the parameter is enough.

## Bad

```yaml title=actions/greet.yaml
name: greet
runner_type: orquesta
entry_point: workflows/greet.yaml
parameters:
  first_name:
    type: string
```

```yaml title=actions/workflows/greet.yaml
version: 1.0
input:
  - firstname
tasks:
  greet:
    action: core.echo message="Hello <% ctx().firstname %>"
```

## Good

```yaml title=actions/greet.yaml
name: greet
runner_type: orquesta
entry_point: workflows/greet.yaml
parameters:
  first_name:
    type: string
```

```yaml title=actions/workflows/greet.yaml
version: 1.0
input:
  - first_name
tasks:
  greet:
    action: core.echo message="Hello <% ctx().first_name %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.checks import Check
from st2lang.checks._actions import declared
from st2lang.checks._own_action import own_actions, own_parameters
from st2lang.checks._variables import assignments_of
from st2lang.dialects.model import Name
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.suggest import listing, nearest

if TYPE_CHECKING:
    from st2lang.catalog import Action


def run(document: Document) -> Iterator[Problem]:
    """Inputs without default that no action of this workflow has as a parameter."""
    actions = own_actions(document)
    workflow = document.workflow
    if workflow is None or not actions:
        return
    known = dict.fromkeys(name for action in actions for name in own_parameters(action))
    taken = {assignment.name.text for assignment in workflow.inputs}
    for assignment in workflow.inputs:
        if assignment.value is None and assignment.name.text not in known:
            guess = nearest(assignment.name.text, [n for n in known if n not in taken])
            published = len(assignments_of(document, assignment.name.text)) > 1
            yield _problem(assignment.name, actions, guess, published)


def _problem(
    name: Name, actions: tuple[Action, ...], guess: str | None, published: bool
) -> Problem:
    return CHECK.problem(
        f"input `{name.text}` is no parameter of {listing(a.ref for a in actions)}, so it "
        + ("starts as null" if published else "is always null")
        + (f"; did you mean `{guess}`?" if guess else ""),
        name.span,
        name.path,
        help="Declare it as a parameter in the action's metadata, or make it a variable (`vars`).",
        severity=Severity.INFO if published else None,
        related=tuple(
            place
            for action in actions[:3]
            for place in declared(action, "parameters", message="the parameters are declared here")
        ),
    )


CHECK = Check(
    "undeclared-parameter",
    Severity.WARNING,
    "A workflow has an input that is no parameter of its action.",
    run,
    ("orquesta",),
)
