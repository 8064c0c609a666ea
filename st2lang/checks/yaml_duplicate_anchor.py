"""Two values of a document have the same anchor (`&name`).

YAML itself allows that, but StackStorm's YAML reader (PyYAML) refuses the file. Give each anchor a name
of its own.

## Bad

```yaml
version: 1.0
tasks:
  morning:
    action: core.echo
    input: &drink
      message: coffee
  evening:
    action: core.echo
    input: &drink
      message: tea
```

## Good

```yaml
version: 1.0
tasks:
  morning:
    action: core.echo
    input: &morning_drink
      message: coffee
  evening:
    action: core.echo
    input: &evening_drink
      message: tea
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The anchors that a document declares again."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-duplicate-anchor",
    Severity.ERROR,
    "Two values of a document have the same anchor (`&name`).",
    run,
    EVERY,
)
