"""What to say about a document that differs from its shape: the problems of `shape`, and their words.

A message names the offender and says what was expected; the `help` says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from typing import Any

from st2lang.problem import Edit, Fix, Problem, Related, Severity, SpecPath
from st2lang.source import Span
from st2lang.suggest import did_you_mean, listing, nearest
from st2lang.yaml import Alias, Mapping, Node, Scalar, Sequence, Value, deref

_Shape = MappingType[str, Any]

_TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
    "date": "a date",
    "binary": "binary data",
}
_FOUND_WORDS = {**_TYPE_WORDS, "boolean": "a truth value"}
_QUOTABLE = ("integer", "number", "boolean", "date")
_LONGEST = 40


def kind_of(node: Node) -> str:
    """The JSON Schema type of a node's value (`date` and `binary` for what JSON does not have)."""
    target = deref(node)
    match target:
        case Mapping():
            return "object"
        case Sequence():
            return "array"
        case Scalar():
            data = target.data
            if data.__class__ is str:
                return "string"
            if data is None:
                return "null"
            if isinstance(data, bool):
                return "boolean"
            if isinstance(data, int):
                return "integer"
            if isinstance(data, float):
                return "number"
            if isinstance(data, str):
                return "string"
            return "binary" if isinstance(data, bytes) else "date"


def types(shape: _Shape) -> tuple[str, ...]:
    """The types that a shape allows, its branches apart; none for any."""
    declared = shape.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def key_text(key: Node) -> str | None:
    """The name that a key stands for, or None when it is not text."""
    target = deref(key)
    return target.value if isinstance(target, Scalar) and isinstance(target.data, str) else None


def describe(shape: _Shape) -> str:
    """What a value of this shape is, in words: "a task name or a list of task names"."""
    if "title" in shape:
        return str(shape["title"])
    if "oneOf" in shape:
        return _either(describe(s) for s in shape["oneOf"])
    if "enum" in shape:
        return listing([_literal(value) for value in shape["enum"]])
    text = _either(_TYPE_WORDS[kind] for kind in types(shape)) or "any value"
    return f"{text} of at least {shape['minimum']}" if "minimum" in shape else text


def wrong_type(node: Value, shape: _Shape, path: SpecPath) -> Problem:
    """A value of none of the types that a shape allows."""
    kind = kind_of(node)
    expected = describe(shape)
    if isinstance(node, Scalar) and kind == "null" and not node.value:
        message = f"{_place(path)} has no value; expected {expected}"
    else:
        message = f"{_place(path)} must be {expected}, not {_found(node, kind)}"
    return _error(
        "wrong-type", message, _head(node), path, shape.get("x-help") or _type_help(kind, shape)
    )


def _type_help(kind: str, shape: _Shape) -> str:
    allowed = {t for s in shape.get("oneOf", (shape,)) for t in types(s)}
    if "string" in allowed and kind in _QUOTABLE:
        return "Put it in quotes to make it text."
    if kind == "object" and "array" in allowed and "object" not in allowed:
        return "Start each item of the list with `- `."
    if kind == "array" and "object" in allowed:
        return "Remove the `- ` before the keys."
    return ""


def _found(node: Value, kind: str) -> str:
    if not isinstance(node, Scalar):
        return _FOUND_WORDS[kind]
    text = _shorten(node.value)
    return f"`{text}`" if kind == "string" else f"{_FOUND_WORDS[kind]} (`{text}`)"


def not_allowed(node: Scalar, branch: _Shape, shape: _Shape, path: SpecPath) -> Problem:
    """A scalar of the right type that is out of bounds."""
    found = f"`{_shorten(node.value)}`" if node.value else "empty"
    known = [str(value) for value in branch.get("enum", ())]
    help = branch.get("x-help") or shape.get("x-help", "")
    return _error(
        branch.get("x-check", "invalid-value"),
        f"{_place(path)} must be {describe(shape)}, not {found}{did_you_mean(node.value, known)}",
        node.span,
        path,
        help,
    )


def bad_key(key: Node, path: SpecPath) -> Problem:
    """A key that is no text; lists and mappings as keys are told about by the YAML layer, too."""
    target = deref(key)
    if not isinstance(target, Scalar):
        return _error("wrong-type", "a key must be text", _head(target), path)
    if not target.value:
        return _error("wrong-type", "a key is missing before the colon", key.span, path)
    fix = None
    if not isinstance(key, Alias):
        quoted = f'"{target.value}"'
        fix = Fix(f"Quote it: {quoted}", (Edit(key.span, quoted),))
    found = _FOUND_WORDS[kind_of(target)]
    message = f"a key must be text, but YAML reads `{_shorten(target.value)}` as {found}"
    return _error("wrong-type", message, key.span, path, "Put the key in quotes.", fix=fix)


def unknown_key(name: str, key: Node, node: Mapping, shape: _Shape, path: SpecPath) -> Problem:
    """A key that the shape does not have."""
    known = shape.get("properties", {})
    hint = shape.get("x-hints", {}).get(name)
    present = {key_text(entry.key) for entry in node.entries}
    guess = None if hint else nearest(name, (k for k in known if k not in present))
    fix = None
    if guess and not isinstance(key, Alias):
        fix = Fix(f"Rename to `{guess}`", (Edit(key.span, guess),), safe=False)
    message = f"unknown key `{_shorten(name)}` in {describe(shape)}"
    return _error(
        "unknown-key",
        message + (f"; did you mean `{guess}`?" if guess else ""),
        key.span,
        (*path, name),
        hint or (f"It may have {listing(known, 'and')}." if known else ""),
        fix=fix,
    )


def missing_key(name: str, node: Mapping, shape: _Shape, path: SpecPath) -> Problem:
    """A key that the shape requires and the mapping lacks."""
    expected = describe(shape.get("properties", {}).get(name, {}))
    what = "" if expected == "any value" else f" ({expected})"
    message = f"{describe(shape)} needs the key `{name}`{what}"
    return _error("missing-key", message, _head(node), path)


def empty(node: Value, path: SpecPath) -> Problem:
    """A list or mapping with nothing in it."""
    return _error("invalid-value", f"{_place(path)} must not be empty", node.span, path)


def too_many_keys(node: Mapping, most: int, path: SpecPath) -> Problem:
    """A mapping with more keys than it may have."""
    entries = tuple(node.index.values())
    return _error(
        "invalid-value",
        f"{_place(path)} must have {_count(most, 'key')}, but has {len(entries)}",
        entries[most].key.span,
        path,
        "Start a new list item (`- `) for each of them." if most == 1 else "",
    )


def too_many_items(node: Sequence, most: int, path: SpecPath) -> Problem:
    """A list with more items than it may have."""
    message = f"{_place(path)} must have at most {_count(most, 'item')}, but has {len(node.items)}"
    return _error("invalid-value", message, _head(node.items[most]), path)


def repeated_item(item: Node, first: Node, index: int, path: SpecPath) -> Problem:
    """An item of a list that equals the one at `index`."""
    related = (Related("the same item", _head(first)),)
    message = f"{_place(path)} is the same as item {index + 1}"
    return _error(
        "invalid-value", message, _head(item), path, "Remove one of them.", related=related
    )


def _error(
    check: str,
    message: str,
    span: Span,
    path: SpecPath,
    help: str = "",
    *,
    related: tuple[Related, ...] = (),
    fix: Fix | None = None,
) -> Problem:
    return Problem(check, Severity.ERROR, message, span, path, help, related, fix)


def _place(path: SpecPath) -> str:
    """What to call the value at a path in a message."""
    if not path:
        return "the document"
    last = path[-1]
    if isinstance(last, str):
        return f"`{_shorten(last)}`"
    return f"item {last + 1}" + (f" of `{path[-2]}`" if len(path) > 1 else "")


def _head(node: Node) -> Span:
    """Where to point for a whole node: at a scalar, the first key of a mapping, the start of a list."""
    if isinstance(node, Mapping) and node.entries and not node.flow:
        return node.entries[0].key.span
    if isinstance(node, Sequence) and node.items and not node.flow:
        return Span(node.start, node.start + 1)
    return node.span


def _either(parts: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(parts))


def _count(number: int, noun: str) -> str:
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def _literal(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
