"""What is certain to be set when a workflow ends well: what its output may rely on.

For every task, by outcome: the transitions that surely fire all count; of those that depend on data
at least one is taken; an outcome that no transition handles ends there, which for a failed task means
that the workflow has failed and its output is no longer the question. `fail` likewise. Parallel
branches all end before the workflow does, so their contributions add up. Computed as a greatest
fixpoint over the edges.
"""

from __future__ import annotations

from collections import deque

from st2lang.conditions import fires
from st2lang.dialects.model import Task
from st2lang.flow import Flow

ANYTHING = -1
"""The mask of all variables: no good end lies this way."""


def output_must(flow: Flow) -> int:
    """The variables set at every good end; `ANYTHING` when no good end can be reached."""
    state = dict.fromkeys(flow.reachable, ANYTHING)
    queue = deque(reversed(list(flow.walk(flow.starts))))
    waiting = set(queue)
    while queue:
        name = queue.popleft()
        waiting.discard(name)
        task = flow.workflow.tasks[name]
        new = _outcome(flow, task, state, True) & _outcome(flow, task, state, False)
        if new != state[name]:
            state[name] = new
            for edge in flow.into[name]:
                if edge.source in state and edge.source not in waiting:
                    waiting.add(edge.source)
                    queue.append(edge.source)
    result = 0
    for start in flow.starts:
        result |= state[start]
    return result if flow.starts else ANYTHING


def _outcome(flow: Flow, task: Task, state: dict[str, int], succeeded: bool) -> int:
    """What is set at every good end after this outcome of a task."""
    entry = flow.entry[task.name.text][1]
    sure, maybe = 0, ANYTHING
    any_sure = any_maybe = False
    for index, transition in enumerate(task.transitions):
        answer = fires(transition, succeeded)
        if answer is False:
            continue
        carried = entry | _carried(flow, task, index, state)
        if answer:
            sure, any_sure = sure | carried, True
        else:
            maybe, any_maybe = maybe & carried, True
    if any_sure:
        return sure
    if any_maybe:
        return maybe
    handled = succeeded or not flow.workflow.orquesta
    return entry | flow.published(task.name.text, None) if handled else ANYTHING


def _carried(flow: Flow, task: Task, index: int, state: dict[str, int]) -> int:
    names = flow.outlines[task.name.text].exits[index].targets
    if flow.workflow.orquesta and ("fail" in names or "retry" in names):
        return ANYTHING
    result = flow.published(task.name.text, index)
    for name in names:
        result |= state.get(name, 0)
    return result
