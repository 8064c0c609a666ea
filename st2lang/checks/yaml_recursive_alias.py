"""An alias stands inside the very value that it refers to.

Such a value contains itself without end. StackStorm cannot store it as JSON, and fails.

## Bad

```yaml
version: 1.0
tasks:
  look_in_the_mirror:
    action: core.echo
    input: &mirror
      message: hello
      extra: *mirror
```

## Good

```yaml
version: 1.0
tasks:
  look_in_the_mirror:
    action: core.echo
    input: &mirror
      message: hello
  look_again:
    action: core.echo
    input: *mirror
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The aliases inside the value that they stand for."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-recursive-alias",
    Severity.ERROR,
    "An alias stands inside the very value that it refers to.",
    run,
    EVERY,
)
