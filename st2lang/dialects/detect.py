"""What kind of file a text is: by its content, by its place in a pack, by the metadata that points at it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from st2lang.yaml import Mapping, Scalar, Sequence, deref

if TYPE_CHECKING:
    from st2lang.catalog import Catalog
    from st2lang.yaml import Node

KINDS = ("orquesta", "action-chain", "action", "pack")

_TASK_KEYS = frozenset({"action", "next", "with", "join", "retry"})
_RUNNER_KINDS = {"orquesta": "orquesta", "action-chain": "action-chain"}


def detect(path: str, root: Node | None, catalog: Catalog | None = None) -> str:
    """The kind of a file, or "unknown" for what is none of StackStorm's business.

    The file name and the content decide where they are clear; only then is the pack's metadata asked
    (a file that some action's `entry_point` names is a workflow even while it is empty or broken).
    """
    name = os.path.basename(path)
    if name in ("pack.yaml", "pack.yml"):
        return "pack"
    kind = _by_content(root)
    if kind == "unknown" and catalog is not None and _in_actions(path):
        for action in catalog.metadata_for(path):
            kind = _RUNNER_KINDS.get(action.runner_type, kind)
    return kind


def _in_actions(path: str) -> bool:
    return "actions" in path.replace("\\", "/").split("/")


def _by_content(root: Node | None) -> str:
    if not isinstance(root, Mapping):
        return "unknown"
    if root.get("runner_type") is not None:
        return "action"
    if isinstance(root.get("chain"), Sequence):
        return "action-chain"
    tasks = root.get("tasks")
    if isinstance(tasks, Mapping):
        version = root.get("version")
        if isinstance(version, Scalar):
            return "orquesta" if version.value in ("1.0", "1") else "unknown"
        if any(_is_task(value) for _, value in tasks.items()):
            return "orquesta"
    return "unknown"


def _is_task(node: Node) -> bool:
    target = deref(node)
    return isinstance(target, Mapping) and any(key in target for key in _TASK_KEYS)
