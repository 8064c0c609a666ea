"""Where a file passes parameters to an action, and to which one: tasks, nodes of chains, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.problem import SpecPath
from st2lang.query.complete.slots import node_at_path
from st2lang.record import record
from st2lang.yaml import Mapping, Scalar, deref

if TYPE_CHECKING:
    from st2lang.catalog import Action
    from st2lang.document import Document


@record
class Call:
    """A call of an action: `path` leads to the parameters, `inside` from there to the place asked about."""

    ref: str
    path: SpecPath
    inside: SpecPath
    given: frozenset[str]


_KEYS = {"tasks": (("input",), "action"), "chain": (("parameters", "params"), "ref")}


def at(document: Document, path: SpecPath, exact: bool = False) -> Call | None:
    """The call whose parameters a path leads to, or into. With `exact` only the mapping itself."""
    found = _at(document, path)
    return None if found is None or (exact and found.inside) else found


def _at(document: Document, path: SpecPath) -> Call | None:
    if document.kind in ("orquesta", "action-chain") and len(path) > 2:
        names, ref = _KEYS.get(str(path[0]), ((), ""))
        if path[2] in names:
            written = text_at(document, (*path[:2], ref)).partition(" ")[0]
            return _call(document, written, path, 3)
    if document.kind == "unknown" and path[:2] == ("action", "parameters"):
        return _call(document, text_at(document, ("action", "ref")), path, 2)
    return None


def _call(document: Document, ref: str, path: SpecPath, length: int) -> Call | None:
    node = node_at_path(document, path[:length])
    target = deref(node) if node is not None else None
    given = frozenset(k.value for k, _ in target.items()) if isinstance(target, Mapping) else ()
    return Call(ref, path[:length], path[length:], frozenset(given)) if ref else None


def text_at(document: Document, path: SpecPath) -> str:
    """The text of a scalar at a path; "" where there is none."""
    node = node_at_path(document, path)
    target = deref(node) if node is not None else None
    return target.value if isinstance(target, Scalar) else ""


def action_of(document: Document, call: Call) -> Action | None:
    """The action that is called, when it is known."""
    return document.catalog.find_action(call.ref) if document.catalog is not None else None
