"""An alias (`*name`) refers to an anchor (`&name`) that does not exist above it.

The file does not load. Anchors hold for one document of one file and have to come before their
aliases. A plain value that begins with `*` is an alias to YAML too: put text like that in quotes.

## Bad

```yaml
version: 1.0
tasks:
  first:
    action: core.local
    input: &options
      cmd: uptime
      timeout: 30
  second:
    action: core.local
    input: *optoins
```

## Good

```yaml
version: 1.0
tasks:
  first:
    action: core.local
    input: &options
      cmd: uptime
      timeout: 30
  second:
    action: core.local
    input: *options
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The aliases without an anchor before them."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-undefined-alias",
    Severity.ERROR,
    "An alias (`*name`) refers to an anchor (`&name`) that does not exist above it.",
    run,
    EVERY,
)
