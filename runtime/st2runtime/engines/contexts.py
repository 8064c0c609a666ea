"""What StackStorm puts around an execution: ids, `st2`, `action_context`, variables of processes.

Specified by `orquesta_runner.py` (`_construct_st2_context`), `services/workflows.py`
(`request_action_execution`), `action_chain_runner.py` and `util/action_db.py` of StackStorm/st2.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any

from st2lang.graph import Graph
from st2runtime.actions.runnable import Runnable
from st2runtime.requests import RunAction

API_URL = "http://127.0.0.1:9101/v1"
"""What StackStorm says where nothing is configured."""


_PASSED_ON = ("api_user", "source_channel")


def new_id() -> str:
    """An id as StackStorm's database gives them: 24 hexadecimal digits."""
    return os.urandom(12).hex()


def id_below(execution_id: str, name: str) -> str:
    """The id of something in an execution: the same whenever the execution is told again."""
    return hashlib.blake2b(f"{execution_id}/{name}".encode(), digest_size=12).hexdigest()


def attempt_key(execution_id: str, request: RunAction) -> str:
    """What names one attempt of an action for good, however often it is begun: its idempotency key.

    Execution, task with the number of its run, route, item, attempt.
    """
    number = request.id.partition(".")[0].partition("~")[0]
    item = "-" if request.item is None else request.item
    task = f"{request.task}.{number}"
    return f"{execution_id}/{task}/{request.route}/{item}/{request.attempt}"


def api_url() -> str:
    """The URL of the API that actions are told: ST2_API_URL, else StackStorm's default."""
    return os.environ.get("ST2_API_URL") or API_URL


def of_workflow(
    runnable: Runnable, execution_id: str, context: Mapping[str, Any], config: Mapping[str, Any]
) -> dict[str, Any]:
    """What a workflow finds in its context besides its inputs.

    `execution_id` is the id of its action execution, `context` that execution's own context.
    """
    if runnable.runner == "action-chain":
        return {"parent": {"execution_id": execution_id, **context}, "config_context": config}
    st2 = {
        "action_execution_id": execution_id,
        "api_url": api_url(),
        "user": context.get("user"),
        "pack": context.get("pack"),
        "action": runnable.ref,
        "runner": runnable.runner,
        "workflow_execution_id": id_below(execution_id, "workflow"),
        **{name: context[name] for name in _PASSED_ON if context.get(name)},
    }
    return {"st2": st2, "parent": context}


def of_action(
    runnable: Runnable,
    request: RunAction,
    graph: Graph,
    execution_id: str,
    context: Mapping[str, Any],
    workflow_id: str,
) -> dict[str, Any]:
    """The context of an action that a workflow runs; `execution_id` and `context` are the workflow's."""
    user = context.get("user")
    if not graph.orquesta:
        parent = {"execution_id": execution_id, **context}
        chain = {"name": request.task, "ref": request.action}
        return {"user": user, "pack": runnable.pack, "parent": parent, "chain": chain}
    orquesta = {
        "workflow_execution_id": workflow_id,
        "task_execution_id": id_below(execution_id, f"task {request.id.partition('.')[0]}"),
        "task_name": request.task,
        "task_id": request.task,
        "task_route": request.route,
    }
    if request.item is not None:
        orquesta["item_id"] = request.item
    passed = {name: context[name] for name in _PASSED_ON if context.get(name)}
    parent = {"execution_id": execution_id, "user": user, "pack": context.get("pack"), **passed}
    found = {"user": user, "pack": runnable.pack, **passed, "parent": parent}
    return {**found, "orquesta": orquesta}


def environment(runnable: Runnable, execution_id: str, key: str) -> dict[str, str]:
    """The variables that every action's process gets; `key` names the attempt for good."""
    return {
        "ST2C_IDEMPOTENCY_KEY": key,
        "ST2_ACTION_PACK_NAME": runnable.pack,
        "ST2_ACTION_EXECUTION_ID": execution_id,
        "ST2_ACTION_API_URL": api_url(),
    }
