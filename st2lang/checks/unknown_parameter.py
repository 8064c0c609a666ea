"""A task passes a parameter that its action does not have.

StackStorm refuses an Orquesta workflow that does so before anything runs. In an ActionChain the node
fails when the chain comes to it.

An action has the parameters of its metadata and those of its runner (`timeout`, `sudo`, `cwd` of a
local command, `env` of a Python script). Actions with a runner that does not come with StackStorm are not
judged.

## Bad

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
    input:
      mesage: hello
      message: hello
```

## Good

```yaml
version: 1.0
tasks:
  look:
    action: core.local
    input:
      cmd: hostname
      timeout: 10
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._actions import Call, calls, declared, is_dynamic, parameters
from st2lang.dialects.model import Assignment
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.suggest import listing, nearest
from st2lang.yaml import Mapping, deref


def run(document: Document) -> Iterator[Problem]:
    """Passed parameters that neither the action nor its runner has."""
    chain = document.kind == "action-chain"
    for call in calls(document):
        known = parameters(call.action)
        if known is None or (chain and not known):  # nothing is declared: a chain may pass anything
            continue
        free = [name for name, parameter in known.items() if not parameter.immutable]
        for name, passed in call.given.items():
            ours = chain and _is_retry(passed)
            if name not in known and not is_dynamic(name) and not ours:
                yield _problem(call, name, free)


def _is_retry(passed: Assignment) -> bool:
    """True for what st2lang's runtime takes for its own: `action-chain-retry` tells about it."""
    value = passed.value
    return (
        passed.name.text == "retry" and value is not None and isinstance(deref(value.node), Mapping)
    )


def _problem(call: Call, name: str, known: list[str]) -> Problem:
    passed = call.given[name].name
    guess = nearest(name, [other for other in known if other not in call.given])
    title = f"Rename to `{guess}`"
    return CHECK.problem(
        f"`{call.ref.text}` has no parameter `{name}`"
        + (f"; did you mean `{guess}`?" if guess else ""),
        passed.span,
        passed.path,
        help=f"It has {listing(known, 'and')}." if known else "It has no parameters.",
        related=declared(call.action, "parameters", message="its parameters are declared here"),
        fix=Fix(title, (Edit(passed.span, guess),), safe=False) if guess else None,
    )


CHECK = Check(
    "unknown-parameter",
    Severity.ERROR,
    "A task passes a parameter that its action does not have.",
    run,
)
