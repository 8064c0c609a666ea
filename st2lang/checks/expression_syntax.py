"""An expression is not valid YAQL or Jinja.

Orquesta inspects every expression before a workflow runs and refuses the whole workflow when one of them
cannot be parsed. An ActionChain finds out only when it comes to the node: the parameters cannot be
rendered, and the chain ends as failed without taking `on-failure`.

The place is the exact character where the expression stops making sense, in quoted, folded and literal
scalars as well as in inline parameters.

Orquesta has two habits of its own, which are reported as well because it refuses such texts: it takes the
first `}}` for the end of a Jinja expression, even inside a string or at the end of nested brackets
(`{{ {'a': {}} }}`), and it does not know the whitespace control of `{{ x -}}`.

What spans several lines is not evaluated at all; see `expression-across-lines`. An expression that never
ends is told by `unclosed-expression`.

## Bad

```yaml
version: 1.0
input:
  - names
tasks:
  greet:
    action: core.echo
    input:
      message: "Hello <% ctx().names.join(', ' %>"
```

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo
    input:
      message: Hello {{ ctx().name | }}
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
      message: "Hello <% ctx().names.join(', ') %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.expressions.embedded import Embedded
from st2lang.problem import Problem, Severity
from st2lang.source import Span
from st2lang.symbols import Place

_NAMES = {"yaql": "YAQL", "jinja": "Jinja"}


def run(document: Document) -> Iterator[Problem]:
    """Expressions that their language does not accept."""
    for place in document.places:
        if place.text.mixed:
            continue
        for embedded in place.text.expressions:
            if embedded.error is not None and not embedded.inert:
                yield _problem(place, embedded)


def _problem(place: Place, embedded: Embedded) -> Problem:
    error = embedded.error
    assert error is not None
    message = f"this is not {_NAMES[embedded.language]}: {error.message}"
    return CHECK.problem(message, _span(place, embedded), place.path, help=error.help)


def _span(place: Place, embedded: Embedded) -> Span:
    """The offending characters; where something is missing at the end, the closing delimiter."""
    assert embedded.error is not None
    start = embedded.base + embedded.error.span.start
    end = embedded.base + embedded.error.span.end
    if start == end:
        end = embedded.end
        start = min(start, end)
        while start < end and place.text.text[start].isspace():
            start += 1
    return place.locate(start, end)


CHECK = Check(
    "expression-syntax",
    Severity.ERROR,
    "An expression is not valid YAQL or Jinja.",
    run,
)
