"""A variable that is used as a list or as a truth value has become text on its way through Jinja.

In Orquesta a value that is nothing but `{{ … }}` keeps the type of the expression. As soon as there is
anything beside it, and always with `{% … %}`, Jinja renders the value, and the result is text: a list
becomes `['web1', 'web2']` in Python's notation, `false` becomes the word `False`.

Text is no list, so a task whose items it is fails. And text counts as true when it is not empty, whatever
it says: a condition that reads such a variable always holds.

For a choice write an expression (`{{ 1 if x else 2 }}`, or YAQL's `switch`), for a list an expression that
gives one. A parameter of an action is cast to the type in its metadata; that is not reported.

Reported is what is certain: every value that is given to the variable is text made by Jinja.

## Bad

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="ls"
    next:
      - publish:
          - empty: "{% if result().stdout %}false{% else %}true{% endif %}"
        do: choose
  choose:
    action: core.noop
    next:
      - when: <% ctx().empty %>
        do: complain
  complain:
    action: core.noop
```

## Good

```yaml
version: 1.0
tasks:
  look:
    action: core.local cmd="ls"
    next:
      - publish:
          - empty: "{{ not result().stdout }}"
        do: choose
  choose:
    action: core.noop
    next:
      - when: <% ctx().empty %>
        do: complain
  complain:
    action: core.noop
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from st2lang.checks import Check
from st2lang.checks._variables import assignments
from st2lang.checks._variables_read import truth_values, variable_of
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity
from st2lang.symbols import Place, Role

_NO = frozenset({"false", "no", "none", "null"})
"""Texts that are meant as false and count as true."""


def run(document: Document) -> Iterator[Problem]:
    """Assignments whose Jinja makes text of what is needed as a list or a truth value."""
    if document.workflow is None or not document.workflow.orquesta:
        return
    if not any(e.language == "jinja" for p in document.places for e in p.text.expressions):
        return
    made_text = lost(document)
    reported: set[int] = set()
    for place in document.places if made_text else ():
        for name in _needed(place):
            for given in made_text.get(name, ()):
                if id(given) in reported or (place.role is not Role.ITEMS and not _says_no(given)):
                    continue
                reported.add(id(given))
                yield _problem(given, place)


def lost(document: Document) -> dict[str, list[Place]]:
    """The variables of which Jinja makes text wherever they get a value, with the strings it does so in."""
    rendered = {id(p.assignment): p for p in document.places if _rendered(p)}
    found: dict[str, list[Place]] = {}
    kept: set[str] = set()
    if rendered:
        for assignment in assignments(document):
            place = rendered.get(id(assignment))
            if place is None:
                kept.add(assignment.name.text)
            else:
                found.setdefault(assignment.name.text, []).append(place)
    return {name: places for name, places in found.items() if name not in kept}


def _needed(place: Place) -> list[str]:
    """The variables that a string reads as a list or as a truth value."""
    if place.role is Role.ITEMS and place.text.whole:
        return [name for e in place.text.expressions if (name := variable_of(e))]
    if place.role is Role.WHEN and place.text.whole:
        return list(truth_values(place.text.expressions[0]))
    return []


def _rendered(place: Place) -> bool:
    """True for a whole value that Jinja renders to text although it may have been meant as a value."""
    text = place.text
    if text.mixed or place.role is Role.INPUT or place.assignment is None:
        return False
    if place.assignment.value is None or place.piece.path != place.assignment.value.path:
        return False
    live = [e for e in text.expressions if not e.inert]
    if not live or text.whole or any(e.language != "jinja" or e.error for e in live):
        return False
    outside = text.text[: live[0].start] + text.text[live[-1].end :]
    return len(live) == 1 and not outside.strip()


def _says_no(place: Place) -> bool:
    from st2lang.expressions.jinja_ast import Const, Output, Text, walk

    node: Any = place.text.expressions[0].node
    for current in walk(node):
        match current:
            case Text(value=value) if value.strip().lower() in _NO:
                return True
            case Output(values=(Const(value=value),)) if value in (False, None):
                return True
    return False


def _problem(given: Place, place: Place) -> Problem:
    assert given.assignment is not None
    name = given.assignment.name.text
    if place.role is Role.ITEMS:
        what = f"Jinja makes text of `{name}` here, but its use as items needs a list"
    else:
        what = f"Jinja makes text of `{name}` here, and in a condition text is always true"
    return CHECK.problem(
        what,
        given.piece.span,
        given.path,
        help="Write the value as one `{{ … }}` or `<% … %>` with nothing around it.",
        related=(Related("used here", place.piece.span),),
    )


CHECK = Check(
    "jinja-loses-type",
    Severity.WARNING,
    "A variable that is used as a list or a truth value has become text on its way through Jinja.",
    run,
    ("orquesta",),
)
