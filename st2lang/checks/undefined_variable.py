"""An expression uses a variable that nothing sets on any way to it.

When the workflow comes to this place, Orquesta cannot resolve the variable: the task (or the whole
workflow, for an output) fails with “unable to resolve key”, in production and without a line number. An
ActionChain ends as failed at once, without taking `on-failure`.

A variable is set by an input, by `vars`, by an earlier output, or by a `publish` on a transition that
leads here. In an ActionChain it is a parameter of the chain's action, the name of a node that has run, or
published. What a loop sets only after the first use counts as not set. Variables that are set on some
ways but not on all are reported by `possibly-undefined-variable`.

Differences to Orquesta's own inspection, which searches expressions with regular expressions:

- `st2` and `parent`, which StackStorm puts into the context of every workflow, are always set. Orquesta's
  inspection knows them only when StackStorm runs it. For an Orquesta that runs on its own, set
  `context-variables = []` in the configuration.
- Uses that do not mind a missing variable are not reported: `ctx().get(x)`, `ctx().get(x, default)`,
  Jinja's `default` filter and its tests `is defined` and `is undefined`.
- The whole of an expression is understood, not only its beginning: `ctx().a.b(ctx().c)` uses `a` and `c`.
- A variable that only one of several ways sets is not an error here; Orquesta reports or accepts it
  depending on the order in which it visits the tasks.

## Bad

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo message="Hello <% ctx().nmae %>"
```

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="hostname"
    next:
      - when: <% succeeded() %>
        do: report
  report:
    action: core.echo message=<% ctx().host %>
    next:
      - publish:
          - host: <% result().stdout %>
```

## Good

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo message="Hello <% ctx().name %>, <% ctx().get(title, "friend") %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._variables import (
    assignments_of,
    related_places,
    unset_at_first,
    uses_of_variables,
)
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.suggest import nearest
from st2lang.symbols import Reference


def run(document: Document) -> Iterator[Problem]:
    """Uses of variables that no way to their place sets."""
    if document.workflow is None:
        return
    for reference in uses_of_variables(document):
        state = document.scope.at(reference.place)
        if state is None or reference.name.startswith("__"):
            continue
        if not document.flow.bit(reference.name) & state[0]:
            yield _problem(document, reference, state[0])
        elif unset_at_first(document, reference, state):
            yield _too_late(document, reference)


def _problem(document: Document, reference: Reference, may: int) -> Problem:
    name = reference.name
    visible = document.flow.names(may)
    elsewhere = assignments_of(document, name)
    guess = None if elsewhere else nearest(name, visible)
    if elsewhere:
        message = f"variable `{name}` is not set yet: what sets it does not lead here"
        help = (
            "Set it before, for example in `vars`, or publish it on a transition that leads here."
        )
    else:
        message = f"variable `{name}` is never set" + (
            f"; did you mean `{guess}`?" if guess else ""
        )
        known = sorted(v for v in visible if not v.startswith("__"))
        help = f"Set here: {', '.join(known)}." if known else "Nothing is set here."
    fix = Fix(f"Change to `{guess}`", (Edit(reference.span, guess),), safe=False) if guess else None
    return CHECK.problem(
        message,
        reference.span,
        reference.place.path,
        help=help,
        related=related_places(elsewhere, "set here"),
        fix=fix,
    )


def _too_late(document: Document, reference: Reference) -> Problem:
    """The variable is set in a loop, but only after its first use."""
    name, task = reference.name, reference.place.task
    assert task is not None
    return CHECK.problem(
        f"variable `{name}` is not set yet when `{task.name.text}` runs for the first time",
        reference.span,
        reference.place.path,
        help="It is set only later in the loop: give it a first value in `vars`.",
        related=related_places(assignments_of(document, name), "set here"),
    )


CHECK = Check(
    "undefined-variable",
    Severity.ERROR,
    "An expression uses a variable that nothing sets on any way to it.",
    run,
)
