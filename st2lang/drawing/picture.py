"""What there is to see of a graph: nodes and edges in an order that can be read, and their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from st2lang.drawing.words import Tone, clean, condition, notes_of
from st2lang.graph import Graph, Place, Task, Transition
from st2lang.record import record, replace

START = "start"


@record
class Node:
    """`kind` is start, end, task, command (of the engine) or missing (a target that is no task).

    `title`, `action` and `notes` are its lines; `task` the task that it is, or that leads to it. `reached`
    is False for a task that no way leads to. `items` and `join` are drawn as shapes besides the notes.
    """

    id: str
    kind: str
    title: str = ""
    action: str = ""
    notes: tuple[str, ...] = ()
    task: str = ""
    place: Place | None = None
    reached: bool = True
    items: bool = False
    join: bool = False


@record
class Edge:
    """From node to node. `label` is the condition in short, `detail` all of it and what is published.

    `back` is True for an edge that leads to a task further up; `index` is that of the transition.
    """

    source: str
    target: str
    label: str = ""
    detail: str = ""
    tone: Tone = "plain"
    back: bool = False
    index: int | None = None
    place: Place | None = None


@record
class Picture:
    """All of it: nodes from the first task to the last, edges in the order of their sources."""

    title: str
    subtitle: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    source: str = ""


def picture(graph: Graph) -> Picture:
    """The picture of a graph, a broken one included."""
    order, back = _order(graph)
    reached = _reached(graph)
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    if graph.start:
        nodes[START] = Node(START, "start", "start")
        edges += [Edge(START, f"task:{name}") for name in graph.start]
    for name in order:
        task = graph.tasks[name]
        nodes[f"task:{name}"] = _task(graph, task, name in reached)
        for node, edge in _ways_out(graph, task, back):
            if node.kind != "task":
                nodes.setdefault(node.id, node)
            edges.append(edge)
    count = len(graph.tasks)
    kind = "Orquesta" if graph.orquesta else "ActionChain"
    subtitle = f"{kind} · {count} task{'' if count == 1 else 's'}"
    return Picture(graph.name, subtitle, tuple(nodes.values()), tuple(edges), graph.source)


def _task(graph: Graph, task: Task, reached: bool) -> Node:
    return Node(
        f"task:{task.name}",
        "task",
        task.name,
        _cut(task.action.text) if task.action else "",
        notes_of(graph, task),
        task.name,
        task.place,
        reached,
        task.items is not None,
        task.join is not None,
    )


def _cut(reference: str, most: int = 44) -> str:
    flat = clean(reference)
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def _ways_out(
    graph: Graph, task: Task, back: frozenset[tuple[str, str]]
) -> Iterator[tuple[Node, Edge]]:
    """Every edge out of a task, with the node that it leads to."""
    for transition in task.transitions:
        label, tone = condition(transition)
        told = _detail(transition)
        for target in dict.fromkeys(transition.targets or ("",)):
            node = _target(graph, task, target)
            returns = (task.name, target) in back and node.kind == "task"
            yield (
                node,
                Edge(
                    f"task:{task.name}",
                    node.id,
                    label,
                    told,
                    tone,
                    returns,
                    transition.index,
                    transition.place,
                ),
            )
    handled = {transition.on for transition in task.transitions}
    if not handled:
        yield _end(task), Edge(f"task:{task.name}", f"end:{task.name}", place=task.place)
    elif handled == {"failure"}:  # a chain ends after a success that leads nowhere
        ended = Edge(f"task:{task.name}", f"end:{task.name}", "succeeded", tone="success")
        yield _end(task), replace(ended, place=task.place)


def _end(task: Task) -> Node:
    return Node(f"end:{task.name}", "end", "end", task=task.name, place=task.place)


def _target(graph: Graph, task: Task, target: str) -> Node:
    if not target:
        return _end(task)
    if graph.is_command(target):
        name = f"command:{task.name}/{target}"
        return Node(name, "command", target, task=task.name, place=task.place)
    if target not in graph.tasks:
        return Node(f"missing:{target}", "missing", target, notes=("no such task",))
    return Node(f"task:{target}", "task")


def _detail(transition: Transition) -> str:
    """The whole condition, and what is published."""
    parts = []
    if transition.when is not None:
        parts.append(f"when {clean(str(transition.when))}")
    elif transition.on != "any":
        parts.append(f"on {transition.on}")
    if transition.publish:
        parts.append(f"publishes {', '.join(one.name for one in transition.publish)}")
    return "; ".join(parts)


def _order(graph: Graph) -> tuple[list[str], frozenset[tuple[str, str]]]:
    """The tasks, each after those that lead to it where that is possible, and the edges that go back.

    That is the reverse postorder of a walk in depth which takes the ways out last to first: what the
    first transition leads to comes first. Tasks that no way leads to are the last.
    """
    out = {name: list(_successors(graph, task)) for name, task in graph.tasks.items()}
    seen: set[str] = set()
    back: set[tuple[str, str]] = set()
    left: list[str] = []
    for root in reversed(graph.start):
        left += _walk(root, out, seen, back)
    order = left[::-1]
    for root in graph.tasks:
        order += list(_walk(root, out, seen, back))[::-1]
    return order, frozenset(back)


def _walk(
    root: str, out: Mapping[str, list[str]], seen: set[str], back: set[tuple[str, str]]
) -> Iterator[str]:
    """What can be reached from a task and was not seen before, in the order in which it is left."""
    if root in seen:
        return
    seen.add(root)
    stack = [(root, iter(reversed(out[root])))]
    inside = {root}
    while stack:
        name, rest = stack[-1]
        following = next(rest, None)
        if following is None:
            stack.pop()
            inside.discard(name)
            yield name
        elif following in inside:
            back.add((name, following))
        elif following not in seen:
            seen.add(following)
            inside.add(following)
            stack.append((following, iter(reversed(out[following]))))


def _successors(graph: Graph, task: Task) -> Iterator[str]:
    for transition in task.transitions:
        for target in transition.targets:
            if target in graph.tasks and not graph.is_command(target):
                yield target


def _reached(graph: Graph) -> set[str]:
    seen = set(graph.start)
    pending = list(graph.start)
    while pending:
        for name in _successors(graph, graph.tasks[pending.pop()]):
            if name not in seen:
                seen.add(name)
                pending.append(name)
    return seen
