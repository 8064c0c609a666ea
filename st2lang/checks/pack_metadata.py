"""A `pack.yaml` has the right shape, but will not be understood as it is meant.

- Without a `ref`, the pack goes by the name of its folder, and when it is installed from a repository by
  its `name`. Where that cannot be a reference (lower-case letters, digits and underscores), installing the
  pack fails.
- A `version` without quotes may be read as a number that is written differently: `1.10` becomes `1.1`.
- A pack that works with Python 2 only does not work with any StackStorm since 3.4.

## Bad

```yaml title=pack.yaml
name: My Bakery
description: Bread and rolls
version: 1.10
author: The baker
python_versions:
  - "2"
```

## Good

```yaml title=pack.yaml
name: My Bakery
ref: my_bakery
description: Bread and rolls
version: 1.10.0
author: The baker
python_versions:
  - "3"
```
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._metadata import data_of, key_span, root_of, value_span
from st2lang.document import Document
from st2lang.patterns import lazy
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.yaml import Scalar, deref

_REF = lazy(r"[a-z0-9_]+")


def run(document: Document) -> Iterator[Problem]:
    """What a manifest says that will be read differently."""
    yield from _ref(document)
    yield from _version(document)
    if data_of(document).get("python_versions") == ["2"]:
        yield CHECK.problem(
            "the pack works with Python 2 only, which StackStorm no longer runs",
            key_span(document, ("python_versions",)),
            ("python_versions",),
        )


def _ref(document: Document) -> Iterator[Problem]:
    data = data_of(document)
    name = data.get("name")
    if data.get("ref") or not isinstance(name, str) or not name or _REF.fullmatch(name):
        return
    folder = os.path.basename(os.path.dirname(os.path.abspath(document.source.path)))
    hopeless = not _REF.fullmatch(folder)
    yield CHECK.problem(
        f"`{name}` cannot serve as a reference to the pack, and there is no `ref`",
        value_span(document, ("name",)),
        ("name",),
        help="Add a `ref` of lower-case letters, digits and underscores"
        + (f", such as `{_slug(name)}`." if _slug(name) else "."),
        severity=Severity.ERROR if hopeless and document.source.path else None,
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _version(document: Document) -> Iterator[Problem]:
    root = root_of(document)
    node = root.get("version") if root is not None else None
    scalar = deref(node) if node is not None else None
    if not isinstance(scalar, Scalar) or not isinstance(scalar.data, int | float):
        return
    read = str(scalar.data)
    if read != scalar.value:
        fix = Fix(f'Quote it: "{scalar.value}"', (Edit(scalar.span, f'"{scalar.value}"'),))
        yield CHECK.problem(
            f"version `{scalar.value}` is read as the number {read}",
            scalar.span,
            ("version",),
            help="Put it in quotes, or write three numbers.",
            fix=fix if node is scalar else None,
        )


CHECK = Check(
    "pack-metadata",
    Severity.WARNING,
    "A pack.yaml will not be understood as it is meant.",
    run,
    ("pack",),
)
