"""The path that a run has taken, drawn on the graph of its workflow."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

from st2lang.drawing import Paint, render
from st2lang.drawing.picture import START, Edge, Node, picture
from st2lang.record import replace
from st2runtime.display.words import GLYPHS

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution


def drawn(execution: Execution, form: str, paint: Paint | None = None) -> str:
    """The graph with what has become of each task, and a mark on every transition that was taken."""
    shown = picture(execution.graph)
    statuses: dict[str, Counter[str]] = {}
    taken: Counter[tuple[str, int, str]] = Counter()
    for run in execution.conductor.sequence:
        statuses.setdefault(run.task, Counter())[run.status] += 1
        for index, targets in run.next.items():
            taken.update((run.task, index, target) for target in targets or ("",))
    nodes = tuple(_node(node, statuses.get(node.task, Counter())) for node in shown.nodes)
    edges = tuple(_edge(edge, taken) for edge in shown.edges)
    subtitle = f"{shown.subtitle} · {execution.conductor.status}"
    width = shutil.get_terminal_size((100, 24)).columns
    finished = replace(shown, nodes=nodes, edges=edges, subtitle=subtitle)
    return render(finished, form, width=width, paint=paint)


def _node(node: Node, statuses: Counter[str]) -> Node:
    if node.kind != "task":
        return node
    told = [
        f"{GLYPHS.get(status, '·')} {status}{f' {number}×' if number > 1 else ''}"
        for status, number in statuses.items()
    ]
    return replace(node, notes=(*node.notes, *told))


def _edge(edge: Edge, taken: Counter[tuple[str, int, str]]) -> Edge:
    if edge.source == START or edge.index is None:
        return edge
    source, target = edge.source.removeprefix("task:"), edge.target
    name = target.removeprefix("task:") if target.startswith("task:") else ""
    number = sum(
        count
        for (task, index, to), count in taken.items()
        if task == source and index == edge.index and (to == name or not name)
    )
    if not number:
        return edge
    mark = "✓" if number == 1 else f"✓ {number}×"
    return replace(edge, label=f"{edge.label} {mark}".strip())
