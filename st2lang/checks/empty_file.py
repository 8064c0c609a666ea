"""The file is empty, or has nothing but comments.

An action whose metadata is empty cannot be registered; a workflow that is empty fails as soon as it is
started. Reported for files among a pack's actions, and for files whose kind is known: `pack.yaml`, a
file that some action's `entry_point` names, a file checked with `--kind`.

## Bad

```yaml
# TODO: make breakfast
```

## Good

```yaml
# Makes breakfast.
version: 1.0
tasks:
  brew_coffee:
    action: core.echo message="brewing"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import EVERY, Check
from st2lang.checks._problems import is_ours
from st2lang.document import Document
from st2lang.problem import Problem, Severity
from st2lang.source import Span
from st2lang.yaml import Scalar, deref

_EXPECTED = {
    "orquesta": "an Orquesta workflow needs at least `version` and `tasks`",
    "action-chain": "an ActionChain needs at least `chain`",
    "action": "the metadata of an action needs at least `name` and `runner_type`",
    "pack": "`pack.yaml` needs at least `name`, `version` and `author`",
    "unknown": "StackStorm expects the metadata of an action or a workflow here",
}


def run(document: Document) -> Iterator[Problem]:
    """A file without content, unless it is broken (then `yaml-syntax` tells about it)."""
    if not document.yaml.problems and _is_empty(document) and is_ours(document):
        expected = _EXPECTED[document.kind]
        yield CHECK.problem(f"the file is empty; {expected}", _somewhere(document))


def _is_empty(document: Document) -> bool:
    root = None if document.root is None else deref(document.root)
    return root is None or (isinstance(root, Scalar) and root.value == "" and root.is_null)


def _somewhere(document: Document) -> Span:
    """The first line that has text, to have something to underline."""
    text = document.source.text
    start = len(text) - len(text.lstrip())
    if start == len(text):
        return Span(0, 0)
    return document.source.line_span(document.source.position(start).line)


CHECK = Check(
    "empty-file",
    Severity.ERROR,
    "The file is empty, or has nothing but comments.",
    run,
    EVERY,
)
