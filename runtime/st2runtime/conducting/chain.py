"""ActionChain's own: variables, rendering and casting, one node after the other, the result.

Specified by `action_chain_runner.py` of StackStorm. There is one set of variables for the whole chain:
parameters, then results by task name, then vars and what has been published; later ones hide earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from st2lang.evaluation import EvaluationError, Outside, Scope, cast, render_chain, st2kv
from st2lang.graph import Retry
from st2runtime.conducting.machine import Machine
from st2runtime.conducting.plan import Step
from st2runtime.conducting.semantics import RuleError, Work
from st2runtime.conducting.state import Key, Retrying, Staged, TaskRun
from st2runtime.conducting.transitions import ABENDED, COMPLETED
from st2runtime.conducting.values import message_of, plain


class Chain:
    """ActionChain's semantics over a machine. `vars`, `published` and `results` are part of the state."""

    def __init__(self, machine: Machine, outside: Outside, rehearsal: bool) -> None:
        self.machine, self.outside, self.rehearsal = machine, outside, rehearsal
        self.keys: Mapping[str, Any] = _keys(outside) if outside.keys else {}
        self.parameters: dict[str, Any] = {}
        self.context: dict[str, Any] = {}
        self.vars: dict[str, Any] = {}
        self.published: dict[str, Any] = {}
        self.results: dict[str, Any] = {}
        self.error: str | None = None
        self.refused: int | None = None

    def save(self) -> dict[str, Any]:
        """What a chain's state consists of beside the machine's."""
        return {
            "parameters": self.parameters,
            "context": self.context,
            "vars": dict(self.vars),
            "published": dict(self.published),
            "results": dict(self.results),
            "error": self.error,
            "refused": self.refused,
        }

    def load(self, data: Mapping[str, Any]) -> None:
        """Take up what `save` has given."""
        self.parameters, self.context = data["parameters"], data["context"]
        self.vars, self.published = dict(data["vars"]), dict(data["published"])
        self.results, self.error = dict(data["results"]), data["error"]
        self.refused = data["refused"]

    # -- the beginning and the end ---------------------------------------------------------------

    def start(self, inputs: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
        machine, plan = self.machine, self.machine.plan
        self.parameters, self.context = dict(inputs), dict(context)
        scope = Scope(_Variables(self.parameters, self.keys), outside=self.outside)
        first = machine.begin({})
        machine.state.routes.append([])
        for one in plan.graph.vars:
            try:
                self.vars[one.name] = plain(render_chain(one.value, scope))
            except EvaluationError as error:
                self.reject(f"the var `{one.name}` has no value: {message_of(error)}")
                return False
        for name in plan.start:
            machine.set_ready(machine.stage(name, 0, first, {}), True)
        return True

    def finish(self) -> None:
        tasks = [
            {"id": run.task, "name": run.task, "state": run.state, "result": run.result}
            for run in self.machine.state.runs
            if run.status in COMPLETED and run.seq != self.refused
        ]
        output: dict[str, Any] = {"tasks": tasks, "published": dict(self.published)}
        if self.error is not None:
            output["error"] = self.error
        state = self.machine.state
        state.output = output
        if self.error is None and state.status == "failed" and state.runs[-1].state == "timeout":
            state.status = "timeout"

    def reject(self, message: str, task: str | None = None) -> None:
        self.error = message
        self.machine.log(message, task)
        self.machine.ask("fail")

    def refuse(self, run: TaskRun | None, task: str, route: int, message: str) -> None:
        self.machine.unstage((task, route))
        if run is not None:
            self.refused = run.seq
        self.reject(f"the task `{task}` cannot be run: {message}", task)

    def variables(self, run: TaskRun) -> Mapping[str, Any]:
        return {**self.parameters, **self.results, **self.vars}

    # -- before a task runs ----------------------------------------------------------------------

    @cached_property
    def scope(self) -> Scope:
        """What expressions see, from the beginning on: what is published shows in it."""
        context = self.context
        return Scope(
            _Variables(
                {
                    "__results": self.results,
                    "action_context": {"parent": context.get("parent", context)},
                    "config_context": context.get("config_context", {}),
                },
                self.keys,
                self.vars,
                self.results,
                self.parameters,
            ),
            outside=self.outside,
        )

    def prepare(self, staged: Staged) -> Work:
        step = self.machine.plan.steps[staged.task]
        action, scope = step.task.action, self.scope
        if action is None or step.action is None:
            raise RuleError("it has no `ref`")
        ref = step.action(scope)
        if step.given is None:
            raise RuleError("`parameters` is no mapping")
        schemas = action.parameters or {}
        found = {}
        for name, value in step.given:
            try:
                rendered = value(scope)
                found[name] = cast(rendered, schemas[name]) if name in schemas else rendered
            except EvaluationError as error:
                message = f"the parameter `{name}` has no value: {message_of(error)}"
                raise RuleError(message) from error
        delay = None if staged.retry is None else staged.retry.delay
        return Work(((None, ref, plain(found)),), delay)

    def retrying(self, step: Step, spec: Retry, staged: Staged) -> Retrying:
        scope = self.scope
        count = _number("count", render_chain(spec.count, scope), int)
        return Retrying(spec.when, count, _number("delay", render_chain(spec.delay, scope), float))

    # -- after a task has run --------------------------------------------------------------------

    def wants_retry(self, run: TaskRun) -> bool:
        return run.status in ABENDED

    def leave(self, run: TaskRun) -> list[Key]:
        machine, step = self.machine, self.machine.plan.steps[run.task]
        self.results[run.task] = _told(step, run.result)
        if not self._publish(run, step):
            run.terminal = True
            return []
        target = step.on_success if run.status == "succeeded" else step.on_failure
        if run.status == "canceled" or target is None:
            run.terminal = True
            return []
        index = 0 if run.status == "succeeded" else 1
        run.next, run.taken = {index: (target,)}, 1
        machine.set_ready(machine.stage(target, 0, run.context, {run.task: run.seq}), True)
        return []

    def _publish(self, run: TaskRun, step: Step) -> bool:
        """Publish what the node publishes, whatever its outcome; False when a value cannot be rendered."""
        found = {}
        for one in step.task.publish:
            try:
                found[one.name] = plain(render_chain(one.value, self.scope))
            except EvaluationError as error:
                message = f"`{one.name}`, which `{run.task}` publishes, has no value: "
                self.reject(message + message_of(error), run.task)
                return False
        if found:
            run.published = found
            self.vars.update(found)
            self.published.update(found)
        return True


def _told(step: Step, result: Any) -> Any:
    """A result as the nodes after it see it.

    StackStorm resumes a chain after an inquiry with what was answered below `result` (`_run_chain`).
    """
    asked = step.task.action is not None and step.task.action.runner == "inquirer"
    return {"result": result, **result} if asked and isinstance(result, dict) else result


class _Variables(Mapping[str, Any]):
    """Names over names: the first mapping that has one gives its value."""

    __slots__ = ("layers",)

    def __init__(self, *layers: Mapping[str, Any]) -> None:
        self.layers = layers

    def __getitem__(self, name: str) -> Any:
        for layer in self.layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self.layers)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for layer in reversed(self.layers) for name in layer))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _keys(outside: Outside) -> Mapping[str, Any]:
    """The names under which the datastore is seen; without one they are not there."""
    keys = st2kv(outside.find)
    return {"st2kv": keys, "system": keys["system"]}


def _number(name: str, value: Any, kind: Callable[[Any], Any]) -> Any:
    if value is None:
        return 0
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise RuleError(f"`{name}` of `retry` must be a number, not {value!r}") from None
