"""A merge key (`<<`) has a value that is neither a mapping nor a list of mappings.

`<<` copies the entries of another mapping into this one. With anything else the file does not load.

## Bad

```yaml
version: 1.0
tasks:
  ping:
    action: core.local
    input:
      <<: timeout
      cmd: ping -c 1 example.com
```

## Good

```yaml
version: 1.0
tasks:
  ping:
    action: core.local
    input: &ping
      cmd: ping -c 1 example.com
      timeout: 10
  ping_again:
    action: core.local
    input:
      <<: *ping
      timeout: 60
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The merge keys whose value cannot be merged."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-bad-merge",
    Severity.ERROR,
    "A merge key (`<<`) has a value that is neither a mapping nor a list of mappings.",
    run,
    EVERY,
)
