"""Orquesta's own: contexts and rendering, choice of transitions, publishing, output.

Specified by `orquesta/conducting.py` and `orquesta/specs/native/v1/models.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from st2lang.evaluation import EvaluationError, Outside, Scope, render
from st2lang.graph import Retry
from st2runtime.conducting.context import Context, merge
from st2runtime.conducting.machine import Machine
from st2runtime.conducting.plan import Edge, Step
from st2runtime.conducting.semantics import RuleError, Work
from st2runtime.conducting.sight import Rolling, Sight
from st2runtime.conducting.state import Items, Key, Retrying, Staged, TaskRun
from st2runtime.conducting.transitions import ABENDED, UNSET
from st2runtime.conducting.values import message_of, plain


class Orquesta:
    """Orquesta's semantics over a machine."""

    def __init__(self, machine: Machine, outside: Outside, rehearsal: bool) -> None:
        self.machine, self.outside, self.rehearsal = machine, outside, rehearsal
        self.sight = Sight(machine.state, outside, rehearsal)

    def variables(self, run: TaskRun) -> Mapping[str, Any]:
        return run.context

    # -- the beginning and the end ---------------------------------------------------------------

    def start(self, inputs: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
        machine, graph = self.machine, self.machine.plan.graph
        values: dict[str, Any] = dict(context)
        failed = False
        for one in graph.input:
            failed |= not self._set(values, one.name, inputs.get(one.name, one.value))
        begun = merge(dict(context), values)
        rolling, rendered = dict(begun), {}
        for one in graph.vars:
            if self._set(rolling, one.name, one.value):
                rendered[one.name] = rolling[one.name]
            else:
                failed = True
        if failed:
            return False
        first = machine.begin(merge(begun, rendered))
        machine.state.routes.append([])
        for name in machine.plan.start:
            machine.set_ready(machine.stage(name, 0, first, {}), True)
        return True

    def _set(self, values: dict[str, Any], name: str, value: Any) -> bool:
        """Render a value among those that are there, and set it; False when it has none."""
        try:
            values[name] = plain(
                render(value, self.sight.scope(values)), self.machine.state.moments
            )
        except EvaluationError as error:
            self.machine.log(message_of(error))
            return False
        return True

    def finish(self) -> None:
        state, graph = self.machine.state, self.machine.plan.graph
        if state.output is not None or not state.contexts:
            return
        values: dict[str, Any] = self._terminal()
        found: dict[str, Any] = {}
        failed = False
        for one in graph.output:
            if self._set(values, one.name, one.value):
                found[one.name] = plain(values[one.name])
            else:
                failed = True
        state.output = found or None
        if failed and state.status not in ("timeout", "abandoned", "canceled"):
            self.machine.ask("fail")

    def _terminal(self) -> dict[str, Any]:
        """What all terminal task runs see, later ones over earlier ones."""
        found: Context | None = None
        for run in self.machine.state.terminals():
            if found is None:
                found = run.context
            elif run.context is not found:
                found = found.joined(run.context, -1, merged=True)
        return {} if found is None else dict(found.items())

    # -- before a task runs ----------------------------------------------------------------------

    def prepare(self, staged: Staged) -> Work:
        step = self.machine.plan.steps[staged.task]
        scope = self.sight.scope(staged.context, {"id": staged.task, "route": staged.route})
        if step.task.items is not None:
            return self._prepare_items(step, staged, scope)
        action, given = self._rendered(step, scope)
        late = step.task.delay or staged.retry is not None
        return Work(((None, action, given),), self._delay(step, staged, scope) if late else None)

    def _rendered(self, step: Step, scope: Scope) -> tuple[Any, Any]:
        action = None if step.action is None else step.action(scope)
        if step.input is None:
            return action, None if self.rehearsal else {}
        return action, plain(step.input(scope))

    def _delay(self, step: Step, staged: Staged, scope: Scope) -> Any:
        delay = step.task.delay or None
        if delay is not None:
            delay = render(delay, scope)
            if not isinstance(delay, int):
                raise RuleError("TypeError: The value of task delay is not type of integer.")
        if staged.retry is not None:
            return staged.retry.delay or 0
        return delay

    def _prepare_items(self, step: Step, staged: Staged, scope: Scope) -> Work:
        items, delay = staged.items, None
        if items is None or items.work is None:
            items, delay = self._render_items(step, staged, scope)
            staged.items = items
        free = len(items.waiting)
        if items.concurrency is not None:
            free = min(free, max(1, items.concurrency) - items.flying)
        work = items.work
        assert work is not None
        parts = tuple((index, *work[index]) for index in islice(items.waiting, max(0, free)))
        return Work(parts, delay)

    def _render_items(self, step: Step, staged: Staged, scope: Scope) -> tuple[Items, Any]:
        """All items rendered, those that are done already left out."""
        spec = step.task.items
        assert spec is not None
        values = render(spec.items, scope)
        if not isinstance(values, list):
            raise RuleError(f'TypeError: The value of "{spec.items}" is not type of list.')
        work = {}
        for index, value in enumerate(values):
            scope.item = unpacked(spec.names, value)
            work[index] = self._rendered(step, scope)
        scope.item = None
        delay = self._delay(step, staged, scope)
        concurrency = render(spec.concurrency, scope)
        if concurrency is not None and not isinstance(concurrency, int):
            raise RuleError("TypeError: The value of concurrency is not type of integer.")
        items = staged.items
        if items is None or len(items) != len(values):
            items = Items([UNSET] * len(values))
        items.work = {index: work[index] for index in items.waiting}
        items.concurrency = concurrency
        return items, delay

    def retrying(self, step: Step, spec: Retry, staged: Staged) -> Retrying:
        scope = Scope(staged.context, outside=self.outside)
        found = []
        for name, value in (("delay", spec.delay), ("count", spec.count)):
            if isinstance(value, str):
                value = render(value, scope)
                if not isinstance(value, int):
                    raise RuleError(
                        f'ValueError: The retry {name} for task "{step.name}" is not an integer.'
                    )
            found.append(value)
        return Retrying(spec.when, found[1], found[0])

    # -- after a task has run --------------------------------------------------------------------

    def wants_retry(self, run: TaskRun) -> bool:
        assert run.retry is not None
        if run.retry.when is None:
            return run.status in ABENDED
        return bool(render(run.retry.when, self.sight.of_run(run)))

    def leave(self, run: TaskRun) -> list[Key]:
        step = self.machine.plan.steps[run.task]
        if not step.edges:
            run.terminal = True
            return []
        scope = self.sight.of_run(run)
        commands: list[Key] = []
        ready: list[Staged] = []
        taken: list[Edge] = []
        for edge in step.edges:
            staged = self._follow(run, edge, scope)
            if run.taken & edge.bit:
                taken.append(edge)
            if staged is None:
                continue
            if edge.command:
                commands.append(staged.key)
            elif staged.ready:
                ready.append(staged)
        run.next = taken[0].way if len(taken) == 1 else _ways(taken)
        if commands and any(task == "fail" for task, _ in commands):
            self.machine.state.remedies.update(one.key for one in ready)
        return commands

    def _follow(self, run: TaskRun, edge: Edge, scope: Scope) -> Staged | None:
        """Take an edge if its condition holds: publish, and stage what it leads to."""
        machine = self.machine
        try:
            if edge.when is not None and not edge.when(scope):
                return None
        except EvaluationError as error:
            machine.log(message_of(error), run.task, run.route, edge.id)
            machine.ask("fail")
            return None
        machine.take(run, edge)
        context = run.context
        if edge.publish:
            published = self._publish(run, edge, scope)
            if published is None:
                machine.ask("fail")
                return None
            context = machine.publish(context, published)
            run.published = {**run.published, **published} if run.published else published
        return self._stage(run, edge, context)

    def _publish(self, run: TaskRun, edge: Edge, scope: Scope) -> dict[str, Any] | None:
        """The published values, each seeing those before it; None when one has no value."""
        machine = self.machine
        found: dict[str, Any] = {}
        failed = False
        if len(edge.publish) > 1:
            scope.variables = Rolling(run.context, found)
        for name, value in edge.publish:
            try:
                found[name] = plain(value(scope), machine.state.moments)
            except EvaluationError as error:
                machine.log(message_of(error), run.task, run.route, edge.id)
                failed = True
        scope.variables = run.context
        return None if failed else found

    def _stage(self, run: TaskRun, edge: Edge, context: Context) -> Staged:
        machine = self.machine
        route = machine.route(edge, run.route) if edge.splits else run.route
        staged = machine.state.staged.get((edge.target, route))
        if staged is not None:
            staged.context = machine.join(staged.context, context)
            latest = machine.state.latest.get((edge.target, route))
            if latest is not None and latest.previous is staged.previous:
                staged.previous = dict(staged.previous)
            staged.previous[edge.came] = run.seq
            staged.items = None
        else:
            staged = machine.stage(edge.target, route, context, {edge.came: run.seq})
        ready = not edge.join or machine.arrival(edge.target, run.route) == "satisfied"
        machine.set_ready(staged, ready)
        return staged

    def reject(self, message: str, task: str | None = None) -> None:
        self.machine.log(message, task)
        self.machine.ask("fail")

    def refuse(self, run: TaskRun | None, task: str, route: int, message: str) -> None:
        self.machine.log(message, task, route)
        self.machine.ask("fail")


def _ways(taken: list[Edge]) -> dict[int, tuple[str, ...]]:
    """The targets of the edges by their transitions."""
    found: dict[int, list[str]] = {}
    for edge in taken:
        found.setdefault(edge.index, []).append(edge.target)
    return {index: tuple(targets) for index, targets in found.items()}


def unpacked(names: tuple[str, ...], value: Any) -> Any:
    """An item under its names: several take a list apart, and so does one."""
    if names and isinstance(value, list | tuple):
        return dict(zip(names, value, strict=False))
    if len(names) == 1:
        return {names[0]: value}
    return value
