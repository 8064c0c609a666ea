"""Keys by place: those that the shape of the file knows and the mapping does not have yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from st2lang.query import shapes
from st2lang.query.complete import calls, snippets
from st2lang.query.complete.asking import Ask, Offers
from st2lang.query.complete.model import Hole, Idea, Parts, Sort
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import lines
from st2lang.query.complete.writing import is_plain, key

if TYPE_CHECKING:
    from st2lang.dialects.shape import Shape

_SET_BY_STACKSTORM = ("Set by StackStorm", "Computed by StackStorm", "Old name")
_REPLACES = {"params": "parameters", "parameters": "params"}
_MOST_CHOICES = 8


def offers(ask: Ask, slot: Slot) -> Offers:
    """The keys that a mapping may still get."""
    if not slot.key or calls.at(ask.document, slot.path, exact=True) is not None:
        return
    shape = shapes.at(ask.document.kind, slot.path)
    if shape is None:
        return
    required = (shapes.of_type(shape, "object") or {}).get("required", ())
    for name, member in shapes.keys(shape).items():
        if name in slot.taken or _REPLACES.get(name) in slot.taken:
            continue
        if slot.heads and slot.heads not in (shapes.types_of(member) or (slot.heads,)):
            continue
        outdated = str(member.get("description", "")).startswith(_SET_BY_STACKSTORM)
        idea = Idea(
            name,
            Sort.KEY,
            _parts(ask, slot, name, member),
            rank=2 if name in required else 8 if outdated else 3,
            detail=str(member.get("title", "")),
            documentation=str(member.get("description", "")),
            literal=True,
            deprecated=str(member.get("description", "")).startswith("Old name"),
        )
        yield idea, slot.fresh


def _parts(ask: Ask, slot: Slot, name: str, shape: Shape) -> Parts:
    """The key with the beginning of its value."""
    written = key(name, slot.flow)
    if slot.followed or slot.heads:
        return (written,) if slot.followed else (f"{written}:",)
    if not slot.flow:
        own = snippets.of_key(ask, slot, name)
        if own is not None:
            return lines(own, slot.column)
    kinds = shapes.types_of(shape)
    first = next((kind for kind in kinds if kind != "null"), "")
    if first in ("object", "array"):
        return _collection(written, first, slot, ask.unit)
    choices = tuple(dict.fromkeys(map(scalar_text, shapes.values(shape))))
    if len(choices) == 1:
        return (f"{written}: {choices[0]}",)
    if 1 < len(choices) <= _MOST_CHOICES:
        return (f"{written}: ", Hole(1, choices=choices))
    return (f"{written}: ", Hole(1)) if slot.flow else (f"{written}: ",)


def _collection(written: str, kind: str, slot: Slot, unit: int) -> Parts:
    if slot.flow:
        opening, closing = "{}" if kind == "object" else "[]"
        return (f"{written}: {opening}", Hole(1), closing)
    indent = "\n" + " " * (slot.column + unit)
    return (f"{written}:{indent}{'' if kind == 'object' else '- '}", Hole(0))


def scalar_text(value: Any) -> str:
    """A value as YAML writes it in a block."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    text = str(value)
    if isinstance(value, str) and not is_plain(text, flow=False):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text
