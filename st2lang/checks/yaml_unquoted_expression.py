"""A Jinja expression stands at the start of a value without quotes.

To YAML `{{ x }}` is a mapping inside a mapping, not text. The file fails to load, or the value is not
the text that you see. Put the whole value in quotes. (YAQL expressions, `<% … %>`, need none.)

## Bad

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo
    input:
      message: {{ ctx("name") }}
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
      message: "{{ ctx('name') }}"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import of_yaml
from st2lang.document import Document
from st2lang.problem import Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """The Jinja expressions without quotes."""
    yield from of_yaml(document, CHECK.id)


CHECK = Check(
    "yaml-unquoted-expression",
    Severity.ERROR,
    "A Jinja expression stands at the start of a value without quotes.",
    run,
    EVERY,
)
