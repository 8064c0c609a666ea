"""A mapping has the same key twice.

YAML readers keep the last of them and silently drop the others: of two tasks with one name only the
second exists, and the workflow does something other than what its text seems to say. Orquesta does not
notice (it never sees the first one).

Keys are compared as YAML 1.1 reads them, so `yes` and `true` are the same key. A key that a merge
(`<<: *defaults`) brings in as well is no duplicate: the mapping's own entry wins, which is what merging
is for.

## Bad

```yaml
version: 1.0
tasks:
  check_disk:
    action: core.local cmd="df -h"
    next:
      - do: report
  report:
    action: core.echo message="disk checked"
  report:
    action: core.echo message="all done"
```

## Good

```yaml
version: 1.0
tasks:
  check_disk:
    action: core.local cmd="df -h"
    next:
      - do: report
  report:
    action: core.echo message="disk checked"
    next:
      - do: finish
  finish:
    action: core.echo message="all done"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The keys that a mapping has twice."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check("duplicate-key", Severity.ERROR, "A mapping has the same key twice.", run, EVERY)
