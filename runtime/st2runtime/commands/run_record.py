"""`--record`: a run as a rehearsal case, which `st2c test` can hold the workflow to from now on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2lang.graph import Graph
from st2runtime.engines.steps import FINAL, Step
from st2runtime.rehearsal.case import Case, Mock, full_key
from st2runtime.rehearsal.data import native, to_yaml

if TYPE_CHECKING:
    from st2runtime.actions.secrets import Secrets
    from st2runtime.commands.run_session import Outcome
    from st2runtime.commands.run_setup import Session

_AROUND = ("st2", "parent", "action_context", "config_context")


def record(session: Session, outcome: Outcome) -> None:
    """Write the case. What is expected is what comes of it when it is rehearsed with these results.

    Raises `UsageError` for what is no workflow, and when the file cannot be written.
    """
    from st2runtime.rehearsal.files import write

    path, graph = session.args.record, outcome.root.graph
    if graph is None:
        raise UsageError("--record: an action that is no workflow has nothing to rehearse")
    data = case_data(session, outcome, graph)
    text = text_of(data, session.target.runnable.ref, outcome.root.status)
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        write(path, text)
    except OSError as error:
        raise UsageError(f"--record: `{path}` cannot be written: {error.strerror}") from error


def case_data(session: Session, outcome: Outcome, graph: Graph) -> dict[str, Any]:
    """The case as a rehearsal file says it, secrets masked."""
    root = outcome.root
    inputs, context = _inputs(session, root), _context(session, root, graph)
    runnable, folder = (
        session.target.runnable,
        os.path.dirname(os.path.abspath(session.args.record)),
    )
    path = workflow_path(runnable.entry_point, runnable.pack_path, folder)
    return case_of(root, graph, session.secrets, path, inputs, context, session.store.seen)


def case_of(
    root: Step,
    graph: Graph,
    secrets: Secrets,
    path: str,
    inputs: Mapping[str, Any],
    context: Mapping[str, Any],
    stored: Mapping[str, tuple[Any, bool]],
) -> dict[str, Any]:
    """The case of a run that has ended. `path` is the workflow's, `stored` what `st2kv` found by key."""
    from st2runtime.rehearsal.bless import wanted
    from st2runtime.rehearsal.drive import rehearse

    hide = secrets.data
    inputs, context = native(hide(inputs)), hide(native(context))
    mocks = [hide(native(_mock(step))) for step in root.children if step.status in FINAL]
    data: dict[str, Any] = {"workflow": path}
    if inputs:
        data["inputs"] = inputs
    if context:
        data["context"] = context
    masked = {full_key(key): (hide(value), secret) for key, (value, secret) in stored.items()}
    if masked:
        data["datastore"] = {
            key: {"value": value, "secret": True} if secret else value
            for key, (value, secret) in masked.items()
        }
    if mocks:
        data["mock_action_executions"] = mocks
    case = Case(
        workflow=path,
        inputs=inputs,
        context=context,
        datastore=masked,
        mocks=tuple(
            Mock(
                one["task_id"],
                one.get("status", "succeeded"),
                one.get("result"),
                item=one.get("item_id"),
                route=one.get("route"),
            )
            for one in mocks
        ),
    )
    actual = rehearse(graph, case)
    return {**data, **wanted(case, actual, chain=not graph.orquesta)}


def _inputs(session: Session, root: Step) -> Mapping[str, Any]:
    from st2runtime.actions.parameters import inputs

    runnable = session.target.runnable
    return dict(session.given) if runnable.loose else inputs(runnable, root.parameters)


def _mock(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"task_id": step.task}
    if step.route:
        found["route"] = step.route
    if step.item is not None:
        found["item_id"] = step.item
    if step.status != "succeeded":
        found["status"] = step.status
    if step.result is not None:
        found["result"] = step.result
    return found


def _context(session: Session, root: Step, graph: Graph) -> dict[str, Any]:
    """What the engine has added to the context, where the workflow looks at it."""
    from st2runtime.engines import contexts

    if not looks_around(graph):
        return {}
    assert session.prepared is not None
    config = session.desk.configs.get(session.target.runnable.pack)
    return contexts.of_workflow(session.target.runnable, root.id, session.prepared.context, config)


def looks_around(graph: Graph) -> bool:
    """Whether a workflow looks at what the engine has added to the context."""
    text = graph.to_text()
    return any(name in text for name in _AROUND)


def workflow_path(entry_point: str, pack_path: str, folder: str) -> str:
    """A workflow as seen from a case in a folder: in the same pack by its place there."""
    path = os.path.abspath(entry_point)
    pack = pack_path and os.path.abspath(pack_path)
    start = pack if pack and f"{folder}{os.sep}".startswith(pack + os.sep) else folder
    return os.path.relpath(path, start).replace(os.sep, "/")


def text_of(data: Mapping[str, Any], ref: str, status: str) -> str:
    """The file of a case, with a comment that says what it is, and when a rehearsal comes to something else."""
    lines = [f"A run of {ref}, recorded by `st2c run`."]
    expected = data.get("expected_workflow_status", "succeeded")
    if expected != status:
        lines.append(
            f"The run itself has ended as {status}: a rehearsal ends tasks in another order."
        )
    return "".join(f"# {line}\n" for line in lines) + to_yaml(data, indented=True)
