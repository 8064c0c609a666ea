"""The `version` of the workflow is not one that Orquesta knows.

There is one version of the workflow language, `1.0`. Orquesta refuses any other: workflows with
`version: '2.0'` were written for Mistral, which StackStorm no longer has.

(The `version` of a pack is another thing: it is the pack's own, and is checked as `invalid-value`.)

## Bad

```yaml kind=orquesta
version: '2.0'
tasks:
  greet:
    action: core.echo message="hello"
```

## Good

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._problems import of_shape
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """A version other than 1.0."""
    yield from of_shape(document, CHECK.id)


CHECK = Check(
    "wrong-version",
    Severity.ERROR,
    "The `version` of the workflow is not one that Orquesta knows.",
    run,
    ("orquesta",),
)
