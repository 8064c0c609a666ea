"""Changes jinja2's tree of a template before it is compiled: no copies of all variables, no endless loops."""

# ruff: noqa: N802 (jinja2 finds the methods by the names of its nodes)
from __future__ import annotations

from typing import cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

ATTRIBUTES = frozenset(dir(dict))
"""Names that mean a method to Jinja, whatever the keys of a dict."""

VARIABLE, ITEM, GET, NAMES = "__variable", "__item", "__get", "__names"
"""Functions that the rewritten tree calls."""

TURNS, MEASURED, MADE = "__turns", "__measured", "__made"
"""Filters that it calls: for what a loop goes through, what becomes text, and a text that is put together."""

DONE = "__done"
"""The filter that a traced part stands in."""


def rewritten(template: nodes.Template, workflow: bool) -> nodes.Template:
    """The same template for the functions above.

    `ctx().name`, `ctx()[name]`, `ctx().get(name)` and `name in ctx()` look at one variable (if this is
    for a `workflow`), and the turns of loops are counted.
    """
    own = any(name.ctx != "load" for name in template.find_all(nodes.Name) if name.name == "ctx")
    changed = _Rewriter(workflow and not own).visit(template)
    assert isinstance(changed, nodes.Template)
    return changed


class _Rewriter(NodeTransformer):
    def __init__(self, workflow: bool) -> None:
        self.workflow = workflow

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        if self._everything(node.node) and node.attr not in ATTRIBUTES:
            return _call(VARIABLE, [nodes.Const(node.attr)], node)
        return self.generic_visit(node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if self._everything(node.node) and not isinstance(node.arg, nodes.Slice):
            return _call(ITEM, [node.arg], node)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        match node.node:
            case nodes.Getattr(node=owner, attr="get") if self._everything(owner):
                node.node = nodes.Name(GET, "load", lineno=node.lineno)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        match node.ops:
            case [nodes.Operand(op="in" | "notin", expr=owner) as only] if self._everything(owner):
                only.expr = _call(NAMES, [], only)
        return node

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = _filter(TURNS, node.iter)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        parts: list[nodes.Expr] = node.nodes
        node.nodes = [p if isinstance(p, nodes.Const) else _filter(MEASURED, p) for p in parts]
        return _filter(MADE, node)

    def _everything(self, node: nodes.Node) -> bool:
        """Whether a node is `ctx()`, traced or not."""
        match node:
            case nodes.Filter(name=name, args=[inner]) if name == DONE:
                node = inner
        return (
            self.workflow
            and isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name == "ctx"
            and not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
        )


def _call(name: str, arguments: list[nodes.Expr], place: nodes.Node) -> nodes.Call:
    line = place.lineno
    function = nodes.Name(name, "load", lineno=line)
    return nodes.Call(function, arguments, [], None, None, lineno=line)


def _filter(name: str, node: nodes.Node) -> nodes.Filter:
    return nodes.Filter(cast(nodes.Expr, node), name, [], [], None, None, lineno=node.lineno)
