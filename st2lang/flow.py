"""How control and data move through a workflow: edges, start tasks, cycles, and which variables are
set where.

Two questions are answered for every task by one pass over the edges until nothing changes:

- `may`: variables that at least one way into the task sets;
- `must`: variables that every way into the task sets.

A task sees the workflow's inputs and vars and what each inbound transition carries. Where several
ways lead in, one of them was taken: `must` is what they have in common. A join waits: `join: all` has
what any of its inbound tasks carries, `join: n` of m tasks what at least m - n + 1 of them carry.
(orquesta/conducting.py, `languages.md`.) Sets of variables are bit masks, so that the cost is linear
in edges for any realistic number of variables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from st2lang.dialects.model import Name, Transition, Workflow
from st2lang.dialects.orquesta import ENGINE_COMMANDS
from st2lang.dialects.tasks import Tasks
from st2lang.record import record

_MANY = 8
_KNOWN: dict[tuple[object, ...], dict[str, tuple[int, int]]] = {}
"""`Flow.entry` of the workflows looked at last, by the names in them."""


@record(eq=False)
class Edge:
    """A way from one defined task `to` another: the target number `turn` of a transition, both from 0."""

    source: str
    to: str
    index: int
    turn: int
    tasks: Tasks

    @property
    def transition(self) -> Transition:
        """The transition that leads there."""
        return self.tasks[self.source].transitions[self.index]

    @property
    def target(self) -> Name:
        """The name of the task that the edge leads to, as written."""
        return self.transition.targets[self.turn]


class Flow:
    """The graph of a workflow and the data flow over it. Built once, read-only afterwards."""

    def __init__(self, workflow: Workflow, context_variables: Iterable[str] = ()) -> None:
        self.workflow = workflow
        tasks = workflow.tasks
        self.outlines = tasks.outlines
        self.out: dict[str, list[Edge]] = {name: [] for name in tasks}
        self.into: dict[str, list[Edge]] = {name: [] for name in tasks}
        for name, outline in self.outlines.items():
            for index, way in enumerate(outline.exits):
                for turn, target in enumerate(way.targets):
                    if target in self.into and target not in self.commands:
                        edge = Edge(name, target, index, turn, tasks)
                        self.out[name].append(edge)
                        self.into[target].append(edge)
        self._context = frozenset(context_variables)
        outside = (*workflow.inputs, *workflow.vars)
        named = (*sorted(self._context), *(a.name.text for a in outside), *tasks, *tasks.publishers)
        self._bits = {name: 1 << turn for turn, name in enumerate(dict.fromkeys(named))}

    @property
    def commands(self) -> tuple[str, ...]:
        """Names that are engine commands and not tasks in this dialect."""
        return ENGINE_COMMANDS if self.workflow.orquesta else ()

    # -- control ---------------------------------------------------------------------------------

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """Where the workflow begins: in Orquesta all tasks that nothing leads to, in a chain one node."""
        tasks = self.workflow.tasks
        if self.workflow.orquesta:
            return tuple(n for n in tasks if not self.into[n] and n not in self.commands)
        default = self.workflow.default
        if default is not None:
            return (default.text,) if default.text in tasks else ()
        free = (n for n in tasks if not self.into[n])
        return (next(free, next(iter(tasks))),) if tasks else ()

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Every task that some way from a start leads to."""
        return frozenset(self.walk(self.starts))

    def walk(self, names: Iterable[str]) -> Iterator[str]:
        """The tasks and everything that can come after them, breadth first, each once."""
        seen = dict.fromkeys(names)
        queue = deque(seen)
        while queue:
            name = queue.popleft()
            yield name
            for edge in self.out[name]:
                if edge.to not in seen:
                    seen[edge.to] = None
                    queue.append(edge.to)

    @cached_property
    def component(self) -> Mapping[str, int]:
        """The strongly connected component of every task (Tarjan, iterative): a number each."""
        index: dict[str, int] = {}
        low: dict[str, int] = {}
        result: dict[str, int] = {}
        stack: list[str] = []
        for root in self.workflow.tasks:
            if root in index:
                continue
            work: list[tuple[str, Iterator[Edge]]] = [(root, iter(self.out[root]))]
            index[root] = low[root] = len(index)
            stack.append(root)
            while work:
                name, edges = work[-1]
                edge = next(edges, None)
                if edge is None:
                    work.pop()
                    if work:
                        parent = work[-1][0]
                        low[parent] = min(low[parent], low[name])
                    if low[name] == index[name]:
                        number = len(result)
                        while True:
                            member = stack.pop()
                            result[member] = number
                            if member == name:
                                break
                elif edge.to not in index:
                    index[edge.to] = low[edge.to] = len(index)
                    stack.append(edge.to)
                    work.append((edge.to, iter(self.out[edge.to])))
                elif edge.to not in result:
                    low[name] = min(low[name], index[edge.to])
        return result

    @cached_property
    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """The tasks of every cycle (a component of several tasks, or a task that leads to itself)."""
        members: dict[int, list[str]] = {}
        for name in self.workflow.tasks:
            members.setdefault(self.component[name], []).append(name)
        return tuple(
            tuple(group)
            for group in members.values()
            if len(group) > 1 or any(e.to == group[0] for e in self.out[group[0]])
        )

    @cached_property
    def cyclic(self) -> frozenset[str]:
        """Every task that is part of a cycle."""
        return frozenset(name for cycle in self.cycles for name in cycle)

    def inbound_tasks(self, name: str) -> tuple[str, ...]:
        """The distinct tasks that lead to a task, in the order of the file."""
        return tuple(dict.fromkeys(e.source for e in self.into[name]))

    def is_split(self, name: str) -> bool:
        """Several transitions lead here, there is no join and no cycle: each arrival is a new route."""
        joins = self.outlines[name].join is not None
        return not joins and len(self.into[name]) > 1 and name not in self.cyclic

    # -- data ------------------------------------------------------------------------------------

    def bit(self, variable: str) -> int:
        """The mask of one variable."""
        return self._bits.setdefault(variable, 1 << len(self._bits))

    def mask(self, variables: Iterable[str]) -> int:
        """The mask of several variables."""
        result = 0
        for variable in variables:
            result |= self.bit(variable)
        return result

    def names(self, mask: int) -> tuple[str, ...]:
        """The variables of a mask."""
        return tuple(v for v, bit in self._bits.items() if mask & bit)

    @cached_property
    def base(self) -> int:
        """What is set before any task runs: the engine's own variables, inputs and vars."""
        workflow = self.workflow
        return self.engine | self.mask(a.name.text for a in (*workflow.inputs, *workflow.vars))

    @cached_property
    def engine(self) -> int:
        """What the engine sets by itself before anything else."""
        return self.mask(self._context)

    def published(self, name: str, index: int | None) -> int:
        """What a task sets on its way out number `index`, or, for None, on one without a transition.

        An ActionChain also keeps each result by name.
        """
        outline = self.outlines[name]
        names = list(outline.published)
        if not self.workflow.orquesta:
            names.append(name)
        if index is not None:
            names += outline.exits[index].published
        return self.mask(names)

    @cached_property
    def entry(self) -> Mapping[str, tuple[int, int]]:
        """(may, must) on entry of every reachable task.

        It is remembered by the names that it depends on: an edit changes them but now and then.
        """
        names = (
            self.commands,
            self.starts,
            tuple(self._bits),
            self.base,
            tuple(self.outlines.items()),
        )
        known = _KNOWN.pop(names, None)
        if known is None:
            known = self._entry()
            if len(_KNOWN) >= _MANY:
                del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[names] = known
        return known

    def _entry(self) -> dict[str, tuple[int, int]]:
        carried = {
            edge: self.published(edge.source, edge.index)
            for edges in self.out.values()
            for edge in edges
        }
        starts, base = frozenset(self.starts), self.base
        state: dict[str, tuple[int, int]] = {}
        queue = deque(self.walk(self.starts))
        waiting = set(queue)
        while queue:
            name = queue.popleft()
            waiting.discard(name)
            arrived = [
                (e.source, state[e.source][0] | carried[e], state[e.source][1] | carried[e])
                for e in self.into[name]
                if e.source in state
            ]
            if name in starts:
                arrived.append(("", base, base))
            if len(arrived) == len(self.into[name]) == 1:
                new = (base | arrived[0][1], arrived[0][2])
            else:
                may = base
                for _, edge_may, _ in arrived:
                    may |= edge_may
                new = (may, self._meet(name, [(source, must) for source, _, must in arrived]))
            if state.get(name) != new:
                state[name] = new
                for edge in self.out[name]:
                    if edge.to not in waiting:
                        waiting.add(edge.to)
                        queue.append(edge.to)
        return state

    def _meet(self, name: str, arrived: list[tuple[str, int]]) -> int:
        """What is certain to be set, given what each inbound edge is certain to carry."""
        join = self.outlines[name].join
        by_source: dict[str, int] = {}
        for source, must in arrived:
            by_source[source] = by_source[source] & must if source in by_source else must
        masks = list(by_source.values())
        total = len(self.inbound_tasks(name))
        missing = total - len(masks)
        needed = 1 if join is None else max(1, join) if isinstance(join, int) else total
        at_least = max(1, total - needed + 1 - missing)
        if at_least >= len(masks):
            result = masks[0]
            for mask in masks[1:]:
                result &= mask
            return result
        if at_least == 1:
            result = 0
            for mask in masks:
                result |= mask
            return result
        return self._in_at_least(masks, at_least)

    @staticmethod
    def _in_at_least(masks: list[int], count: int) -> int:
        """The bits that are set in at least `count` of the masks."""
        reached = [0] * (count + 1)
        for mask in masks:
            for level in range(count, 0, -1):
                reached[level] |= mask if level == 1 else reached[level - 1] & mask
        return reached[count]

    @cached_property
    def ever(self) -> int:
        """Everything that is set anywhere on the reachable part of the workflow."""
        result = self.base
        for name in self.reachable:
            for index in range(len(self.outlines[name].exits)) or (None,):
                result |= self.published(name, index)
        return result

    def way_without(self, name: str, variable: str) -> tuple[Edge, ...]:
        """A shortest way from a start to a task on which a variable is not set (empty: a start itself)."""
        bit = self.bit(variable)
        came: dict[str, Edge | None] = {
            s: None for s in self.starts if s in self.entry and not self.entry[s][1] & bit
        }
        queue = deque(came)
        while queue:
            here = queue.popleft()
            if here == name:
                break
            for edge in self.out[here]:
                carried = self.published(here, edge.index)
                known = self.entry.get(edge.to)
                if edge.to not in came and not carried & bit and known and not known[1] & bit:
                    came[edge.to] = edge
                    queue.append(edge.to)
        way: list[Edge] = []
        last = came.get(name)
        while last is not None:
            way.append(last)
            last = came.get(last.source)
        return tuple(reversed(way))

    def set_before_first(self, name: str, variable: str) -> bool:
        """Whether a variable can be set when a task is reached for the first time.

        What only the task itself and those after it set, in a loop, comes too late for that.
        """
        bit = self.bit(variable)
        if self.base & bit or name not in self.cyclic:
            return True
        queue = deque((start, False) for start in self.starts)
        seen = set(queue)
        while queue:
            here, known = queue.popleft()
            if here == name:
                if known:
                    return True
                continue
            for edge in self.out[here]:
                carried = self.published(here, edge.index) & bit
                step = (edge.to, known or bool(carried))
                if step not in seen:
                    seen.add(step)
                    queue.append(step)
        return False
