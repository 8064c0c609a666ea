"""A variable is written as a bare name or as `$.name`: Orquesta's variables are written `ctx().name`.

Orquesta gives its Jinja expressions functions, not variables: `{{ name }}` is undefined and fails, however
`name` was set. Write `{{ ctx().name }}`. (In an ActionChain it is the other way round: there are only
names.)

Likewise `<% $.name %>`, as Mistral had it: `$` has no value in Orquesta, except in the lambdas of YAQL
functions such as `select($.name)`. The workflow loads, and fails when it comes here.

## Bad

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo message="Hello {{ name }}, {{ ctx().name }}"
```

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo message="Hello <% $.name %>"
```

## Good

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo message="Hello {{ ctx().name }}"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.symbols import Reference, Use

_GIVEN = frozenset({"__vars", "__state", "__current_task", "__current_item", "st2kv"})
"""Names that the engine sets, and `st2kv`, of which `st2kv-attribute` speaks."""


def run(document: Document) -> Iterator[Problem]:
    """Bare names that are neither functions nor bound by the template."""
    if document.workflow is None or not document.workflow.orquesta:
        return
    from st2lang import functions

    for reference in document.references:
        if reference.use is not Use.NAME or reference.guarded or reference.name in _GIVEN:
            continue
        jinja = not reference.place.text.text.startswith("$", reference.start)
        known = jinja and functions.lookup("jinja", reference.name) is not None
        yield _problem(document, reference, known)


def _problem(document: Document, reference: Reference, function: bool) -> Problem:
    name = reference.name
    if function:
        new, message = f"{name}()", f"`{name}` is a function and has to be called: `{name}()`"
    else:
        new, written = (
            f"ctx().{name}",
            document.source.text[reference.span.start : reference.span.end],
        )
        message = f"`{written}` is undefined: Orquesta's variables are written `ctx().{name}`"
    defined = document.scope.at(reference.place)
    known = function or (defined is not None and bool(defined[0] & document.flow.bit(name)))
    return CHECK.problem(
        message,
        reference.span,
        reference.place.path,
        fix=Fix(f"Write `{new}`", (Edit(reference.span, new),), safe=False) if known else None,
    )


CHECK = Check(
    "undefined-name",
    Severity.WARNING,
    "A variable is written as a bare name or as `$.name`.",
    run,
    ("orquesta",),
)
