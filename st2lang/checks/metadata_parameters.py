"""A parameter is declared in a way that StackStorm does not accept, or that cannot work.

When a pack is registered, StackStorm validates the `parameters` of every action; what is wrong there keeps
the action from being registered, often with only a line in a log. Looked at are

- names, which may have letters, digits and underscores only;
- attributes: their names, and what they hold (`type`, `required`, `enum`, `position`, `pattern`, `items` …);
- positions, which have to be different and without gaps;
- `immutable`, which needs a default;
- what an action changes of a parameter of its runner, where only `default`, `description`, `enum`,
  `immutable` and `required` may differ.

Defaults and options that do not fit the type are found as well. StackStorm registers such an action, and
fails it when the value is used: that is a warning.

## Bad

```yaml
name: greet
runner_type: local-shell-cmd
parameters:
  name:
    type: str
    requierd: true
  times:
    type: integer
    default: many
  loud:
    type: boolean
    immutable: true
```

## Good

```yaml
name: greet
runner_type: local-shell-cmd
parameters:
  name:
    type: string
    required: true
  times:
    type: integer
    default: 1
  loud:
    type: boolean
    immutable: true
    default: false
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from st2lang.catalog import builtin
from st2lang.catalog.models import text
from st2lang.catalog.rules import Finding, check_parameters
from st2lang.checks import Check
from st2lang.checks._metadata import data_of, key_span, value_span
from st2lang.document import Document
from st2lang.problem import Problem, Severity

_OF_KEYS = ("unknown-key", "missing-key")


def run(document: Document) -> Iterator[Problem]:
    """Everything wrong with the parameters that an action declares."""
    data = data_of(document)
    block = data.get("parameters")
    if isinstance(block, Mapping):
        for finding in check_parameters(block, builtin.runner(text(data.get("runner_type")))):
            yield _problem(document, finding)


def _problem(document: Document, finding: Finding) -> Problem:
    path = ("parameters", *finding.path)
    span = key_span if finding.check in _OF_KEYS else value_span
    harmless = finding.check == "invalid-value" and ("default" in path[2:] or "enum" in path[2:])
    return CHECK.problem(
        finding.message,
        span(document, path),
        path,
        severity=Severity.WARNING if harmless else None,
    )


CHECK = Check(
    "metadata-parameters",
    Severity.ERROR,
    "A parameter is declared in a way that StackStorm does not accept.",
    run,
    ("action",),
)
