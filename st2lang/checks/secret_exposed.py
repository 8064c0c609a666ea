"""A secret is put where StackStorm shows it to everybody who may look at the execution.

StackStorm masks the values of parameters that are declared `secret`, and nothing else. The output of a
workflow, what an ActionChain publishes (it is part of the chain's result), and parameters that are not
declared secret are stored and shown in clear text by `st2 execution get`, by the web interface and by
every notification.

A secret is a parameter that the metadata of the workflow's action declares `secret: true`, and what
`st2kv(…, decrypt => true)` or `decrypt_kv` reads from the datastore. It is followed through `vars` and
`publish` by name, and through expressions that keep its text: joining, formatting, converting. What an
action makes of it is not known.

What to do: declare the parameter that receives the value `secret` in its action's metadata; for a
command, let the action read the secret itself, from the datastore or from its pack's configuration; in an
output, leave it out, or declare it secret in the `output_schema` of the workflow's action.

## Bad

```yaml title=actions/log_in.yaml
name: log_in
runner_type: orquesta
entry_point: workflows/log_in.yaml
parameters:
  password:
    type: string
    secret: true
```

```yaml title=actions/workflows/log_in.yaml
version: 1.0
input:
  - password
tasks:
  log_in:
    action: core.local
    input:
      cmd: log-in --password <% ctx().password %>
```

```yaml
version: 1.0
vars:
  - token: <% st2kv('service.token', decrypt => true) %>
tasks:
  nothing:
    action: core.noop
output:
  - header: <% 'Bearer ' + ctx().token %>
```

## Good

```yaml title=actions/log_in.yaml
name: log_in
runner_type: orquesta
entry_point: workflows/log_in.yaml
parameters:
  password:
    type: string
    secret: true
```

```yaml title=actions/workflows/log_in.yaml
version: 1.0
input:
  - password
tasks:
  fetch:
    action: core.http
    input:
      url: https://example.com
      username: me
      password: <% ctx().password %>
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from st2lang.catalog.models import mapping
from st2lang.checks import Check
from st2lang.checks._actions import Call, calls, declared
from st2lang.checks._own_action import own_actions
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity
from st2lang.symbols import Place, Role

if TYPE_CHECKING:
    from st2lang.checks._secrets import Leak


def run(document: Document) -> Iterator[Problem]:
    """Secrets in outputs, in published variables of chains and in plain parameters."""
    if not _may_have_secrets(document):
        return
    from st2lang.checks._secrets import Secrets

    secrets = Secrets(document)
    known = {id(call.task): call for call in calls(document)}
    for place in document.places:
        sink = _sink(document, place, known)
        if sink is not None:
            for leak in secrets.in_place(place):
                yield _problem(document, place, leak, *sink)


def _may_have_secrets(document: Document) -> bool:
    declared = (p for action in own_actions(document) for p in action.parameters.values())
    return "decrypt" in document.source.text or any(p.secret for p in declared)


def _sink(document: Document, place: Place, known: Mapping[int, Call]) -> tuple[str, str] | None:
    """What a string ends up in and what can be done, or None where nobody sees it."""
    name = place.assignment.name.text if place.assignment is not None else ""
    match place.role:
        case Role.OUTPUT if not _masked(document, name):
            return f"output `{name}`", "Leave it out, or declare it secret in `output_schema`."
        case Role.PUBLISH if document.kind == "action-chain" and _published_is_shown(document):
            return f"`{name}`, which is part of the chain's result", ""
        case Role.PARAMETER if place.task is not None and id(place.task) in known:
            return _parameter(known[id(place.task)], name)
        case _:
            return None


def _parameter(call: Call, name: str) -> tuple[str, str] | None:
    parameter = call.action.all_parameters.get(name)
    if parameter is None or parameter.secret:
        return None
    can = f"Declare `{name}` secret in the metadata of the action." if call.action.path else ""
    return f"parameter `{name}` of `{call.ref.text}`, which is not secret", can


def _masked(document: Document, name: str) -> bool:
    """Whether the schema of the workflow's output declares an output secret."""
    for action in own_actions(document):
        schema = action.output_schema
        for properties in (schema, mapping(schema.get("properties"))):
            if mapping(properties.get(name)).get("secret") is True:
                return True
    return False


def _published_is_shown(document: Document) -> bool:
    shown = [a.all_parameters.get("display_published") for a in own_actions(document)]
    return not shown or any(p is None or p.default is not False for p in shown)


def _problem(document: Document, place: Place, leak: Leak, sink: str, help: str) -> Problem:
    name, span = leak
    related: list[Related] = []
    for action in own_actions(document):
        if name in action.parameters and action.parameters[name].secret:
            related += declared(action, "parameters", name, message="declared secret here")
    shown = name if "`" in name else f"secret `{name}`"
    return CHECK.problem(
        f"{shown} is shown in clear text in {sink}",
        span,
        place.path,
        help=help,
        related=tuple(related),
    )


CHECK = Check(
    "secret-exposed",
    Severity.WARNING,
    "A secret is put where StackStorm shows it.",
    run,
)
