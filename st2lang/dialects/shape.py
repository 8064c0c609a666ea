"""Does a document have the shape that its dialect asks for?

A shape is a JSON Schema (a subset of draft 4, as data), so that the same table serves the checker,
completion, hover and the schema export. What this module and `shape_words` add over a JSON Schema
library is places and words: every finding has an exact span, says what was expected in the words of the
shape's `title`, and names the nearest known key.

Subset: type, title, description, properties, patternProperties, additionalProperties, required,
minProperties, maxProperties, items, minItems, maxItems, uniqueItems, enum, minimum, minLength,
maxLength, pattern, oneOf (the branches of a oneOf differ in type or are a few values). Keys of our own:
`x-check`, the check that a value out of bounds belongs to instead of `invalid-value`; `x-hints`, advice
for keys that people bring along from elsewhere; `x-help`, advice for a value that is not allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingType
from typing import Any

from st2lang.dialects import shape_words as words
from st2lang.problem import Problem, SpecPath
from st2lang.source import Span
from st2lang.yaml import Entry, Mapping, Node, Scalar, Sequence, Value, deref
from st2lang.yaml.nodes import is_merge
from st2lang.yaml.walk import to_data

Shape = MappingType[str, Any]
_PART = 2
"""How long the path to a task is."""

_MANY = 8192
_FINE: dict[tuple[int, tuple[int, str]], Shape] = {}
"""Shapes and texts of tasks that fit them."""

Named = list[tuple[str | None, Entry]]


def validate(
    node: Node, shape: Shape, path: SpecPath = (), broken: tuple[Span, ...] = ()
) -> Iterator[Problem]:
    """Everything in which `node` differs from `shape`, in the order of the document. Never raises.

    `broken` are places where the text could not be parsed: what stands there is not judged, and
    nothing that reaches into it is said to be missing or of the wrong type. What an alias brings to
    several places is reported once. Yields problems of the checks `wrong-type`, `unknown-key`,
    `missing-key`, `invalid-value`, and those that the shape names.
    """
    told = set()
    for problem in _differences(node, shape, path, broken):
        key = (problem.check, problem.span, problem.message)
        if key not in told:
            told.add(key)
            yield problem


def _differences(
    node: Node,
    shape: Shape,
    path: SpecPath,
    broken: tuple[Span, ...],
    inside: bool = False,
) -> Iterator[Problem]:
    work: list[tuple[Node, Shape, SpecPath]] = [(node, shape, path)]
    while work:
        node, shape, path = work.pop()
        target = deref(node)
        whole = not broken or not any(
            b.start <= target.end and target.start <= b.end for b in broken
        )
        branch = _branch(target, words.kind_of(target), shape)
        if branch is None:
            if whole:
                yield words.wrong_type(target, shape, path)
            continue
        match target:
            case Scalar():
                if whole and not _within_bounds(target, branch):
                    yield words.not_allowed(target, branch, shape, path)
            case Mapping() if whole and not inside and len(path) == _PART:
                yield from _part(target, branch, path)
            case Mapping():
                named = [(words.key_text(entry.key), entry) for entry in _entries(target)]
                yield from _mapping(target, named, branch, path, whole)
                work.extend(reversed(list(_members(named, branch, path))))
            case Sequence():
                if whole:
                    yield from _sequence(target, branch, path)
                if "items" in branch:
                    items = [(n, branch["items"], (*path, i)) for i, n in enumerate(target.items)]
                    work.extend(reversed(items))


def _part(node: Mapping, shape: Shape, path: SpecPath) -> Iterator[Problem]:
    """The differences of a task, whose parts are not judged again when nothing was wrong with this text."""
    written = _written(node)
    if written is not None and (id(shape), written) in _FINE:
        return
    found = list(_differences(node, shape, path, (), inside=True))
    if written is not None and not found:
        if len(_FINE) >= _MANY:
            _FINE.clear()
        _FINE[id(shape), written] = shape  # which is kept, so that its id stays its own
    yield from found


def _written(node: Mapping) -> tuple[int, str] | None:
    """The column and the text of a mapping, which say all about it; None where aliases may stand in it."""
    key = node.entries[0].key if node.entries else None
    if not isinstance(key, Scalar):
        return None
    text = key.text[node.start : node.end]
    return None if "*" in text else (node.start - key.text.rfind("\n", 0, node.start), text)


def _branch(node: Value, kind: str, shape: Shape) -> Shape | None:
    """The part of a shape that fits the type of a node, or None when none does."""
    branches = shape.get("oneOf")
    if branches is None:
        return shape if _fits(kind, shape) else None
    fitting: list[Shape] = [s for s in branches if _fits(kind, s)]
    for candidate in fitting:
        if not isinstance(node, Scalar) or _within_bounds(node, candidate):
            return candidate
    return fitting[0] if fitting else None


def _fits(kind: str, shape: Shape) -> bool:
    types = shape.get("type")
    if types is None:
        return "enum" not in shape or kind not in ("object", "array")
    if types.__class__ is str:
        return bool(kind == types or (kind == "integer" and types == "number"))
    return kind in types or (kind == "integer" and "number" in types)


def _within_bounds(node: Scalar, shape: Shape) -> bool:
    """Whether a scalar is one of an enumeration, not too small, too short or too long, as it should look."""
    data = node.data
    if "enum" in shape:
        return any(_same(data, allowed) for allowed in shape["enum"])
    if isinstance(data, str):
        return shape.get("minLength", 0) <= len(data) <= shape.get("maxLength", len(data)) and (
            "pattern" not in shape or re.search(shape["pattern"], data) is not None
        )
    if isinstance(data, int | float) and not isinstance(data, bool):
        return not data < shape.get("minimum", data)
    return True


def _same(left: object, right: object) -> bool:
    """Equality of JSON: 1 and 1.0 are equal, 1 and true are not."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _mapping(
    node: Mapping, named: Named, shape: Shape, path: SpecPath, whole: bool
) -> Iterator[Problem]:
    for name, entry in named:
        if name is None:
            yield words.bad_key(entry.key, path)
        elif not _allowed(name, shape):
            yield words.unknown_key(name, entry.key, node, shape, path)
    if not whole:
        return
    for name in shape.get("required", ()):
        if name not in node:
            yield words.missing_key(name, node, shape, path)
    if len(node.index) < shape.get("minProperties", 0):
        yield words.empty(node, path)
    elif len(node.index) > shape.get("maxProperties", len(node.index)):
        yield words.too_many_keys(node, shape["maxProperties"], path)


def _entries(node: Mapping) -> Iterable[Entry]:
    """The entries as a loader sees them; of a mapping that merges nothing, all that are written."""
    for entry in node.entries:
        if is_merge(entry.key):
            return node.index.values()
    return node.entries


def _allowed(name: str, shape: Shape) -> bool:
    if name in shape.get("properties", {}):
        return True
    if shape.get("additionalProperties", True) is not False:
        return True
    return any(re.search(p, name) for p in shape.get("patternProperties", {}))


def _members(named: Named, shape: Shape, path: SpecPath) -> Iterator[tuple[Node, Shape, SpecPath]]:
    """The values that the shape says something about."""
    properties = shape.get("properties", {})
    patterns = shape.get("patternProperties", {})
    rest = shape.get("additionalProperties")
    for name, entry in named:
        if name is None:
            continue
        member = properties.get(name)
        if member is None and patterns:
            member = next((s for p, s in patterns.items() if re.search(p, name)), None)
        if member is None and isinstance(rest, MappingType):
            member = rest
        if member is not None:
            yield entry.value, member, (*path, name)


def _sequence(node: Sequence, shape: Shape, path: SpecPath) -> Iterator[Problem]:
    if len(node.items) < shape.get("minItems", 0):
        yield words.empty(node, path)
    most = shape.get("maxItems", len(node.items))
    if len(node.items) > most:
        yield words.too_many_items(node, most, path)
    if shape.get("uniqueItems"):
        seen: dict[object, int] = {}
        for i, item in enumerate(node.items):
            first = seen.setdefault(_hashable(to_data(item)), i)
            if first != i:
                yield words.repeated_item(item, node.items[first], first, (*path, i))


def _hashable(data: object) -> object:
    """A stand-in for plain data that is equal when the data is: order of keys apart, 1 is not true."""
    if isinstance(data, dict):
        return ("object", frozenset((_hashable(k), _hashable(v)) for k, v in data.items()))
    if isinstance(data, list | tuple):
        return ("array", tuple(_hashable(item) for item in data))
    if isinstance(data, set):
        return ("set", frozenset(_hashable(item) for item in data))
    return (isinstance(data, bool), data)
