"""A task calls an action that its pack does not have.

StackStorm looks the action up in its database: an Orquesta workflow with an unknown action is refused as
a whole, an ActionChain fails when it comes to the node, without taking `on-failure`.

Actions are looked for in the workflow's own pack and the packs beside it, in the workspace, in the
folders named by `--pack-dir`, in `/opt/stackstorm/packs`, and among the packs that come with StackStorm.
When nothing at all is known about the pack, the action may well exist on the server: that is an
information, once for each pack in a file. Name the folder that holds the packs with `--pack-dir` to have
these calls checked.

A reference is `pack.action`. Parameters behind it have to be in a form that Orquesta knows
(`message="text"`, `count=3`, `items=<% … %>`); otherwise the whole string is taken for the action's name.

## Bad

```yaml
version: 1.0
tasks:
  greet:
    action: core.ecko message="hello"
```

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd=hostname
```

```yaml
chain:
  - name: greet
    ref: core.ecko
    parameters:
      message: hello
```

## Good

```yaml
version: 1.0
tasks:
  greet:
    action: core.echo message="hello"
    next:
      - do: look
  look:
    action: core.local cmd="hostname"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.catalog import Catalog
from st2lang.checks import Check
from st2lang.checks._actions import called, is_dynamic
from st2lang.dialects.model import Name
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity


def run(document: Document) -> Iterator[Problem]:
    """References that lead to no action."""
    catalog = document.catalog
    if catalog is None:
        return
    strange: set[str] = set()
    for _, ref in called(document):
        if is_dynamic(ref.text) or ref.text in document.called_actions:
            continue
        pack, dot, name = ref.text.partition(".")
        if " " in ref.text or not (pack and dot and name):
            yield _malformed(ref, catalog)
        elif catalog.pack(pack) is not None:
            yield _unknown(ref, pack, catalog)
        elif pack not in strange:
            strange.add(pack)
            yield _unknown_pack(ref, pack, catalog)


def _malformed(ref: Name, catalog: Catalog) -> Problem:
    word = ref.text.split(" ", 1)[0]
    if word != ref.text and catalog.find_action(word) is not None:
        return CHECK.problem(
            f"all of `{ref.text}` is taken for the name of the action, no parameter is read from it",
            ref.span,
            ref.path,
            help='Put the value of a parameter in quotes (name="value"), or use `input`.',
        )
    return CHECK.problem(
        f"`{ref.text}` is not a reference to an action, which has the form `pack.action`",
        ref.span,
        ref.path,
    )


def _unknown(ref: Name, pack: str, catalog: Catalog) -> Problem:
    guess = catalog.suggest_action(ref.text)
    folder = getattr(catalog.pack(pack), "path", "")
    return CHECK.problem(
        f"pack `{pack}` has no action `{ref.text[len(pack) + 1 :]}`" + _hint(guess),
        ref.span,
        ref.path,
        help=f"The pack was found in {folder}." if folder else "The pack comes with StackStorm.",
        fix=_rename(ref, guess),
    )


def _unknown_pack(ref: Name, pack: str, catalog: Catalog) -> Problem:
    guess = catalog.suggest_action(ref.text)
    return CHECK.problem(
        f"nothing is known about pack `{pack}`, so that calls of its actions are not checked"
        + _hint(guess),
        ref.span,
        ref.path,
        help="Name the folder that holds the pack with `--pack-dir`.",
        fix=_rename(ref, guess),
        severity=Severity.INFO,
    )


def _hint(guess: str | None) -> str:
    return f"; did you mean `{guess}`?" if guess else ""


def _rename(ref: Name, guess: str | None) -> Fix | None:
    return Fix(f"Change to `{guess}`", (Edit(ref.span, guess),), safe=False) if guess else None


CHECK = Check(
    "unknown-action",
    Severity.ERROR,
    "A task calls an action that its pack does not have.",
    run,
)
