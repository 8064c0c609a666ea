r"""A backslash in a regular expression is read as the escape of a control character.

Backslashes are read more than once. In a double-quoted YAML scalar `"\b"` is a backspace before the
expression is even looked at (and `"\d"` is an error). The quotes of YAQL and Jinja read them again:
`'\bweb\b'` asks for backspaces around `web`, and `'\1'` is the character number one, not the first group.
Nothing fails: the pattern just never matches, or the replacement has an invisible character in it.

Write the backslash twice in the expression, and the expression in a plain, single-quoted or block scalar.
Other escapes, such as `\d`, `\w`, `\s` and `\.`, are left alone by YAQL and Jinja, so one backslash does
for them there. In YAQL a string in backquotes reads no escapes at all.

## Bad

```yaml
version: 1.0
input:
  - line
tasks:
  look:
    action: core.noop
    next:
      - when: <% regex_search(ctx().line, '\berror\b') %>
        do: report
  report:
    action: core.echo
    input:
      message: <% regex_replace(ctx().line, '(.*)=.*', '\1') %>
```

## Good

```yaml
version: 1.0
input:
  - line
tasks:
  look:
    action: core.noop
    next:
      - when: <% regex_search(ctx().line, '\\berror\\b') %>
        do: report
  report:
    action: core.echo
    input:
      message: <% regex_replace(ctx().line, '(.*)=.*', '\\1') %>
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.calls import calls
from st2lang.checks import Check
from st2lang.checks._names import written_as_read
from st2lang.document import Document
from st2lang.functions.record import Kind
from st2lang.patterns import lazy
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.expressions.embedded import Embedded
    from st2lang.symbols import Place

_CONTROL = lazy(r"[\x00-\x08]")
_ESCAPE = lazy(r"\\(?:(?P<lost>[ab]|[0-7](?![0-7]))|.)", re.DOTALL)
_HINT = lazy(r"regex|matches|=~|!~")
_SHOWN = {"\x07": "\\a", "\x08": "\\b"}

_PATTERNS = {
    "matches": (0,),
    "regex": (0,),
    "regex_match": (1,),
    "regex_replace": (1, 2),
    "regex_search": (1,),
    "regex_substring": (1,),
}
"""Which arguments of a function are patterns (or replacements); a filter has one before them."""


def run(document: Document) -> Iterator[Problem]:
    """Patterns with control characters."""
    if not any(_HINT.search(place.text.text) for place in document.places):
        return
    for found in calls(document):
        site = found.site
        shift = 1 if site.kind is Kind.FILTER else 0
        for index in _PATTERNS.get(site.name, ()):
            if 0 <= index - shift < len(site.arguments):
                yield from _argument(found.place, found.embedded, site.arguments[index - shift])
    for place in document.places:
        if "~" in place.text.text and not place.text.mixed:
            for embedded in place.text.expressions:
                if embedded.language == "yaql" and embedded.node is not None:
                    yield from _operators(place, embedded)


def _operators(place: Place, embedded: Embedded) -> Iterator[Problem]:
    from st2lang.expressions.yaql_ast import Binary, walk

    if not embedded.inert:
        for node in walk(embedded.yaql):
            match node:
                case Binary(operator="=~" | "!~", right=right):
                    yield from _argument(place, embedded, right)


def _argument(place: Place, embedded: Embedded, node: object) -> Iterator[Problem]:
    value, span = getattr(node, "value", None), getattr(node, "span", None)
    if not isinstance(value, str) or not isinstance(span, Span):
        return
    control = _CONTROL.search(value)
    if control is None:
        return
    start, end = embedded.base + span.start, embedded.base + span.end
    char = control[0]
    meant = _SHOWN.get(char, f"\\{ord(char)}")
    if _CONTROL.search(place.text.text, start, end):
        by = "YAML's double quotes read"
        help = "Put the value in single quotes or in a block scalar, and write the backslash twice."
    else:
        by = f"the quotes of {'YAQL' if embedded.language == 'yaql' else 'Jinja'} read"
        help = f"Write `\\{meant}` in the expression."
    yield CHECK.problem(
        f"{by} `{meant}` as a control character, so the pattern does not mean what it seems to",
        place.locate(start, end),
        place.path,
        help=help,
        fix=_fix(place, start, end),
    )


def _fix(place: Place, start: int, end: int) -> Fix | None:
    """Double the backslashes that got lost, where the file has them as the expression has them."""
    edits = []
    for match in _ESCAPE.finditer(place.text.text, start, end):
        if match["lost"]:
            span = written_as_read(place, match.start(), match.end())
            if span is None:
                return None
            edits.append(Edit(Span(span.start, span.start), "\\"))
    return Fix("Double the backslashes", tuple(edits)) if edits else None


CHECK = Check(
    "regex-escape",
    Severity.WARNING,
    "A backslash in a regular expression is read as the escape of a control character.",
    run,
)
