"""A task calls an action that its metadata disables.

StackStorm refuses to run an action that is not enabled: the task fails. An administrator may have enabled
it on the server nevertheless (`st2 action enable`), which is why this is a warning.

## Bad

```yaml title=actions/workflows/morning.yaml
version: 1.0
tasks:
  wake:
    action: examples.wake_up
```

```yaml title=actions/wake_up.yaml
name: wake_up
runner_type: noop
enabled: false
```

## Good

```yaml title=actions/workflows/morning.yaml
version: 1.0
tasks:
  wake:
    action: examples.wake_up
```

```yaml title=actions/wake_up.yaml
name: wake_up
runner_type: noop
enabled: true
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._actions import calls, declared
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """Calls of disabled actions."""
    for call in calls(document):
        if not call.action.enabled:
            yield CHECK.problem(
                f"action `{call.ref.text}` is disabled, so that StackStorm refuses to run it",
                call.ref.span,
                call.ref.path,
                related=declared(call.action, "enabled", message="disabled here"),
            )


CHECK = Check(
    "disabled-action",
    Severity.WARNING,
    "A task calls an action that its metadata disables.",
    run,
)
