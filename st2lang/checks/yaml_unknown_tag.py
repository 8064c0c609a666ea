"""A value has a tag that StackStorm's YAML reader does not know.

A plain value that begins with `!` is a tag to YAML. StackStorm reads its files with PyYAML's safe
loader, which refuses every tag but YAML's own (`!!str`, `!!int`, …): the whole file fails to load.

If you meant text that starts with an exclamation mark, put it in quotes.

## Bad

```yaml
version: 1.0
tasks:
  shout:
    action: core.echo
    input:
      message: !important the coffee is ready
```

## Good

```yaml
version: 1.0
tasks:
  shout:
    action: core.echo
    input:
      message: "!important the coffee is ready"
  count:
    action: core.echo
    input:
      message: !!str 3
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The tags that the loader would refuse."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-unknown-tag",
    Severity.ERROR,
    "A value has a tag that StackStorm's YAML reader does not know.",
    run,
    EVERY,
)
