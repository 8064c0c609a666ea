"""What the layers below have found already: the checks on YAML and on shape hand it on by id.

Each of those checks is a module of its own because its docstring is what people read about it; finding
the problem is part of reading the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from st2lang.document import Document
from st2lang.problem import Problem

SHAPED = ("orquesta", "action-chain", "action", "pack")
"""The kinds of file that have a shape."""


def of_yaml(document: Document, check: str) -> Iterator[Problem]:
    """The problems of the YAML layer with this id.

    Of files that are neither workflow nor metadata only those among a pack's actions count: they may
    be unrecognisable just because they are broken. The rest is somebody else's YAML.
    """
    if is_ours(document):
        yield from (p for p in document.yaml.problems if p.check == check)


def of_shape(document: Document, check: str) -> Iterator[Problem]:
    """The differences between the document and the shape of its kind with this id."""
    yield from (p for p in document.shape_problems if p.check == check)


def is_ours(document: Document) -> bool:
    """True for a file of a known kind, and for any file among a pack's actions."""
    return document.kind != "unknown" or _among_actions(document)


def _among_actions(document: Document) -> bool:
    folders = document.source.path.replace("\\", "/").split("/")[:-1]
    if "actions" not in folders or ".github" in folders:
        return False
    return document.catalog is None or document.catalog.home is not None
