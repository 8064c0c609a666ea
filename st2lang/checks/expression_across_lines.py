"""An expression goes over several lines, and Orquesta does not see it.

Orquesta looks for the end of an expression on the line where it begins. When there is a line break
between `<%` and `%>` (or between `{{` and `}}`, in a text without `{% … %}`), the value keeps the
characters as they are written; a condition made of them is text and always true. Nothing fails, nothing is
logged, and Orquesta's own inspection does not look there either: even a misspelt expression passes.

What counts is the text after YAML has read it. Plain and quoted scalars over several lines, and folded
ones (`>-`), have no line breaks in their text; a literal block (`|`) keeps them all, and a folded block
keeps those before lines that are indented further.

Only what calls a function of Orquesta is reported: `<%` and `{{` may be meant for another
program. ActionChains and Jinja texts with `{% … %}` evaluate such expressions.

## Bad

```yaml
version: 1.0
input:
  - names
tasks:
  greet:
    action: core.echo
    input:
      message: |-
        <%
          'Hello ' + ctx().names.join(' and ')
        %>
```

## Good

```yaml
version: 1.0
input:
  - names
tasks:
  greet:
    action: core.echo
    input:
      message: >-
        <%
        'Hello ' + ctx().names.join(' and ')
        %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.expressions.embedded import Embedded
from st2lang.patterns import lazy
from st2lang.problem import Problem, Severity
from st2lang.symbols import Place, Role

_CALL = lazy(r"\b(?:ctx|item|result|task|task_status|st2kv|succeeded|failed|completed)\(")


def run(document: Document) -> Iterator[Problem]:
    """Expressions with a line break inside."""
    for place in document.places:
        if place.orquesta:
            for embedded in place.text.expressions:
                if embedded.inert and _CALL.search(place.text.text, embedded.start, embedded.end):
                    yield _problem(place, embedded)


def _problem(place: Place, embedded: Embedded) -> Problem:
    closing = "%>" if embedded.language == "yaql" else "}}"
    message = "this expression has a line break inside, so Orquesta leaves it as text"
    if place.role is Role.WHEN:
        message += ", and a condition that is text is always true"
    return CHECK.problem(
        message,
        place.locate(embedded.start, embedded.end),
        place.path,
        help=f"Write it on one line up to `{closing}`, or in a folded block (`>-`) with all its lines "
        "indented alike.",
    )


CHECK = Check(
    "expression-across-lines",
    Severity.WARNING,
    "An expression goes over several lines, and Orquesta does not see it.",
    run,
    ("orquesta",),
)
