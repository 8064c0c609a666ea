"""A task does not pass a parameter that its action requires.

A required parameter without a default has to be passed. StackStorm refuses an Orquesta workflow where one
is missing before anything runs; in an ActionChain the node fails when the chain comes to it.

Parameters come from the action's metadata and from its runner (`hosts` of a remote command). A parameter
that is passed as `null` counts as passed; `parameter-type` tells where null is not taken. Nothing is
reported where all parameters come from one expression (`input: <% ctx().parameters %>`).

## Bad

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
```

```yaml
chain:
  - name: look
    ref: core.remote
    parameters:
      cmd: uptime
```

## Good

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
    input:
      message: hello
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._actions import Call, calls, declared, parameters
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.suggest import listing, nearest


def run(document: Document) -> Iterator[Problem]:
    """Calls that leave out required parameters, one problem a call."""
    for call in calls(document):
        known = parameters(call.action)
        if known is None or not call.complete:
            continue
        missing = [n for n, p in known.items() if p.must_be_given and n not in call.given]
        if missing:
            yield _problem(call, missing)


def _problem(call: Call, missing: list[str]) -> Problem:
    noun = "parameters" if len(missing) > 1 else "parameter"
    places = (declared(call.action, "parameters", n, message="required here") for n in missing[:4])
    return CHECK.problem(
        f"`{call.ref.text}` requires the {noun} {listing(missing, 'and')}",
        call.ref.span,
        call.input_path,
        help=_help(call, missing),
        related=tuple(place for found in places for place in found),
    )


def _help(call: Call, missing: list[str]) -> str:
    value = call.task.action_value
    written = value.inline.scalar.value if value is not None and value.inline else ""
    unread = [name for name in missing if f" {name}=" in written]
    if unread:
        return f"The value of {listing(unread, 'and')} is not read: put it in quotes."
    slips = {name: nearest(name, missing) for name in call.given}
    slip = next((n for n, m in slips.items() if m and n not in call.action.all_parameters), None)
    if slip is not None:
        return f"`{slip}` is passed, perhaps `{slips[slip]}` is meant."
    return ""


CHECK = Check(
    "missing-parameter",
    Severity.ERROR,
    "A task does not pass a parameter that its action requires.",
    run,
)
