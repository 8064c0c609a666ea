"""A condition does not depend on anything: it is always true, or never.

Orquesta evaluates `when` and takes the transition when the value counts as true. Three slips make it
constant, and none of them is noticed anywhere:

- **Text.** A condition without `<% … %>` is text, and text that is not empty counts as true. So does
  anything beside the expression, be it a space, a line break (`when: >` keeps one at the end, `>-` does
  not) or the words between two expressions: the value is then text such as `False `.
- **Outcomes that exclude or complete each other.** `succeeded() and failed()` is never true. What is always
  true although it looks like a choice is reported as an information; `completed()` alone, which says that
  it is meant, is not.
- **Comparisons that can only have one result**: of two literals, or of values of different types. In YAQL
  and Jinja `true` and `'true'`, `1` and `'1'` are never equal. Types come from the metadata of the action
  and from what the workflow itself gives to a variable; where they are not certain nothing is reported.

## Bad

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="hostname"
    next:
      - when: failed()
        do: report
  report:
    action: core.noop
```

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="hostname"
    next:
      - when: <% succeeded() %> and <% result().stdout = 'web' %>
        do: report
  report:
    action: core.noop
```

```yaml
version: 1.0
vars:
  - ready: false
tasks:
  look:
    action: core.local cmd="hostname"
    next:
      - when: <% succeeded() and ctx().ready = 'true' %>
        do: report
  report:
    action: core.noop
```

## Good

```yaml
version: 1.0
vars:
  - ready: false
tasks:
  look:
    action: core.local cmd="hostname"
    next:
      - when: <% succeeded() and result().stdout = 'web' and not ctx().ready %>
        do: report
  report:
    action: core.noop
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.checks import Check
from st2lang.conditions import truth
from st2lang.dialects.model import Piece, Value
from st2lang.document import Document
from st2lang.expressions.embedded import Embedded, Text, scan
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.source import Span
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.dialects.model import Task

_TEXT = "a condition that is text is always true"


def run(document: Document) -> Iterator[Problem]:
    """Conditions with only one possible value."""
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return
    for task in workflow.tasks.values():
        conditions = [t.when for t in task.transitions]
        conditions.append(task.retry.get("when"))
        for when in conditions:
            piece = _string(when)
            if when is not None and piece is not None:
                yield from _condition(document, task, when, piece)


def _string(when: Value | None) -> Piece | None:
    if when is None or not isinstance(when.node, Scalar):
        return None
    node = when.node
    return Piece(node, 0, len(node.value), when.path) if node.is_string and node.value else None


def _condition(document: Document, task: Task, when: Value, piece: Piece) -> Iterator[Problem]:
    text = scan(piece.text)
    live = [e for e in text.expressions if not e.inert]
    if text.mixed or any(e.error for e in live):
        return
    if not live:
        if not text.expressions:
            yield _plain(piece)
    elif not text.whole:
        yield from _beside(piece, text, live)
    else:
        yield from _outcome(when, piece, live[0])
        from st2lang.checks._comparisons import constants

        for span, message, help in constants(document, task, live[0]):
            place = piece.locate(live[0].base + span.start, live[0].base + span.end)
            yield CHECK.problem(message, place, piece.path, help=help)


def _plain(piece: Piece) -> Problem:
    """No expression at all."""
    shown = piece.text.strip().partition("\n")[0]
    if len(shown) > 40:
        shown = f"{shown[:40]}…"
    fix = _delimited(piece)
    return CHECK.problem(
        f"`{shown}` has no `<% … %>` around it, and {_TEXT}",
        piece.span,
        piece.path,
        help="Put `<%` and `%>` around the condition."
        if fix
        else "Write the condition in YAQL or Jinja.",
        fix=fix,
    )


def _delimited(piece: Piece) -> Fix | None:
    """Delimiters around what is YAQL and calls a function; safe, because nothing else can be meant."""
    from st2lang.calls import yaql_sites
    from st2lang.expressions import yaql
    from st2lang.expressions.errors import ExpressionSyntaxError
    from st2lang.functions import lookup

    written = piece.text
    node = yaql.parse(written.strip())
    if isinstance(node, ExpressionSyntaxError) or "\n" in written:
        return None
    sites = list(yaql_sites(node))
    if not sites or any(lookup("yaql", site.name) is None for site in sites):
        return None
    start, end = piece.locate(0, 0), piece.locate(len(written), len(written))
    edits = (Edit(start, "<% "), Edit(end, " %>"))
    return Fix("Put `<%` and `%>` around it", edits)


def _beside(piece: Piece, text: Text, live: list[Embedded]) -> Iterator[Problem]:
    """Text before, behind or between expressions. A Jinja template with `{% … %}` covers the whole string:
    what it gives may well be empty."""
    rest, at = [], 0
    for embedded in live:
        rest.append(text.text[at : embedded.start])
        at = embedded.end
    rest.append(text.text[at:])
    if not any(rest):
        return
    fix = None
    if any(part.strip() for part in rest):
        what = "there is text beside the expression"
        help = "Write the whole condition as one expression."
    elif rest[:-1] == [""] and not rest[-1].strip("\n"):
        what = "the block keeps a line break behind the expression"
        help = "Write `>-` or `|-`, which drop it, or the expression on the line of `when`."
        fix = _stripped(piece.scalar)
    else:
        what = "there is a space beside the expression"
        help = "Take the space out."
    yield CHECK.problem(f"{what}, and {_TEXT}", piece.span, piece.path, help=help, fix=fix)


def _stripped(scalar: Scalar) -> Fix | None:
    """`>` as `>-`."""
    header = scalar.text[scalar.start : scalar.start + 2]
    if header[:1] not in ("|", ">"):
        return None
    end = scalar.start + (2 if header[1:] == "+" else 1)
    if header[1:] not in ("+", "\n", "\r", " "):
        return None
    edit = Edit(Span(scalar.start + 1, end), "-")
    return Fix(f"Write `{header[0]}-`", (edit,))


def _outcome(when: Value, piece: Piece, embedded: Embedded) -> Iterator[Problem]:
    """What the outcome of the task alone decides."""
    answers = {truth(when, True), truth(when, False)}
    if answers == {False}:
        yield CHECK.problem("this condition is never true", piece.span, piece.path)
    elif answers == {True} and not _says_so(piece.text, embedded):
        yield CHECK.problem(
            "this condition is always true",
            piece.span,
            piece.path,
            help="Leave `when` out, or write `<% completed() %>`.",
            severity=Severity.INFO,
        )


def _says_so(text: str, embedded: Embedded) -> bool:
    inner = text[embedded.start + 2 : embedded.end - 2].strip()
    return inner == "completed()"


CHECK = Check(
    "constant-condition",
    Severity.WARNING,
    "A condition does not depend on anything: it is always true, or never.",
    run,
    ("orquesta",),
)
