"""What kind of file a half-written text is going to be.

The checker wants to be certain and calls a file without tasks "unknown". Somebody who has typed
`version: 1.0` and asks what comes next wants an answer: here the first keys, and the folder, are enough.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from st2lang.document import Document
from st2lang.query._memo import per_document
from st2lang.query.tree import root_of
from st2lang.yaml import Scalar

if TYPE_CHECKING:
    from st2lang.yaml import Mapping

_OF_WORKFLOWS = frozenset({"tasks", "input", "output"})
_OF_ACTIONS = frozenset({"runner_type", "entry_point"})
_OF_RULES = frozenset(
    {"trigger", "criteria", "action_ref", "formats", "policy_type", "resource_ref"}
)
_OF_REHEARSALS = ("mock_action", "expected_")
_OF_CHAINS = frozenset({"chain", "default"})


def assumed(document: Document) -> Document:
    """The document, taken as the kind of file that it most likely becomes. The tree is shared."""
    return _assumed(document) or document


@per_document
def _assumed(document: Document) -> Document | None:
    """None when it is taken as what it is."""
    if document.kind != "unknown":
        return None
    kind = _kind(document)
    if kind == "unknown":
        return None
    made = Document(document.source, kind=kind, settings=document.settings)
    made.catalog = document.catalog
    made.__dict__["yaml"] = document.yaml
    return made


def _kind(document: Document) -> str:
    path = document.source.path.replace("\\", "/")
    if os.path.basename(path) == "config.schema.yaml":
        return "config"
    root = root_of(document)
    names = {k.value for k, _ in root.items()} if root is not None else set()
    if names & _OF_RULES:
        return "unknown"
    if "workflow" in names or any(name.startswith(_OF_REHEARSALS) for name in names):
        return "rehearsal"
    if names & _OF_ACTIONS:
        return "action"
    if names & _OF_CHAINS and not names & {"version", "tasks"}:
        return "action-chain"
    if root is not None and _other_version(root):
        return "unknown"
    if names & _OF_WORKFLOWS or ("version" in names and "name" not in names):
        return "orquesta"
    return _by_folder(path)


def _other_version(root: Mapping) -> bool:
    """True for a workflow of another engine (Mistral's version is 2.0)."""
    version = root.get("version")
    return isinstance(version, Scalar) and version.value not in ("", "1.0", "1")


def _by_folder(path: str) -> str:
    """What usually lies in a folder of a pack."""
    folders = path.split("/")[:-1]
    if "tests" in folders and path.endswith((".yaml", ".yml")):
        return "rehearsal"
    if "actions" not in folders or not path.endswith((".yaml", ".yml")):
        return "unknown"
    below = folders[folders.index("actions") + 1 :]
    if not below:
        return "action"
    return "action-chain" if any("chain" in folder for folder in below) else "orquesta"
