"""The text is not YAML.

StackStorm cannot load the file at all: registering the pack fails, or the workflow fails as soon as it
is started, with a message of the YAML reader that rarely points at the real place.

Only the broken place is reported here. The rest of the file is still read, so that its own problems
stay visible while you type.

## Bad

A bracket that is never closed:

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
    next:
      - when: <% succeeded() %>
        do: [say_goodbye, fail
  say_goodbye:
    action: core.echo message="goodbye"
```

A colon followed by a space ends a key, even in the middle of a sentence:

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
    input:
      message: Two things: coffee and toast
```

## Good

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
    input:
      message: "Two things: coffee and toast"
    next:
      - when: <% succeeded() %>
        do: [say_goodbye, fail]
  say_goodbye:
    action: core.echo message="goodbye"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The places where reading the text as YAML failed."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check("yaml-syntax", Severity.ERROR, "The text is not YAML.", run, EVERY)
