"""A function, method, filter or test is called with a wrong number of arguments or a wrong name.

No overload of the function takes the call, so the expression fails when it is evaluated (“No function …
matches supplied arguments”, in Jinja a `TypeError`).

Named arguments are written `name => value` in YAQL and `name=value` in Jinja. YAQL turns the names of
StackStorm's functions into camel case: `to_json_string(x, sortKeys => true)`.

What cannot be counted is not reported: Jinja's `f(*args)`, and functions that an expression defines itself.

## Bad

```yaml
version: 1.0
input:
  - names
tasks:
  greet:
    action: core.echo
    input:
      message: <% ctx().names.join() %>
```

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo
    input:
      message: <% st2kv('system.name', decrypted => true) %>
```

## Good

```yaml
version: 1.0
input:
  - names
tasks:
  greet:
    action: core.echo
    input:
      message: <% ctx().names.join(', ') + st2kv('system.name', decrypt => true) %>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.calls import Found, calls, misfits
from st2lang.checks import Check
from st2lang.document import Document
from st2lang.functions.calls import NOT_A_METHOD, ONLY_A_METHOD, CallProblem
from st2lang.functions.record import Function
from st2lang.inference import Inference
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.source import Span
from st2lang.types import ANY, Type

_STYLE = (NOT_A_METHOD, ONLY_A_METHOD)


def run(document: Document) -> Iterator[Problem]:
    """Calls that no overload takes."""
    inference = Inference.of(document)
    for found in calls(document):
        problems = found.misfits
        if not problems and found.site.method and _overloaded(found.function):
            problems = misfits(found, _receiver(found, inference))
        for problem in problems:
            if problem.reason not in _STYLE:
                yield _problem(found, problem)


def _overloaded(function: Function | None) -> bool:
    """True where the type of the receiver may leave out overloads."""
    return function is not None and len(function.forms) > 1


def _receiver(found: Found, inference: Inference) -> Type:
    receiver = found.site.receiver
    if receiver is None:
        return ANY
    lookup = inference.lookup(found.place.task)
    if found.language == "yaql":
        from st2lang.inference.yaql import infer as infer_yaql

        return infer_yaql(receiver, lookup)  # type: ignore[arg-type]
    from st2lang.inference.jinja import infer as infer_jinja

    return infer_jinja(receiver, found.language, lookup)  # type: ignore[arg-type]


def _problem(found: Found, problem: CallProblem) -> Problem:
    site = found.site
    named = next((span for name, _, span in site.keywords if name == problem.argument), None)
    fix = None
    if named is not None and problem.suggestion:
        name_only = Span(named.start, named.start + len(problem.argument))
        edit = Edit(found.span(name_only), problem.suggestion)
        fix = Fix(f"Change to `{problem.suggestion}`", (edit,), safe=False)
    return CHECK.problem(
        problem.message, found.span(named or site.name_span), found.place.path, fix=fix
    )


CHECK = Check(
    "function-arguments",
    Severity.ERROR,
    "A function is called with a wrong number of arguments or a wrong name.",
    run,
)
