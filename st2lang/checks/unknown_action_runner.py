"""The metadata of an action names a runner that StackStorm does not have.

An action with an unknown runner is not registered. StackStorm's own runners are known; a runner that was
installed in addition is not, so that a name that resembles none of StackStorm's is only a warning. So is a
runner that StackStorm has had: the message tells until when.

## Bad

```yaml
name: greet
runner_type: local-shel-cmd
```

```yaml
name: greet
runner_type: mistral-v2
entry_point: workflows/greet.yaml
```

## Good

```yaml
name: greet
runner_type: local-shell-cmd
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.catalog import builtin
from st2lang.checks import Check
from st2lang.checks._metadata import data_of, rewrite, value_span
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.suggest import listing, nearest

_PATH = ("runner_type",)


def run(document: Document) -> Iterator[Problem]:
    """A runner that is not known, or not any more."""
    name = data_of(document).get("runner_type")
    if not isinstance(name, str) or not name:
        return
    runner = builtin.runner(name)
    if runner is None:
        yield _unknown(document, name)
    elif runner.removed:
        yield CHECK.problem(
            f"runner `{name}` was removed in StackStorm {runner.removed}",
            value_span(document, _PATH),
            _PATH,
            help="Write the workflow in Orquesta." if "mistral" in name else "",
            severity=Severity.WARNING,
        )


def _unknown(document: Document, name: str) -> Problem:
    known = builtin.runner_names()
    guess = nearest(name, known)
    return CHECK.problem(
        f"StackStorm has no runner `{name}`" + (f"; did you mean `{guess}`?" if guess else ""),
        value_span(document, _PATH),
        _PATH,
        help=f"It has {listing(known, 'and', most=20)}.",
        fix=rewrite(document, _PATH, name, guess),
        severity=None if guess else Severity.WARNING,
    )


CHECK = Check(
    "unknown-action-runner",
    Severity.ERROR,
    "The metadata of an action names a runner that StackStorm does not have.",
    run,
    ("action",),
)
