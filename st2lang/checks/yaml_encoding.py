"""The file is not UTF-8 text.

StackStorm reads its files as UTF-8. Bytes that are not UTF-8 make loading fail, or put other characters
into your messages than the ones you typed. Save the file as UTF-8 in your editor.

## Bad

Saved as Latin-1, which many older editors on Windows do:

```yaml encoding=latin-1
version: 1.0
tasks:
  order:
    action: core.echo message="un café, s'il vous plaît"
```

## Good

```yaml
version: 1.0
tasks:
  order:
    action: core.echo message="un café, s'il vous plaît"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The places that are not UTF-8 text."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check("yaml-encoding", Severity.ERROR, "The file is not UTF-8 text.", run, EVERY)
