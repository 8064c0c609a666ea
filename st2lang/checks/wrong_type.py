"""A value has a type that is not allowed there.

StackStorm refuses the file. The usual reasons are a list where a mapping is expected (a stray `-`), a
mapping where a list is expected (a missing `-`), and plain text that YAML reads as something else:
`1.0` is a number, `yes` and `on` are true, `2024-01-31` is a date. Quotes make text of them.

Where either of several types is allowed, the message lists all of them in words.

## Bad

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
    next:
      when: <% succeeded() %>
      do: say_goodbye
  say_goodbye:
    action: core.echo message="goodbye"
```

A whole file that is a list:

```yaml kind=orquesta
- version: 1.0
- tasks:
    greet:
      action: core.echo message="hello"
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
    """The values of a type that is not allowed there."""
    yield from of_shape(document, CHECK.id)


CHECK = Check(
    "wrong-type", Severity.ERROR, "A value has a type that is not allowed there.", run, SHAPED
)
