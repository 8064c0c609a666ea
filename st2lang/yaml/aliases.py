"""Keeps documents finite: an alias may not multiply what has to be read without end.

Every alias leads to a node that ends before it, so the tree with aliases followed has no cycles;
but ten lines of ten aliases each stand for ten thousand million nodes. What the aliases stand for
is added up in document order, and those that go beyond the limits are cut: they lead to an empty
scalar and one problem is reported.
"""

from __future__ import annotations

from st2lang.problem import Problem
from st2lang.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence, Style
from st2lang.yaml.report import error

MAX_EXPANSION = 100_000
"""Nodes that all aliases of a file together may stand for."""

MAX_HEIGHT = 50
"""Levels of nesting that one alias may add, those of aliases inside it included."""

_Size = tuple[int, int]


def bound(aliases: list[Alias]) -> list[Problem]:
    """Cuts the aliases (in document order) that go too far; at most one problem."""
    sizes: dict[int, _Size] = {}
    problems: list[Problem] = []
    total = 0
    for alias in aliases:
        nodes, height = _measure(alias.target, sizes)
        total += nodes
        if total <= MAX_EXPANSION and height <= MAX_HEIGHT:
            continue
        total -= nodes
        alias.target = Scalar("", Style.PLAIN, alias.start, alias.start, "")
        alias.defined = False
        if not problems:
            message = f"with the alias `*{alias.name}` the aliases of this file stand for too much"
            hint = f"At most {MAX_EXPANSION:,} values and {MAX_HEIGHT} levels are followed."
            problems.append(error("yaml-alias-bomb", message, alias.span, hint=hint))
    return problems


def _measure(node: Node, sizes: dict[int, _Size]) -> _Size:
    """How many nodes there are with aliases followed, and how deep they are nested."""
    if isinstance(node, Alias):
        return _measure(node.target, sizes)
    if isinstance(node, Scalar):
        return 1, 0
    known = sizes.get(id(node))
    if known is None:
        nodes, height = 1, 0
        for child in _children(node):
            more, below = _measure(child, sizes)
            nodes, height = nodes + more, max(height, below)
        known = sizes[id(node)] = nodes, height + 1
    return known


def _children(node: Mapping | Sequence) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    return tuple(part for entry in node.entries for part in entry)
