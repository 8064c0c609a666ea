"""A failure goes unnoticed: the workflow carries on, and ends as succeeded.

A transition without `when` is taken whatever became of the task. If the task failed, Orquesta regards
the failure as handled, since a transition was taken; the next task runs as if nothing had happened, and
the workflow succeeds. People expect `do: next_task` to mean “when this has worked”.

Say what is meant: `when: <% succeeded() %>` to go on only after success (a failure then fails the
workflow), or `when: <% completed() %>` to go on in any case.

This is an info, as going on may be just what is wanted. It is not reported

- where the task says somewhere what to do when it failed (a transition that fires only then),
- where `fail` can come later on this way,
- where an expression asks what became of the task (`task_status(make_backup)`, `task(make_backup)`),
- for tasks that cannot fail: those without an action, and `core.noop`.

## Bad

```yaml
version: 1.0
tasks:
  make_backup:
    action: core.local cmd="pg_dump shop > /backup/shop.sql"
    next:
      - do: drop_tables
  drop_tables:
    action: core.local cmd="dropdb shop"
```

## Good

```yaml
version: 1.0
tasks:
  make_backup:
    action: core.local cmd="pg_dump shop > /backup/shop.sql"
    next:
      - when: <% succeeded() %>
        do: drop_tables
  drop_tables:
    action: core.local cmd="dropdb shop"
    next:
      - when: <% completed() %>
        do: clean_up
  clean_up:
    action: core.local cmd="rm -rf /tmp/shop"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.checks import Check
from st2lang.conditions import fires
from st2lang.dialects.model import Task, Transition
from st2lang.document import Document
from st2lang.flow import Flow
from st2lang.problem import Problem, Related, Severity
from st2lang.symbols import Use

_HARMLESS = ("core.noop",)


def run(document: Document) -> Iterator[Problem]:
    """Transitions without a condition after tasks whose failure nothing asks for."""
    if document.workflow is None:
        return
    flow = document.flow
    safe = _before_fail(flow)
    asked = {r.name for r in document.references if r.use is Use.TASK}
    for name, task in document.workflow.tasks.items():
        if task.action is None or task.action.text in _HARMLESS:
            continue
        if name in asked or _minds_failure(task):
            continue
        for transition in task.transitions:
            if transition.when is None and _carries_on(flow, transition, safe):
                yield _problem(task, transition)
                break


def _minds_failure(task: Task) -> bool:
    """True when some transition is only for failures."""
    return any(
        fires(t, succeeded=True) is False and fires(t, succeeded=False) is not False
        for t in task.transitions
    )


def _carries_on(flow: Flow, transition: Transition, safe: frozenset[str]) -> bool:
    names = [target.text for target in transition.targets]
    return (
        any(name in flow.workflow.tasks for name in names)
        and "fail" not in names
        and not any(name in safe for name in names)
    )


def _before_fail(flow: Flow) -> frozenset[str]:
    """The tasks from which some way leads to `fail`."""
    found = {
        name
        for name, task in flow.workflow.tasks.items()
        if any(target.text == "fail" for t in task.transitions for target in t.targets)
    }
    work = list(found)
    while work:
        for edge in flow.into[work.pop()]:
            if edge.source not in found:
                found.add(edge.source)
                work.append(edge.source)
    return frozenset(found)


def _problem(task: Task, transition: Transition) -> Problem:
    name, target = task.name.text, transition.targets[0]
    return CHECK.problem(
        f"if `{name}` fails, `{target.text}` runs all the same and the failure goes unnoticed",
        target.span,
        transition.path,
        help="Add `when: <% succeeded() %>`, or `when: <% completed() %>` if that is meant.",
        related=(Related("this may fail", task.name.span),),
    )


CHECK = Check(
    "failure-hidden",
    Severity.INFO,
    "A failure goes unnoticed: the workflow carries on, and ends as succeeded.",
    run,
    ("orquesta",),
)
