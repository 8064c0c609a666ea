"""From what the conductor asks for to an action that is ready to run, in the steps that StackStorm takes.

    find the action ▸ render its parameters ▸ validate ▸ fill in defaults ▸ what is around it

Specified by `request_action_execution` in `st2common/services/workflows.py`, `create_request` in
`services/action.py`, and for chains `_build_liveaction_object` of the runner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from st2lang.record import record
from st2runtime.actions import complaints, parameters
from st2runtime.actions.errors import ActionError
from st2runtime.actions.runnable import Runnable
from st2runtime.actions.secrets import Secrets
from st2runtime.engines import contexts
from st2runtime.engines.results import RefusedError, inspected
from st2runtime.runners.base import Invocation

if TYPE_CHECKING:
    from st2lang.evaluation import World
    from st2lang.graph import Graph
    from st2runtime.actions.config import Configs
    from st2runtime.actions.library import Library
    from st2runtime.actions.workflows import Workflows
    from st2runtime.engines.execution import Execution
    from st2runtime.engines.steps import Step
    from st2runtime.requests import RunAction


class Store(Protocol):
    """The datastore: a value by key, decrypted or not. Both raise KeyError for a key that there is not."""

    def find(self, key: str, decrypt: bool) -> Any:
        """As chains and parameters look it up: `system.x`, `user.x`."""

    def find_orquesta(self, key: str, decrypt: bool) -> Any:
        """As `st2kv()` in Orquesta does: `system.x`, else a key of the user."""


@record
class Prepared:
    """An action that can run now: `parameters` are all of it and its runner, `context` the execution's."""

    runnable: Runnable
    parameters: Mapping[str, Any]
    context: Mapping[str, Any]


class NoStore:
    """A datastore without any keys."""

    def find(self, key: str, decrypt: bool) -> Any:
        """There is none."""
        raise KeyError(key)

    find_orquesta = find


class Desk:
    """Where actions are made ready.

    `context` is that of the execution asked for from outside: `user`, perhaps `api_user` and others. `force`
    runs sub-workflows in spite of the errors that the checks find in them.
    """

    def __init__(
        self,
        library: Library,
        workflows: Workflows,
        configs: Configs,
        secrets: Secrets,
        context: Mapping[str, Any],
        store: Store | None = None,
        force: bool = False,
    ) -> None:
        self.library, self.workflows = library, workflows
        self.configs, self.secrets = configs, secrets
        self.context, self.store, self.force = context, store or NoStore(), force

    def root(self, runnable: Runnable, given: Mapping[str, Any]) -> Prepared:
        """What was asked for from outside, as the API does it. Raises `ActionError` with all mistakes."""
        _refuse_disabled(runnable)
        wrong = complaints.about(runnable, given)
        if wrong:
            raise ActionError(*wrong)
        return self._ready(runnable, given, {**self.context, "pack": runnable.pack})

    def task(self, execution: Execution, request: RunAction) -> Prepared:
        """What a workflow asks for. Raises `ActionError` for what StackStorm would not run either."""
        runnable = self.library.find(_reference(execution, request), execution.graph.source)
        _refuse_disabled(runnable)
        context = contexts.of_action(
            runnable,
            request,
            execution.graph,
            execution.step.id,
            execution.context,
            execution.workflow_id,
        )
        given = request.input
        if not execution.graph.orquesta and not _known_before(execution, request):
            given = parameters.as_declared(runnable, given)
        return self._ready(runnable, given, context, execution.graph.orquesta)

    def _ready(
        self,
        runnable: Runnable,
        given: Mapping[str, Any],
        context: Mapping[str, Any],
        templates: bool = True,
    ) -> Prepared:
        """`templates` tells whether the given values may be templates: a chain has rendered them for good."""

        def around() -> Mapping[str, Any]:
            return self._around(runnable.pack, context)

        live = parameters.live(runnable, given, around) if templates else given
        wrong = complaints.about(runnable, live)
        if wrong:
            raise ActionError(*wrong)
        final = parameters.final(runnable, live, around)
        self.secrets.add(parameters.secrets_in(runnable, final))
        return Prepared(runnable, final, context)

    def _around(self, pack: str, context: Mapping[str, Any]) -> Mapping[str, Any]:
        from st2lang.evaluation import st2kv

        return {
            "st2kv": st2kv(self.store.find),
            "action_context": context,
            "config_context": self.configs.get(pack),
        }

    def graph(self, runnable: Runnable) -> Graph:
        """The workflow of an action. Raises `RefusedError` for one that cannot be run."""
        if runnable.graph is not None:
            return runnable.graph
        try:
            workflow = self.workflows.load(runnable.entry_point, runnable.runner)
        except ActionError as error:
            raise RefusedError(str(error), [{"message": str(error)}]) from error
        if workflow.graph.orquesta and workflow.errors and not self.force:
            raise RefusedError(
                f"the checks refuse the workflow of `{runnable.ref}`: {workflow.errors[0].message}",
                [inspected(problem) for problem in workflow.errors],
            )
        return workflow.graph

    def surroundings(self, prepared: Prepared, step: Step) -> dict[str, Any]:
        """What a workflow finds in its context besides its inputs. Raises `RefusedError`."""
        runnable = prepared.runnable
        try:
            chain = runnable.runner == "action-chain"
            config = self.configs.get(runnable.pack) if chain else {}
        except ActionError as error:
            raise RefusedError(str(error), [{"message": str(error)}]) from error
        return contexts.of_workflow(runnable, step.id, prepared.context, config)

    def inputs(self, prepared: Prepared, given: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs of a workflow; those that nothing declares only where they are given."""
        found = parameters.inputs(prepared.runnable, prepared.parameters)
        return {k: v for k, v in found.items() if k in given} if prepared.runnable.loose else found

    def world(self, graph: Graph) -> World:
        """What the expressions of a workflow read: the dialects differ in what a key means."""
        from st2lang.evaluation import World

        return World(self.store.find_orquesta if graph.orquesta else self.store.find)

    def invocation(self, prepared: Prepared, step: Step) -> Invocation:
        """What the runner is told."""
        runnable = prepared.runnable
        return Invocation(
            id=step.id,
            ref=runnable.ref,
            runner=runnable.runner,
            parameters=prepared.parameters,
            schemas=runnable.schemas,
            entry_point=runnable.entry_point,
            pack=runnable.pack,
            pack_path=runnable.pack_path,
            environment=contexts.environment(runnable, step.id, step.key),
            context=prepared.context,
            secrets=tuple(self.secrets),
        )


def _reference(execution: Execution, request: RunAction) -> str:
    """The action that is meant. A chain's own: what an expression gives without a pack is of its pack."""
    ref = request.action or ""
    if execution.graph.orquesta or "." in ref or ref == _written(execution, request):
        return ref
    return f"{execution.context.get('pack')}.{ref}"


def _written(execution: Execution, request: RunAction) -> str:
    """The reference as it stands in the workflow, with its expressions."""
    task = execution.graph.tasks.get(request.task)
    return task.action.text if task and task.action else ""


def _known_before(execution: Execution, request: RunAction) -> bool:
    """Whether the conductor knew the action's parameters, and has cast the values to their types."""
    task = execution.graph.tasks.get(request.task)
    return bool(task and task.action and task.action.parameters is not None)


def _refuse_disabled(runnable: Runnable) -> None:
    if not runnable.enabled:
        raise ActionError(f"the action `{runnable.ref}` is disabled")
