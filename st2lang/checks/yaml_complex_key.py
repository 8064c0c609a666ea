"""The key of a mapping is itself a list or a mapping.

YAML allows that, Python does not: a key has to be a simple value, and the file does not load. Most
often the key was meant to be text that happens to begin with `[` or `{`, such as an expression.

## Bad

```yaml
version: 1.0
tasks:
  label:
    action: core.local
    input:
      cmd: env
      env:
        ? [first, last]
        : name
```

## Good

```yaml
version: 1.0
tasks:
  label:
    action: core.local
    input:
      cmd: env
      env:
        "[first, last]": name
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The keys that are lists or mappings."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-complex-key",
    Severity.ERROR,
    "The key of a mapping is itself a list or a mapping.",
    run,
    EVERY,
)
