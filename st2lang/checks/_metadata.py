"""What the checks of metadata files share: their data, places in them, the pack they lie in."""

from __future__ import annotations

import os
from collections.abc import Mapping as MappingType
from typing import Any

from st2lang.document import Document
from st2lang.problem import Edit, Fix, SpecPath
from st2lang.source import Span
from st2lang.yaml import Mapping, Node, Scalar, deref

RUNS_A_FILE = frozenset(
    {
        "python-script",
        "local-shell-script",
        "remote-shell-script",
        "winrm-ps-script",
        "windows-script",
        "action-chain",
        "orquesta",
        "mistral-v2",
        "cloudslang",
    }
)
"""The runners that run a file of the pack (contrib/runners in StackStorm/st2)."""


def root_of(document: Document) -> Mapping | None:
    """The top of the document when it is a mapping."""
    root = deref(document.root) if document.root is not None else None
    return root if isinstance(root, Mapping) else None


def data_of(document: Document) -> MappingType[str, Any]:
    """What the file says, as plain data."""
    from st2lang.catalog.read import read_data

    return read_data(document.yaml)


def key_span(document: Document, path: SpecPath) -> Span:
    """The place of a key, or of the nearest one above that is there."""
    from st2lang.catalog.read import locate

    for length in range(len(path), 0, -1):
        span = locate(document.yaml, path[:length])
        if span is not None:
            return span
    return Span(0, 0)


def value_span(document: Document, path: SpecPath) -> Span:
    """The place of a value when it is written on the spot, else of its key."""
    node: Node | None = root_of(document)
    for step in path:
        target = deref(node) if node is not None else None
        node = target.get(step) if isinstance(target, Mapping) and isinstance(step, str) else None
    if isinstance(node, Scalar) and node.end > node.start:
        return node.span
    return key_span(document, path)


def rewrite(document: Document, path: SpecPath, old: str, new: str | None) -> Fix | None:
    """A fix that puts another text in the place of a value, when the value is written as it reads."""
    span = value_span(document, path)
    written = document.source.text[span.start : span.end]
    if not new or written.strip("\"'") != old or len(written) not in (len(old), len(old) + 2):
        return None
    quotes = (len(written) - len(old)) // 2
    edit = Edit(Span(span.start + quotes, span.end - quotes), new)
    return Fix(f"Change to `{new}`", (edit,), safe=False)


def actions_folder(document: Document) -> str | None:
    """The `actions` folder that a metadata file lies in, directly; None for a file anywhere else."""
    folder = os.path.dirname(os.path.abspath(document.source.path))
    if not document.source.path or os.path.basename(folder) != "actions":
        return None
    return folder
