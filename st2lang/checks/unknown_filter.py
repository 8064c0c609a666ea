"""A Jinja expression uses a filter that does not exist.

The expression cannot be compiled (“No filter named …”) and fails when the workflow comes to it. Orquesta's
own inspection does not look at names of filters.

Filters are Jinja's own and StackStorm's (`to_json_string`, `regex_replace`, `version_compare` …). In Orquesta
the functions of StackStorm are filters as well, in an ActionChain there are a few others (`decrypt_kv`,
`to_complex`). Those of Ansible and Salt (`to_json`, `b64encode`, `combine`) are not there.

## Bad

```yaml
version: 1.0
input:
  - data
tasks:
  greet:
    action: core.echo
    input:
      message: "{{ ctx().data | to_json_strnig }}"
```

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: "{{ data | to_nice_json }}"
```

## Good

```yaml
version: 1.0
input:
  - data
tasks:
  greet:
    action: core.echo
    input:
      message: "{{ ctx().data | to_json_string }}"
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
    "from_json": "from_json_string",
    "from_yaml": "from_yaml_string",
    "to_json": "to_json_string",
    "to_nice_json": "to_json_string",
    "to_nice_yaml": "to_yaml_string",
    "to_yaml": "to_yaml_string",
}
"""Ansible's names."""


def run(document: Document) -> Iterator[Problem]:
    """Filters that are not there."""
    for found in calls(document, Kind.FILTER):
        if found.function is None and f"'{found.site.name}' is filter" not in found.place.text.text:
            yield _problem(found)


def _problem(found: Found) -> Problem:
    name, language = found.site.name, found.language
    other = "jinja" if language == "jinja-chain" else "jinja-chain"
    where = "an ActionChain" if language == "jinja-chain" else "Orquesta"
    guess = _SYNONYMS.get(name)
    if guess is None or functions.lookup(language, guess, Kind.FILTER) is None:
        guess = functions.suggest(language, name, Kind.FILTER)
    message = f"there is no filter `{name}` in {where}"
    if guess:
        message += f"; did you mean `{guess}`?"
    help = ""
    if functions.lookup(other, name, Kind.FILTER):
        help = f"Only {'Orquesta' if other == 'jinja' else 'an ActionChain'} has it."
    elif functions.lookup(language, name):
        help = f"There is a function of that name: `{name}(value)`."
    return CHECK.problem(
        message,
        found.span(found.site.name_span),
        found.place.path,
        help=help,
        fix=replacement(found, guess),
    )


CHECK = Check(
    "unknown-filter",
    Severity.ERROR,
    "A Jinja expression uses a filter that does not exist.",
    run,
)
