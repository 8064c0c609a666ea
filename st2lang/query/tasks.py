"""A task in words: what it runs, what leads to it and where it leads, what is known when it begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from st2lang.conditions import fires
from st2lang.query import describe as words
from st2lang.query.describe import code, paragraphs
from st2lang.query.results import action_of

if TYPE_CHECKING:
    from st2lang.dialects.model import Task
    from st2lang.document import Document
    from st2lang.flow import Edge

_MOST = 8


def describe(document: Document, name: str) -> str:
    """Markdown about a task; "" for a name that is none."""
    workflow = document.workflow
    task = workflow.tasks.get(name) if workflow is not None else None
    if task is None:
        return ""
    noun = "task" if workflow is not None and workflow.orquesta else "node"
    return paragraphs(
        [
            f"**{name}** ({noun})",
            _action(document, task),
            "\n".join(_ways(document, task)),
            "\n".join(f"- {fact}" for fact in _facts(document, task)),
            words.result(document, task),
        ]
    )


def _action(document: Document, task: Task) -> str:
    if task.action is None:
        return "Runs no action, takes its transitions only."
    found = action_of(document, task)
    about = f": {found.description}" if found is not None and found.description else ""
    given = ", ".join(code(a.name.text) for a in task.inputs[:_MOST])
    more = ", …" if len(task.inputs) > _MOST else ""
    return f"Runs {code(task.action.text)}{about}" + (f"\n\nPasses {given}{more}" if given else "")


def _ways(document: Document, task: Task) -> Iterator[str]:
    flow, name = document.flow, task.name.text
    inbound = [_from(edge) for edge in flow.into.get(name, ())]
    if inbound:
        yield f"- from {_listed(inbound)}"
    elif name in flow.starts:
        yield "- begins the workflow"
    for transition in task.transitions:
        targets = [code(target.text) for target in transition.targets]
        published = _listed([code(a.name.text) for a in transition.publish])
        more = f"; publishes {published}" if published else ""
        yield f"- {_when(transition)}: {', '.join(targets) or 'ends'}{more}"
    if not task.transitions:
        yield "- nothing follows"


def _listed(parts: list[str]) -> str:
    distinct = list(dict.fromkeys(parts))
    return ", ".join(distinct[:_MOST]) + (", …" if len(distinct) > _MOST else "")


def _from(edge: Edge) -> str:
    return f"{code(edge.source)} ({_when(edge.transition)})"


def _when(transition: object) -> str:
    """When a transition is taken, in words."""
    from st2lang.dialects.model import Transition

    assert isinstance(transition, Transition)
    good, bad = fires(transition, True), fires(transition, False)
    match good, bad:
        case True, True:
            return "always"
        case _, False if good:
            return "on success"
        case False, _ if bad:
            return "on failure"
    data = transition.when.data if transition.when is not None else ""
    return f"when {code(str(data))}"


def _facts(document: Document, task: Task) -> Iterator[str]:
    """Joins, splits, cycles, items, retries, and what cannot be reached."""
    flow, name = document.flow, task.name.text
    inbound = flow.inbound_tasks(name) if name in flow.into else ()
    if task.join is not None:
        count = task.join.count
        yield (
            f"waits for all of its {len(inbound)} inbound tasks"
            if count is None
            else f"waits for {count} of its {len(inbound)} inbound tasks"
        )
    elif name in flow.into and flow.workflow.orquesta and flow.is_split(name):
        yield f"runs once for each of its {len(flow.into[name])} inbound transitions that is taken"
    if name in flow.cyclic:
        cycle = next(group for group in flow.cycles if name in group)
        yield f"part of a cycle: {_listed([code(member) for member in cycle])}"
    if task.items is not None:
        names = ", ".join(code(n.text) for n in task.items.names)
        yield f"runs once for each item{f' ({names})' if names else ''}"
    if task.retry:
        count_ = task.retry.get("count")
        yield f"is tried again up to {count_.data} times" if count_ else "is tried again"
    if task.publish:
        yield f"publishes {_listed([code(a.name.text) for a in task.publish])}"
    if name not in flow.reachable:
        yield "cannot be reached"
