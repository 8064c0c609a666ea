"""`ctx().get(name)` asks for a variable that nothing in the workflow ever sets.

`get` exists for variables that may not be set yet: it gives null, or the default behind the name, where
`ctx().name` would fail. That is also why it hides a misspelt name: nothing fails, the value is just always
the default.

Older versions of Orquesta refused `ctx().get(…)` altogether (“Variable "get" is referenced before
assignment”); since StackStorm 3.2 it is accepted.

Inputs count as set. Where a variable has a sure value at this place, plain `ctx().name` says more; that is
not reported.

## Bad

```yaml
version: 1.0
input:
  - region
tasks:
  greet:
    action: core.echo
    input:
      message: Hello <% ctx().get(regoin, 'eu') %>, not <% ctx().region %>
```

## Good

```yaml
version: 1.0
input:
  - region
tasks:
  greet:
    action: core.echo
    input:
      message: Hello <% ctx().get(region, 'eu') %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.suggest import nearest
from st2lang.symbols import Reference, Use


def run(document: Document) -> Iterator[Problem]:
    """Guarded uses of names that are set nowhere."""
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return
    known = set(document.settings.context_variables)
    known.update(a.name.text for a in (*workflow.inputs, *workflow.vars, *workflow.output))
    for task in workflow.tasks.values():
        known.update(a.name.text for t in task.transitions for a in t.publish)
    for reference in document.references:
        if reference.use is Use.VARIABLE and reference.guarded and _by_get(reference):
            name = reference.name
            if name not in known and not name.startswith("__"):
                yield _problem(reference, nearest(name, known))


def _by_get(reference: Reference) -> bool:
    before = reference.place.text.text[: reference.start].rstrip("'\" ")
    return before.endswith(("get(", "get ("))


def _problem(reference: Reference, guess: str | None) -> Problem:
    message = f"nothing sets `{reference.name}`: this is always null or the default"
    if guess:
        message += f"; did you mean `{guess}`?"
    fix = Fix(f"Change to `{guess}`", (Edit(reference.span, guess),), safe=False) if guess else None
    return CHECK.problem(
        message,
        reference.span,
        reference.place.path,
        help="Make it an input, publish it, or leave the expression out.",
        fix=fix,
    )


CHECK = Check(
    "context-get",
    Severity.WARNING,
    "`ctx().get(name)` asks for a variable that nothing in the workflow ever sets.",
    run,
    ("orquesta",),
)
