"""An expression is opened but never closed, so it stays in the text as it is.

Orquesta looks for `<% … %>` and `{{ … }}`. A `<%` without its `%>`, or one that is closed by the brackets
of the other language, is no expression to it: the action gets the characters `<% ctx().name` and does
something with them. Nothing fails and nothing is logged.

Only what calls a function of Orquesta is reported: `<%` and `{{` alone may be meant for another program.
An ActionChain refuses such text by itself (`expression-syntax`).

## Bad

```yaml
version: 1.0
input:
  - name
tasks:
  greet:
    action: core.echo
    input:
      message: "Hello <% ctx().name }}"
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
      message: "Hello <% ctx().name %>"
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.patterns import lazy
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.symbols import Place

_OPENING = lazy(r"<%|\{\{")
_CALL = lazy(r"\b(?:ctx|item|result|task|task_status|st2kv|succeeded|failed|completed)\(")
_CLOSING = {"<%": "%>", "{{": "}}"}
_SLIPS = {
    "<%": re.compile(r"\}\}|%\}|%\s+>|%(?=[\s\"']*$)|>(?=[\s\"']*$)"),
    "{{": re.compile(r"%>|\}\s+\}|%\}|\}(?=[\s\"']*$)"),
}
"""What people write instead of the closing delimiter."""


def run(document: Document) -> Iterator[Problem]:
    """Openings outside all expressions with a call of Orquesta behind them and no end."""
    for place in document.places:
        if place.orquesta and not place.text.mixed:
            for match in _OPENING.finditer(place.text.text):
                if _outside(place, match.start()):
                    yield from _problem(place, match)


def _outside(place: Place, offset: int) -> bool:
    return not any(e.start <= offset < e.end for e in place.text.expressions)


def _problem(place: Place, opening: re.Match[str]) -> Iterator[Problem]:
    text, closing = place.text.text, _CLOSING[opening[0]]
    following = _OPENING.search(text, opening.end())
    end = following.start() if following else len(text)
    if closing in text[opening.end() : end] or not _CALL.search(text, opening.end(), end):
        return
    slip = _SLIPS[opening[0]].search(text, opening.end(), end)
    message = f"`{opening[0]}` is never closed: this stays in the text and is not evaluated"
    fix = None
    if slip is not None:
        message = f"`{opening[0]}` is closed by `{slip[0]}` instead of `{closing}`: this stays in the text"
        edit = Edit(place.locate(slip.start(), slip.end()), closing)
        fix = Fix(f"Close it with `{closing}`", (edit,), safe=False)
    yield CHECK.problem(
        message,
        place.locate(opening.start(), slip.end() if slip else opening.end()),
        place.path,
        help=f"Close the expression with `{closing}`.",
        fix=fix,
    )


CHECK = Check(
    "unclosed-expression",
    Severity.WARNING,
    "An expression is opened but never closed, so it stays in the text as it is.",
    run,
    ("orquesta",),
)
