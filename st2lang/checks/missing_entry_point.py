"""The file that an action runs does not exist.

`entry_point` names a script or a workflow relative to the pack's `actions` folder. StackStorm registers
the action without looking; every run of it then fails.

Runners that run no file of the pack (`local-shell-cmd`, `http-request`, `noop` …) need no entry point.
Upper and lower case have to match too: a wrong case works on macOS and Windows, and fails on the server.
Entry points that lead out of the pack, or begin with `/`, are not looked at.

## Bad

```yaml title=actions/greet.yaml
name: greet
runner_type: orquesta
entry_point: workflows/greet.yml
```

```yaml title=actions/workflows/greet.yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
```

```yaml
name: greet
runner_type: python-script
```

## Good

```yaml title=actions/greet.yaml
name: greet
runner_type: orquesta
entry_point: workflows/greet.yaml
```

```yaml title=actions/workflows/greet.yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
```
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from st2lang.catalog import builtin
from st2lang.catalog.models import text
from st2lang.checks import Check
from st2lang.checks._metadata import (
    RUNS_A_FILE,
    actions_folder,
    data_of,
    key_span,
    rewrite,
    value_span,
)
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.suggest import nearest

_PATH = ("entry_point",)


def run(document: Document) -> Iterator[Problem]:
    """An entry point that is missing, or that leads to no file."""
    data = data_of(document)
    runner = builtin.runner(text(data.get("runner_type")))
    if runner is None or runner.name not in RUNS_A_FILE:
        return
    written = data.get("entry_point")
    if written is None or written == "":
        yield _none(document, runner.name)
    elif isinstance(written, str):
        folder = actions_folder(document)
        if folder is not None and _inside(folder, written) and not _exists(folder, written):
            yield _missing(document, folder, written)


def _none(document: Document, runner: str) -> Problem:
    return CHECK.problem(
        f"an action with the runner `{runner}` needs an `entry_point`: the file to run",
        key_span(document, ("runner_type",)),
        help="The file is named relative to the pack's `actions` folder.",
    )


def _missing(document: Document, folder: str, written: str) -> Problem:
    guess = _similar(folder, written)
    return CHECK.problem(
        f"entry point `{written}` does not exist in `actions`"
        + (f"; did you mean `{guess}`?" if guess else ""),
        value_span(document, _PATH),
        _PATH,
        fix=rewrite(document, _PATH, written, guess),
    )


def _inside(folder: str, written: str) -> bool:
    """True when the path stays in the pack."""
    path = os.path.normpath(written)
    if os.path.isabs(path) or written.startswith("/") or "\0" in written:
        return False
    pack = os.path.dirname(folder)
    return os.path.normpath(os.path.join(folder, path)).startswith(pack + os.sep)


def _exists(folder: str, written: str) -> bool:
    """True when the file is there under exactly this name, also where case does not matter."""
    if not os.path.exists(os.path.join(folder, written)):
        return False
    if not os.path.exists(os.path.join(folder, written.swapcase())):
        return True
    steps = os.path.normpath(written).split(os.sep)
    for index, step in enumerate(steps):
        if step not in (os.pardir, *_names(os.path.join(folder, *steps[:index]))):
            return False
    return True


def _similar(folder: str, written: str) -> str | None:
    """The path in the pack that was probably meant, found step by step."""
    steps = written.replace("\\", "/").split("/")
    for index, step in enumerate(steps):
        names = _names(os.path.join(folder, *steps[:index]))
        if step not in (os.pardir, os.curdir) and step not in names:
            guess = nearest(step, [n for n in names if index < len(steps) - 1 or _like(n, step)])
            if guess is None:
                return None
            steps[index] = guess
    found = "/".join(steps)
    return found if found != written and os.path.isfile(os.path.join(folder, found)) else None


def _like(name: str, other: str) -> bool:
    """True for files of the same sort: a script is not mistaken for the metadata beside it."""
    suffixes = {os.path.splitext(file)[1].lower() for file in (name, other)}
    return len(suffixes) == 1 or suffixes == {".yaml", ".yml"}


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


CHECK = Check(
    "missing-entry-point",
    Severity.ERROR,
    "The file that an action runs does not exist.",
    run,
    ("action",),
)
