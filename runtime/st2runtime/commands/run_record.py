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
    text = _head(session, outcome, data) + to_yaml(data, indented=True)
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        write(path, text)
    except OSError as error:
        raise UsageError(f"--record: `{path}` cannot be written: {error.strerror}") from error


def case_data(session: Session, outcome: Outcome, graph: Graph) -> dict[str, Any]:
    """The case as a rehearsal file says it, secrets masked."""
    from st2runtime.rehearsal.bless import wanted
    from st2runtime.rehearsal.drive import rehearse

    hide = session.secrets.data
    root = outcome.root
    inputs = native(hide(_inputs(session, root)))
    mocks = [hide(native(_mock(step))) for step in root.children if step.status in FINAL]
    context = hide(native(_context(session, root, graph)))
    data: dict[str, Any] = {"workflow": _workflow_path(session)}
    if inputs:
        data["inputs"] = inputs
    if context:
        data["context"] = context
    stored = {
        full_key(key): (hide(value), secret) for key, (value, secret) in session.store.seen.items()
    }
    if stored:
        data["datastore"] = {
            key: {"value": value, "secret": True} if secret else value
            for key, (value, secret) in stored.items()
        }
    if mocks:
        data["mock_action_executions"] = mocks
    case = Case(
        workflow=data["workflow"],
        inputs=inputs,
        context=context,
        datastore=stored,
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

    text = graph.to_text()
    if not any(name in text for name in _AROUND):
        return {}
    assert session.prepared is not None
    config = session.desk.configs.get(session.target.runnable.pack)
    return contexts.of_workflow(session.target.runnable, root.id, session.prepared.context, config)


def _workflow_path(session: Session) -> str:
    """The workflow as seen from the case: in the same pack by its place there."""
    path = os.path.abspath(session.target.runnable.entry_point)
    folder = os.path.dirname(os.path.abspath(session.args.record))
    pack = session.target.runnable.pack_path and os.path.abspath(session.target.runnable.pack_path)
    start = pack if pack and f"{folder}{os.sep}".startswith(pack + os.sep) else folder
    return os.path.relpath(path, start).replace(os.sep, "/")


def _head(session: Session, outcome: Outcome, data: Mapping[str, Any]) -> str:
    """A comment that says what it is, and when a rehearsal comes to something else than the run."""
    lines = [f"A run of {session.target.runnable.ref}, recorded by `st2c run`."]
    expected = data.get("expected_workflow_status", "succeeded")
    if expected != outcome.root.status:
        lines.append(
            f"The run itself has ended as {outcome.root.status}: a rehearsal ends tasks in another order."
        )
    return "".join(f"# {line}\n" for line in lines)
