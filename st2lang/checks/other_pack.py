"""The metadata of an action says that it belongs to another pack than the one it lies in.

`pack` is optional: an action belongs to the pack whose folder it lies in. When it is there and names
another one, StackStorm does not register the action. The name of a pack is the `ref` in its `pack.yaml`.

## Bad

```yaml title=pack.yaml
ref: bakery
name: Bakery
description: Bread and rolls
version: 1.0.0
author: The baker
```

```yaml title=actions/bake.yaml
name: bake
pack: kitchen
runner_type: noop
```

## Good

```yaml title=pack.yaml
ref: bakery
name: Bakery
description: Bread and rolls
version: 1.0.0
author: The baker
```

```yaml title=actions/bake.yaml
name: bake
pack: bakery
runner_type: noop
```
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.checks._metadata import actions_folder, data_of, rewrite, value_span
from st2lang.document import Document
from st2lang.problem import Problem, Severity

_PATH = ("pack",)


def run(document: Document) -> Iterator[Problem]:
    """A `pack` that is not the pack around the file."""
    declared = data_of(document).get("pack")
    home = document.catalog.home if document.catalog is not None else None
    folder = actions_folder(document)
    if home is None or folder is None or not home.data or not isinstance(declared, str):
        return
    if declared in ("", home.ref) or os.path.dirname(folder) != os.path.abspath(home.path):
        return
    yield CHECK.problem(
        f"this is pack `{home.ref}`, not `{declared}`",
        value_span(document, _PATH),
        _PATH,
        help="Correct the name, or leave `pack` out.",
        fix=rewrite(document, _PATH, declared, home.ref),
    )


CHECK = Check(
    "other-pack",
    Severity.ERROR,
    "The metadata of an action names another pack than the one it lies in.",
    run,
    ("action",),
)
