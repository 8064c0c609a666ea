"""A key that has to be there is missing.

Orquesta refuses a workflow without `tasks`, StackStorm refuses an action without a `runner_type`, and so
on. The problem points at the first key of the mapping that lacks something.

A workflow without `version` is only a warning: Orquesta runs it as 1.0, but says in its documentation
that the key is required.

Where the text is broken as YAML nothing is said to be missing, as it may be in the broken part.

## Bad

```yaml
version: 1.0
description: Says hello.
input:
  - name
output:
  - greeted: <% ctx().name %>
```

```yaml
chain:
  - name: greet
    parameters:
      message: hello
```

```yaml
tasks:
  greet:
    action: core.echo message="hello"
```

## Good

```yaml
version: 1.0
description: Says hello.
input:
  - name
tasks:
  greet:
    action: core.echo message="hello <% ctx().name %>"
output:
  - greeted: <% ctx().name %>
```

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: hello
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._problems import SHAPED, of_shape
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.source import Span
from st2lang.yaml import Mapping, deref


def run(document: Document) -> Iterator[Problem]:
    """The keys that the shape of the document requires, and a workflow's version."""
    yield from of_shape(document, CHECK.id)
    if document.kind == "orquesta" and not document.yaml.broken:
        yield from _version(document)


def _version(document: Document) -> Iterator[Problem]:
    root = None if document.root is None else deref(document.root)
    if not isinstance(root, Mapping) or not root.entries or "version" in root:
        return
    first = root.entries[0].key.span
    yield CHECK.problem(
        "an Orquesta workflow needs the key `version`",
        first,
        help="Add `version: 1.0`.",
        fix=None if root.flow else _add_version(document, first.start),
        severity=Severity.WARNING,
    )


def _add_version(document: Document, start: int) -> Fix | None:
    """A line before the first key, if that key begins its line."""
    source = document.source
    line = source.line_starts[source.position(start).line - 1]
    indentation = source.text[line:start]
    if indentation.strip():
        return None
    return Fix("Add `version: 1.0`", (Edit(Span(line, line), f"{indentation}version: 1.0\n"),))


CHECK = Check("missing-key", Severity.ERROR, "A key that has to be there is missing.", run, SHAPED)
