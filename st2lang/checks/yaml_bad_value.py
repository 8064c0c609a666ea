"""A value looks like a number, a date or a YAML 1.1 speciality, but is not a valid one.

The YAML reader decides by its looks that `2024-02-30` is a date, then fails to make one; the whole file
does not load. Values with a tag (`!!int twelve`) are checked in the same way. Quote what is meant to be
text.

## Bad

```yaml
version: 1.0
tasks:
  remind:
    action: core.echo
    input:
      message: 2024-02-30
```

## Good

```yaml
version: 1.0
tasks:
  remind:
    action: core.echo
    input:
      message: "2024-02-30"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The values that the loader cannot make anything of."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-bad-value",
    Severity.ERROR,
    "A value looks like a number, a date or a YAML 1.1 speciality, but is not a valid one.",
    run,
    EVERY,
)
