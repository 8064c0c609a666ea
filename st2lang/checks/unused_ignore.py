"""A comment silences a finding that is not there.

The finding was mended, or the comment stands in the wrong place: on a line of its own it counts for the
next line, behind something for its own line, with `ignore-file` for the whole file. Remove it, so that it
does not silence the next finding that is really meant. The fix does.

## Bad

```yaml
version: 1.0
tasks:
  greet:  # st2c: ignore[undefined-task] written by the generator
    action: core.echo message="hello"
```

## Good

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
    next:
      - do: thank  # st2c: ignore[undefined-task] another tool adds the task
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """Nothing: found by `st2lang.suppress`, after all checks have spoken."""
    yield from ()


CHECK = Check(
    "unused-ignore",
    Severity.WARNING,
    "A comment silences a finding that is not there.",
    run,
    EVERY,
)
