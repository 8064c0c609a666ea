"""`item()` is used where there is no item, or asks for a name that the items do not have.

An item exists only while the action of a with-items task is prepared: in its action and its input.
Anywhere else, in `when` and `publish` too, `item()` is null and `item(name)` fails. Within
`with: x in <% … %>` an item has just the names that are written there.

## Bad

```yaml
version: 1.0
input:
  - hosts
tasks:
  ping:
    with: host in <% ctx().hosts %>
    action: core.local cmd="ping -c 1 <% item(hots) %>"
```

```yaml
version: 1.0
input:
  - host
tasks:
  ping:
    action: core.local cmd="ping -c 1 <% item() %>"
    next:
      - publish:
          - done: <% ctx().host %>
```

## Good

```yaml
version: 1.0
input:
  - hosts
tasks:
  ping:
    with: host in <% ctx().hosts %>
    action: core.local cmd="ping -c 1 <% item(host) %>"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.document import Document
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.suggest import listing, nearest
from st2lang.symbols import Reference, Role, Use

_WITH_ITEM = (Role.ACTION, Role.PARAMETER)


def run(document: Document) -> Iterator[Problem]:
    """Uses of `item` outside of an item's rendering, or with a name that it does not have."""
    if document.workflow is None or not document.workflow.orquesta:
        return
    for reference in document.references:
        if reference.use is Use.ITEM:
            yield from _look_at(reference)


def _look_at(reference: Reference) -> Iterator[Problem]:
    task, role = reference.place.task, reference.place.role
    if task is None or task.items is None or role not in _WITH_ITEM:
        where = f"in {role.value}" if task is None or task.items else "in a task without `with`"
        result = "fails" if reference.name else "is null"
        yield CHECK.problem(
            f"there is no item {where}: `item({reference.name})` {result}",
            reference.span,
            reference.place.path,
            help="Items exist only in the action and the input of a task with `with`.",
        )
    elif reference.name and task.items.names:
        names = [n.text for n in task.items.names]
        if reference.name not in names:
            guess = nearest(reference.name, names)
            fix = None
            if guess:
                fix = Fix(f"Change to `{guess}`", (Edit(reference.span, guess),), safe=False)
            yield CHECK.problem(
                f"an item has no `{reference.name}` here; it has {listing(names, 'and')}",
                reference.span,
                reference.place.path,
                fix=fix,
            )


CHECK = Check(
    "item-outside-with",
    Severity.WARNING,
    "`item()` is used where there is no item.",
    run,
    ("orquesta",),
)
