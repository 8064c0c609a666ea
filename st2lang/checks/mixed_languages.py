"""One value holds both YAQL and Jinja.

Orquesta decides by the delimiters which language a value is written in, and refuses a workflow in which
one value has both: “Expression with multiple types is not supported”.

Write the whole value in one language. Different values of a workflow may use different languages. When
`{{` or `{%` is meant for another program (Go templates, Ansible), let YAQL make the braces from two
strings, or read the template from a file.

An ActionChain knows only Jinja; `<% … %>` is plain text there, which is reported where it calls one of
Orquesta's functions.

## Bad

```yaml
version: 1.0
input:
  - first
  - last
tasks:
  greet:
    action: core.echo
    input:
      message: "Hello {{ ctx().first }} <% ctx().last %>"
```

```yaml
chain:
  - name: greet
    ref: core.echo
    parameters:
      message: "Hello <% ctx().name %>"
```

## Good

```yaml
version: 1.0
input:
  - first
  - last
tasks:
  greet:
    action: core.echo
    input:
      message: "Hello <% ctx().first %> <% ctx().last %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.expressions.embedded import Embedded, scan
from st2lang.problem import Problem, Related, Severity
from st2lang.symbols import Place

_HELP = "Write the whole value in one language."


def run(document: Document) -> Iterator[Problem]:
    """Values with both languages, and YAQL in ActionChains."""
    for place in document.places:
        if place.text.mixed:
            yield _mixed(place)
        elif not place.orquesta and "<%" in place.text.text:
            yield from _in_chain(place)


def _mixed(place: Place) -> Problem:
    live = [e for e in place.text.expressions if not e.inert]
    first = live[0]
    second = next(e for e in live if e.language != first.language)
    return CHECK.problem(
        "this value mixes YAQL and Jinja, and Orquesta refuses it",
        place.locate(second.start, second.end),
        place.path,
        help=_HELP,
        related=(Related("the other language is here", place.locate(first.start, first.end)),),
    )


def _in_chain(place: Place) -> Iterator[Problem]:
    for embedded in scan(place.text.text).expressions:
        if embedded.language == "yaql" and not embedded.inert and _calls_orquesta(embedded):
            yield CHECK.problem(
                "this is YAQL, which an ActionChain does not evaluate: it stays as it is written",
                place.locate(embedded.start, embedded.end),
                place.path,
                help="Write it in Jinja: parameters and results are plain names there, `{{ name }}`.",
                severity=Severity.WARNING,
            )


def _calls_orquesta(embedded: Embedded) -> bool:
    """True for what is certainly meant for Orquesta, and not for a template engine like ERB."""
    if embedded.node is None:
        return False
    from st2lang.calls import yaql_sites
    from st2lang.functions.orquesta import FUNCTIONS

    names = {record.name for record in FUNCTIONS}
    return any(site.name in names for site in yaql_sites(embedded.yaql))


CHECK = Check(
    "mixed-languages",
    Severity.ERROR,
    "One value holds both YAQL and Jinja.",
    run,
)
