"""An expression uses a variable that is set on some ways to it, but not on all.

On the way that does not set it the workflow fails here with “unable to resolve key”. The problem names
such a way. Set a default in `vars`, publish the variable on every transition that leads here, or use
`ctx().get(name, default)`.

A join waits for its inbound tasks: after `join: all` everything that any of them publishes is set. For an
output, only ways on which the workflow ends well count.

Orquesta's own inspection looks at the first way that it comes across, and so sometimes reports this as an
error and sometimes not at all.

## Bad

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="test -f /etc/motd"
    next:
      - when: <% succeeded() %>
        publish:
          - motd: <% result().stdout %>
        do: report
      - when: <% failed() %>
        do: report
  report:
    action: core.echo message=<% ctx().motd %>
```

## Good

```yaml
version: 1.0
vars:
  - motd: none
tasks:
  look:
    action: core.local cmd="test -f /etc/motd"
    next:
      - when: <% succeeded() %>
        publish:
          - motd: <% result().stdout %>
        do: report
      - when: <% failed() %>
        do: report
  report:
    action: core.echo message=<% ctx().motd %>
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
from st2lang.conditions import fires
from st2lang.document import Document
from st2lang.flow import Edge
from st2lang.problem import Problem, Related, Severity
from st2lang.symbols import Reference, Role


def run(document: Document) -> Iterator[Problem]:
    """Uses of variables that some way to their place does not set; each variable once a place."""
    if document.workflow is None:
        return
    seen = set()
    for reference in uses_of_variables(document):
        state = document.scope.at(reference.place)
        key = (reference.name, reference.place.path, id(reference.place.assignment))
        if state is None or key in seen or reference.name.startswith("__"):
            continue
        bit = document.flow.bit(reference.name)
        if state[0] & bit and not state[1] & bit and not unset_at_first(document, reference, state):
            seen.add(key)
            yield _problem(document, reference)


def _problem(document: Document, reference: Reference) -> Problem:
    name, task = reference.name, reference.place.task
    way: tuple[Edge, ...] = ()
    if reference.place.role is Role.OUTPUT or task is None:
        message = f"variable `{name}` may not be set when the workflow ends well"
    else:
        way = document.flow.way_without(task.name.text, name)
        route = " → ".join([way[0].source, *(e.to for e in way)]) if way else task.name.text
        outcome = f" ({_outcome(way[-1])})" if way and _outcome(way[-1]) else ""
        message = f"variable `{name}` may not be set: nothing sets it on the way {route}{outcome}"
    without = tuple(Related(f"`{e.to}` comes next without it", e.target.span) for e in way[-1:])
    return CHECK.problem(
        message,
        reference.span,
        reference.place.path,
        help=f"Give it a default in `vars`, or use `ctx().get({name}, …)`."
        if reference.place.orquesta
        else "Give it a default in `vars`, or use the filter `default`.",
        related=(*without, *related_places(assignments_of(document, name), "set here")),
    )


def _outcome(edge: Edge) -> str:
    """When the transition is taken, in words."""
    on_success, on_failure = fires(edge.transition, True), fires(edge.transition, False)
    if on_success is False and on_failure is not False:
        return f"when `{edge.source}` fails"
    if on_failure is False and on_success is not False:
        return f"when `{edge.source}` succeeds"
    return ""


CHECK = Check(
    "possibly-undefined-variable",
    Severity.WARNING,
    "A variable is set on some ways to this place, but not on all.",
    run,
)
