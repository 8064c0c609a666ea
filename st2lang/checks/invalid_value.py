"""A value has the right type, but is not one that is allowed.

StackStorm refuses the file. Reported are empty texts, lists and mappings where something has to be
there, numbers below their minimum, words that are not among those allowed, repeated items in a list
that must not repeat any, and mappings with several keys where each needs a list item of its own.

## Bad

```yaml
version: 1.0
input:
  - name
vars:
  - greeting: hello
    farewell: goodbye
tasks:
  greet:
    join: some
    action: core.echo message="<% ctx().greeting %>, <% ctx().name %>"
```

```yaml
version: 1.0
input:
  - names
tasks:
  greet:
    with: each name in <% ctx().names %>
    action: core.echo message="hello"
```

## Good

```yaml
version: 1.0
input:
  - name
vars:
  - greeting: hello
  - farewell: goodbye
tasks:
  greet:
    action: core.echo message="<% ctx().greeting %>, <% ctx().name %>"
    next:
      - do: part
  part:
    action: core.echo message="<% ctx().farewell %>, <% ctx().name %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._problems import SHAPED, of_shape
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The values that have the right type and are still not allowed."""
    yield from of_shape(document, CHECK.id)


CHECK = Check(
    "invalid-value",
    Severity.ERROR,
    "A value has the right type, but is not one that is allowed.",
    run,
    SHAPED,
)
