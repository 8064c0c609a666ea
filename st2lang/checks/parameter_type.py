"""A value that is passed to an action cannot be what its parameter asks for.

StackStorm casts what is passed to the declared type and then validates it: text that reads as a number is
fine for an `integer`, JSON text for an `array` or `object`, `"true"` for a `boolean`. What the cast or
the validation refuses fails the task; in an ActionChain a failing cast ends the whole chain. In the other
direction nothing is converted: a number or a boolean for a `string` is refused.

Besides the type, `enum`, `pattern`, the bounds of numbers and the lengths of texts are looked at, and what
is inside lists and mappings. Of an expression that is the whole value of an Orquesta parameter the type
counts, when it is certain; an expression inside a text, and everything with an expression in an
ActionChain, gives text whose content nobody knows.

## Bad

```yaml
version: 1.0
tasks:
  look:
    action: core.local
    input:
      cmd: hostname
      timeout: soon
```

```yaml
version: 1.0
tasks:
  fetch:
    action: core.http
    input:
      url: https://example.com
      method: FETCH
```

```yaml
version: 1.0
tasks:
  count:
    action: core.echo message=<% 1 + 2 %>
```

## Good

```yaml
version: 1.0
tasks:
  look:
    action: core.local
    input:
      cmd: hostname
      timeout: "10"
    next:
      - do: count
  count:
    action: core.echo message="<% 1 + 2 %> is a text here"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang import types
from st2lang.catalog.values import check_value, words_for
from st2lang.checks import Check
from st2lang.checks._actions import Call, calls, declared, is_dynamic
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.yaml import Node, Scalar

if TYPE_CHECKING:
    from st2lang.catalog import Parameter
    from st2lang.dialects.model import Value
    from st2lang.inference import Inference

_TAKEN = {
    types.STRING: ("string", "integer", "number", "boolean", "array", "object"),
    types.INTEGER: ("integer", "number"),
    types.NUMBER: ("integer", "number"),
    types.BOOLEAN: ("boolean", "integer", "number"),
}
"""For a type of value the parameter types that StackStorm's cast may accept it for."""


def run(document: Document) -> Iterator[Problem]:
    """Values that StackStorm would refuse for their parameter."""
    inference: Inference | None = None
    for call in calls(document):
        known = call.action.all_parameters
        for name, assignment in call.given.items():
            parameter, value = known.get(name), assignment.value
            if parameter is None or value is None or parameter.immutable:
                continue
            data = value.data
            if data is None and not parameter.types:
                continue
            if not (isinstance(data, str) and is_dynamic(data)):
                complaint = check_value(parameter, data)
            elif document.kind == "orquesta" and parameter.types:
                if inference is None:
                    from st2lang.inference import Inference

                    inference = Inference.of(document)
                complaint = _expression(parameter, inference.type_of(value, call.task))
            else:
                complaint = None
            if complaint:
                yield _problem(call, parameter, value, complaint)


def _expression(parameter: Parameter, kind: types.Type) -> str | None:
    """What is wrong with a value of this type, when that is certain."""
    members = kind.members if isinstance(kind, types.Union) else (kind,)
    if any(_may_fit(member, parameter.types) for member in members):
        return None
    wanted = words_for(parameter.types)
    return f"parameter `{parameter.name}` expects {wanted}, but this expression gives {_a(kind)}"


def _may_fit(kind: types.Type, wanted: tuple[str, ...]) -> bool:
    match kind:
        case types.List():
            return "array" in wanted
        case types.Dict():
            return "object" in wanted
        case types.Named():
            taken = _TAKEN.get(kind)
            return taken is None or any(name in taken for name in wanted)
        case _:
            return True


def _a(kind: types.Type) -> str:
    word = str(kind)
    if " or " in word:
        return word
    return f"an {word}" if word[0] in "aeio" else f"a {word}"


def _problem(call: Call, parameter: Parameter, value: Value, complaint: str) -> Problem:
    subject = f"parameter `{parameter.name}`"
    return CHECK.problem(
        f"{subject} of `{call.ref.text}`{complaint.removeprefix(subject)}",
        value.span if value.span.end > value.span.start else call.given[parameter.name].name.span,
        value.path,
        related=declared(call.action, "parameters", parameter.name),
        fix=_quote(parameter, value.node) if value.inline is None else None,
    )


def _quote(parameter: Parameter, node: Node) -> Fix | None:
    """Quotes around a number, a date or the like, where text is wanted."""
    if parameter.types != ("string",) or not isinstance(node, Scalar):
        return None
    written = node.text[node.start : node.end]
    if not written or node.is_string or not written.isprintable() or set(written) & set('"\\'):
        return None
    return Fix(f'Quote it: "{written}"', (Edit(node.span, f'"{written}"'),), safe=False)


CHECK = Check(
    "parameter-type",
    Severity.ERROR,
    "A value that is passed to an action cannot be what its parameter asks for.",
    run,
)
