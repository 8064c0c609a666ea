"""A task passes a parameter whose value is fixed.

The metadata of an action, or its runner, declares a parameter `immutable` so that nobody can pass another
value. StackStorm refuses to run the action as soon as the parameter is passed at all, even with the very
value that it has: the task fails.

## Bad

```yaml
version: 1.0
tasks:
  clean:
    action: core.local
    input:
      cmd: rm /tmp/report
      sudo: true
```

## Good

```yaml
version: 1.0
tasks:
  clean:
    action: core.local_sudo
    input:
      cmd: rm /tmp/report
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._actions import Call, calls, declared
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """Passed parameters that are immutable."""
    for call in calls(document):
        known = call.action.all_parameters
        for name in call.given:
            if name in known and known[name].immutable:
                yield _problem(call, name)


def _problem(call: Call, name: str) -> Problem:
    passed = call.given[name].name
    return CHECK.problem(
        f"parameter `{name}` of `{call.ref.text}` is immutable and cannot be passed",
        passed.span,
        passed.path,
        help="Leave it out.",
        related=declared(call.action, "parameters", name, "immutable", message="fixed here"),
    )


CHECK = Check(
    "immutable-parameter",
    Severity.ERROR,
    "A task passes a parameter whose value is fixed.",
    run,
)
