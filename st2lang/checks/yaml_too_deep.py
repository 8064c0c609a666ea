"""Lists and mappings are nested deeper than anything that a person writes.

Reading stops there, so that a damaged or malicious file cannot exhaust the checker; nothing below that
place is looked at. StackStorm's reader fails on such files, too, though somewhat later.

## Bad

```yaml
version: 1.0
tasks:
  dig:
    action: core.http
    input:
      url: https://example.com
      params:
        hole: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
```

## Good

```yaml
version: 1.0
tasks:
  dig:
    action: core.http
    input:
      url: https://example.com
      params:
        hole: [[[a little rabbit]]]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The place where nesting exceeds what is read."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-too-deep",
    Severity.ERROR,
    "Lists and mappings are nested deeper than anything that a person writes.",
    run,
    EVERY,
)
