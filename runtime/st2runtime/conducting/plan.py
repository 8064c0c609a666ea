"""A graph, made ready for conducting: edges in the order in which they are taken, joins, start tasks.

Specified by `orquesta/composers/native.py` and `orquesta/graphing.py`: the edges of a task are sorted by
target, then by position; several edges between the same two tasks are numbered from 0, and edge and
number make the id of a transition (`target__t0`, and `source__t0` in routes). Made once for a graph.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping

from st2lang.evaluation import Renderer, chain_renderer, renderer
from st2lang.graph import Graph, Retry, Task
from st2lang.record import record

_KEY = "_st2runtime_plan"


@record(eq=False)
class Edge:
    """A way from a task to another or to a command.

    `bit` is its place among the edges of its task, as a mask; `join` that of all edges of the task which
    lead to the same join (0: the target is none). `id` and `came` are its names seen from both ends.
    `splits`: who takes it goes on along a route of its own. `when` and `publish` are ready to be rendered.
    `way` is what `TaskRun.next` has when no other edge is taken.
    """

    target: str
    index: int
    when: Renderer | None
    publish: tuple[tuple[str, Renderer], ...]
    id: str
    came: str
    way: Mapping[int, tuple[str, ...]]
    bit: int
    join: int
    command: bool
    splits: bool


@record(eq=False)
class Step:
    """A task as the conductor needs it.

    `joins` are the joins that its edges lead to, with the mask of those edges. `needed` is how many
    distinct tasks have to arrive, `sources` how many there are (a join); both are 0 for other tasks.
    `action` and `input` are ready to be rendered. `on_success`, `on_failure` and `given`, its parameters one by
    one (None: they are no mapping), are a chain's.
    """

    name: str
    task: Task
    edges: tuple[Edge, ...] = ()
    joins: tuple[tuple[str, int], ...] = ()
    barrier: bool = False
    needed: int = 0
    sources: int = 0
    retry: Retry | None = None
    command: bool = False
    action: Renderer | None = None
    input: Renderer | None = None
    on_success: str | None = None
    on_failure: str | None = None
    given: tuple[tuple[str, Renderer], ...] | None = None


@record(eq=False)
class Plan:
    """What is conducted. `undefined` are (task, target) where the target is no task."""

    graph: Graph
    steps: dict[str, Step]
    start: tuple[str, ...]
    undefined: tuple[tuple[str, str], ...]


def plan_of(graph: Graph) -> Plan:
    """The plan of a graph; the same object every time."""
    found: Plan | None = graph.__dict__.get(_KEY)
    if found is None:
        found = _orquesta(graph) if graph.orquesta else _chain(graph)
        graph.__dict__[_KEY] = found
    return found


def _orquesta(graph: Graph) -> Plan:
    arrivals = _arrivals(graph)
    reachable = _reachable(graph)
    sources: dict[str, set[str]] = {}
    for name in reachable:
        for _, target in _targets(graph.tasks[name]):
            sources.setdefault(target, set()).add(name)
    steps = {
        name: _step(graph, task, arrivals, len(sources.get(name, ())))
        for name, task in graph.tasks.items()
        if name not in ("continue", "noop", "fail", "retry")
    }
    for name in ("continue", "noop", "fail"):
        steps[name] = Step(name, Task(name), command=True)
    undefined = tuple(
        (name, target)
        for name in reachable
        for _, target in _targets(graph.tasks[name])
        if target not in steps
    )
    return Plan(graph, steps, tuple(sorted(graph.start)), undefined)


def _targets(task: Task) -> list[tuple[int, str]]:
    """(index of the transition, target), sorted by target. What leads to `retry` is no way out."""
    found = [
        (one.index, target) for one in task.transitions for target in one.targets or ("continue",)
    ]
    return sorted((pair for pair in found if pair[1] != "retry"), key=lambda pair: pair[1])


def _arrivals(graph: Graph) -> Counter[str]:
    """How many transitions lead to each target."""
    return Counter(target for task in graph.tasks.values() for _, target in _targets(task))


def _reachable(graph: Graph) -> list[str]:
    found = dict.fromkeys(graph.start)
    queue = deque(found)
    while queue:
        for _, target in _targets(graph.tasks[queue.popleft()]):
            if target in graph.tasks and target not in found:
                found[target] = None
                queue.append(target)
    return list(found)


def _step(graph: Graph, task: Task, arrivals: Counter[str], sources: int) -> Step:
    rendered = {
        one.index: (
            renderer(one.when) if one.when else None,
            tuple((each.name, renderer(each.value)) for each in one.publish),
        )
        for one in task.transitions
    }
    pairs = list(dict.fromkeys(_targets(task)))
    masks: dict[str, int] = {}
    for place, (_, target) in enumerate(pairs):
        if _is_join(graph, target):
            masks[target] = masks.get(target, 0) | 1 << place
    numbers: Counter[str] = Counter()
    edges = []
    for place, (index, target) in enumerate(pairs):
        number = numbers[target]
        numbers[target] += 1
        command = graph.is_command(target)
        other = graph.tasks.get(target)
        edges.append(
            Edge(
                target,
                index,
                rendered[index][0],
                rendered[index][1],
                id=f"{target}__t{number}",
                came=f"{task.name}__t{number}",
                way={index: (target,)},
                bit=1 << place,
                join=masks.get(target, 0),
                command=command,
                splits=arrivals[target] > 1 if command else other is not None and other.split,
            )
        )
    join = task.join
    return Step(
        task.name,
        task,
        tuple(edges),
        tuple(masks.items()),
        barrier=join is not None,
        needed=0 if join is None else sources if join == "all" else int(join) or 1,
        sources=sources if join is not None else 0,
        retry=_retry(task),
        action=None if task.action is None else renderer(task.action.text),
        input=None if task.input is None else renderer(task.input),
    )


def _is_join(graph: Graph, name: str) -> bool:
    return name in graph.tasks and graph.tasks[name].join is not None


def _retry(task: Task) -> Retry | None:
    """How a task is tried again; a transition to `retry` is three times."""
    found = task.retry if task.retry is not None and task.retry.count is not None else None
    for transition in task.transitions:
        if "retry" in transition.targets:
            found = Retry(transition.when or "<% completed() %>", 3)
    return found


def _chain(graph: Graph) -> Plan:
    steps = {name: _node(task) for name, task in graph.tasks.items()}
    undefined = [
        (name, target)
        for name, task in graph.tasks.items()
        for transition in task.transitions
        for target in transition.targets
        if target not in graph.tasks and "{{" not in target and "{%" not in target
    ]
    return Plan(graph, steps, graph.start, tuple(undefined))


def _node(task: Task) -> Step:
    ways = {one.on: one.targets[0] for one in task.transitions if one.targets}
    given, retry = task.input or {}, task.retry
    known = task.action.parameters if task.action else None
    if retry is None and isinstance(given, dict) and "retry" not in (known or ()):
        inside = given.get("retry")
        if isinstance(inside, dict) and "count" in inside and not inside.keys() - _RETRY:
            retry = Retry(**inside)
            given = {name: value for name, value in given.items() if name != "retry"}
    return Step(
        task.name,
        task,
        retry=retry,
        on_success=ways.get("success"),
        on_failure=ways.get("failure"),
        action=None if task.action is None else chain_renderer(task.action.text),
        given=(
            tuple((name, chain_renderer(value)) for name, value in given.items())
            if isinstance(given, dict)
            else None
        ),
    )


_RETRY = frozenset(("when", "count", "delay"))
