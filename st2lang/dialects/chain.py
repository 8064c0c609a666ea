"""ActionChains: from the YAML tree to the model.

Facts: st2common/models/system/actionchain.py and contrib/runners/action_chain_runner of StackStorm 3.10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from st2lang.dialects.model import Assignment, Name, Task, Transition, Value, Workflow
from st2lang.dialects.tasks import Tasks
from st2lang.problem import SpecPath
from st2lang.yaml import Mapping, Node, Scalar, Sequence, deref

KIND = "action-chain"

CONTEXT = ("__results", "__context", "st2kv", "system", "user", "action_context", "config_context")
"""Names that the runner gives to every expression of a chain, besides parameters and results."""


def read(root: Mapping) -> Workflow:
    """The model of a chain; parts in a wrong shape are left out."""
    tasks: dict[str, tuple[Node, Callable[[], Task]]] = {}
    repeated = []
    block = root.get("chain")
    if isinstance(block, Sequence):
        for i, item in enumerate(block.items):
            node, path = deref(item), ("chain", i)
            name = _name(node.get("name"), (*path, "name")) if isinstance(node, Mapping) else None
            if not isinstance(node, Mapping) or name is None:
                continue
            if name.text in tasks:
                repeated.append(_node(name, node, path))
            else:
                tasks[name.text] = node, partial(_node, name, node, path)
    return Workflow(
        KIND,
        root,
        Tasks(tasks),
        vars=tuple(_members(root.get("vars"), ("vars",))),
        default=_name(root.get("default"), ("default",)),
        repeated=tuple(repeated),
    )


def _name(node: Node | None, path: SpecPath) -> Name | None:
    node = deref(node) if node is not None else None
    if not isinstance(node, Scalar) or not node.is_string or not node.value:
        return None
    return Name(node.value, node.span, path)


def _members(node: Node | None, path: SpecPath) -> Iterator[Assignment]:
    node = deref(node) if node is not None else None
    if not isinstance(node, Mapping):
        return
    for key, value in node.items():
        name = _name(key, path)
        if name is not None:
            where = (*path, name.text)
            yield Assignment(Name(name.text, name.span, where), Value(value, where))


def _node(name: Name, node: Mapping, path: SpecPath) -> Task:
    key = "parameters" if node.get("parameters") is not None else "params"
    ref = node.get("ref")
    retry = node.get("retry")
    notify = node.get("notify")
    return Task(
        name,
        path,
        node,
        action=_name(ref, (*path, "ref")),
        action_value=Value(ref, (*path, "ref")) if _name(ref, path) and ref else None,
        inputs=tuple(_members(node.get(key), (*path, key))),
        retry={a.name.text: a.value for a in _members(retry, (*path, "retry")) if a.value},
        transitions=tuple(_transitions(node, path)),
        publish=tuple(_members(node.get("publish"), (*path, "publish"))),
        notify=Value(notify, (*path, "notify")) if notify is not None else None,
    )


def _transitions(node: Mapping, path: SpecPath) -> Iterator[Transition]:
    for i, (key, outcome) in enumerate((("on-success", "success"), ("on-failure", "failure"))):
        target = _name(node.get(key), (*path, key))
        if target is not None:
            yield Transition(i, target.path, target.span, targets=(target,), outcome=outcome)
