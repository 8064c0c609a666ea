"""A comment that should silence a finding does not say which, or names a check that does not exist.

A comment names the checks that it silences and gives a reason: `# st2c: ignore[undefined-task] made by
the build`. One without names would also silence what nobody has seen yet, and is refused.

## Bad

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
    next:
      - do: thank  # st2c: ignore
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
    "invalid-ignore",
    Severity.ERROR,
    "A comment that should silence a finding is not understood.",
    run,
    EVERY,
)
