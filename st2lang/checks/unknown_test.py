"""A Jinja expression uses a test (`is …`) that does not exist.

The expression cannot be compiled (“No test named …”) and fails when the workflow comes to it. Orquesta's
own inspection does not look at names of tests.

Jinja's tests are for example `defined`, `none`, `string`, `number`, `mapping`, `sequence`, `in`. Values are
compared with operators: `== true`, `!= ''`.

## Bad

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo
    input:
      message: "{{ 'nobody' if ctx().name is null else ctx().name }}"
```

## Good

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo
    input:
      message: "{{ 'nobody' if ctx().name is none else ctx().name }}"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang import functions
from st2lang.calls import Found, calls
from st2lang.checks import Check
from st2lang.checks._names import replacement
from st2lang.document import Document
from st2lang.functions.record import Kind
from st2lang.problem import Problem, Severity

_SYNONYMS = {
    "None": "none",
    "array": "sequence",
    "dict": "mapping",
    "list": "sequence",
    "null": "none",
}


def run(document: Document) -> Iterator[Problem]:
    """Tests that are not there."""
    for found in calls(document, Kind.TEST):
        if found.function is None and f"'{found.site.name}' is test" not in found.place.text.text:
            yield _problem(found)


def _problem(found: Found) -> Problem:
    name, language = found.site.name, found.language
    guess = _SYNONYMS.get(name) or functions.suggest(language, name, Kind.TEST)
    message = f"Jinja has no test `{name}`"
    if guess:
        message += f"; did you mean `{guess}`?"
    help = ""
    if functions.lookup(language, name, Kind.FILTER):
        help = f"There is a filter of that name: `value | {name}`."
    return CHECK.problem(
        message,
        found.span(found.site.name_span),
        found.place.path,
        help=help,
        fix=replacement(found, guess),
    )


CHECK = Check(
    "unknown-test",
    Severity.ERROR,
    "A Jinja expression uses a test that does not exist.",
    run,
)
