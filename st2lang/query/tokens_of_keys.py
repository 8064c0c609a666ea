"""The keys of a file that its language knows, told by the shape of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from st2lang.source import Span
from st2lang.yaml import Alias, Node, Scalar, Sequence
from st2lang.yaml import Mapping as YamlMapping

if TYPE_CHECKING:
    from st2lang.document import Document

Shape = Mapping[str, Any]


def keys(document: Document) -> Iterator[Span]:
    """The places of the known keys, as written, without quotes."""
    shape = shape_of(document.kind)
    if document.root is None or shape is None:
        return
    pending: list[tuple[Node, Shape]] = [(document.root, shape)]
    while pending:
        node, shape = pending.pop()
        match node:
            case YamlMapping():
                known = _branch(shape, "object")
                for key, value in node.entries:
                    if isinstance(key, Scalar):
                        if key.value in known.get("properties", ()):
                            yield key.locate(0, len(key.value))
                        pending.append((value, _member(known, key.value)))
            case Sequence():
                inner = _branch(shape, "array").get("items")
                pending += [(item, inner) for item in node.items if isinstance(inner, Mapping)]
            case Scalar() | Alias():
                pass


def shape_of(kind: str) -> Shape | None:
    """The shape of a kind of file."""
    match kind:
        case "orquesta":
            from st2lang.dialects.orquesta_shape import WORKFLOW

            return WORKFLOW
        case "action-chain":
            from st2lang.dialects.chain_shape import CHAIN

            return CHAIN
        case "action":
            from st2lang.catalog.schemas import ACTION_SCHEMA, PARAMETER_SCHEMA

            properties = dict(ACTION_SCHEMA["properties"])
            properties["parameters"] = {"type": "object", "additionalProperties": PARAMETER_SCHEMA}
            return {**ACTION_SCHEMA, "properties": properties}
        case "pack":
            from st2lang.catalog.schemas import PACK_SCHEMA

            return PACK_SCHEMA
    return None


def _branch(shape: Shape, kind: str) -> Shape:
    """The part of a shape that speaks of mappings, or of lists."""
    for branch in (shape, *shape.get("oneOf", ())):
        named = branch.get("type")
        if named == kind or (isinstance(named, list) and kind in named):
            return branch  # type: ignore[no-any-return]
    return {}


def _member(shape: Shape, name: str) -> Shape:
    known = shape.get("properties", {}).get(name)
    if known is None:
        known = shape.get("additionalProperties")
    return known if isinstance(known, Mapping) else {}
