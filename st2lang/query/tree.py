"""Paths in the YAML tree by position."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from st2lang.problem import SpecPath
from st2lang.yaml import Mapping, Node, Scalar, Sequence, deref, node_at
from st2lang.yaml.report import step

if TYPE_CHECKING:
    from st2lang.document import Document


def path_of(around: tuple[Node, ...]) -> tuple[SpecPath, bool]:
    """The path of the innermost of some nodes (as `node_at` gives them), and whether it is a key."""
    path: SpecPath = ()
    is_key = False
    for parent, child in pairwise(around):
        if isinstance(parent, Mapping):
            entry = next(e for e in reversed(parent.entries) if child is e.key or child is e.value)
            path = (*path, step(entry.key))
            is_key = child is entry.key
        elif isinstance(parent, Sequence):
            path = (*path, next(i for i, item in enumerate(parent.items) if item is child))
            is_key = False
    return path, is_key


def root_of(document: Document) -> Mapping | None:
    """The top of a document when it is a mapping."""
    root = deref(document.root) if document.root is not None else None
    return root if isinstance(root, Mapping) else None


def scalar_at(document: Document, offset: int) -> Scalar | None:
    """The scalar (a key or a value) that is written at an offset."""
    around = node_at(document.yaml, offset)
    inner = around[-1] if around else None
    return inner if isinstance(inner, Scalar) else None


def line_start(text: str, offset: int) -> int:
    """Where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def column(text: str, offset: int) -> int:
    """How many characters stand in front of an offset on its line."""
    return offset - line_start(text, offset)
