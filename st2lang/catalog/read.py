"""Metadata text to models, leniently.

Whatever the text, there is an answer and nothing is raised: a checker says what is wrong with a metadata
file, and everybody else wants to know what can be known about it.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from st2lang.catalog.models import Action, Data, Pack
from st2lang.catalog.models import text as text_or
from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.source import Span
from st2lang.yaml import Mapping, Node, Scalar, Sequence, YamlFile, deref, parse

_REF = lazy("[a-z0-9_]+")
_MAX_BITS = 3000
_MAX_DEPTH = 100


def read_data(source: str | YamlFile) -> dict[str, Any]:
    """The first document of a YAML (or JSON) text as JSON-like data; {} when it is no mapping."""
    file = parse(source) if isinstance(source, str) else source
    for document in file.documents:
        if isinstance(document, Mapping):
            return {_key(key): plain(value, 1) for key, value in document.items()}
    return {}


def plain(node: Node, depth: int = 0) -> Any:
    """The data of a node as JSON can hold it, so that a cached answer equals a fresh one.

    Keys become text, dates ISO text, binary data and numbers that JSON lacks their text; what is nested
    deeper than any schema becomes None.
    """
    match deref(node):
        case Scalar() as scalar:
            return _scalar(scalar)
        case _ if depth > _MAX_DEPTH:
            return None
        case Mapping() as mapping:
            return {_key(key): plain(value, depth + 1) for key, value in mapping.items()}
        case Sequence() as sequence:
            return [plain(item, depth + 1) for item in sequence.items]


def _scalar(scalar: Scalar) -> Any:
    value = scalar.data
    if isinstance(value, str):
        return value if value.isascii() else _joined(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= _MAX_BITS else scalar.value
    if isinstance(value, float):
        return value if isfinite(value) else scalar.value
    return value.isoformat() if hasattr(value, "isoformat") else scalar.value


def _joined(value: str) -> str:
    """Text with surrogate pairs joined, as JSON does, and lone surrogates replaced."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _key(key: Scalar) -> str:
    value = _scalar(key)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def read_action(source: str | YamlFile, pack: str = "", path: str = "") -> Action:
    """The action that a metadata text describes.

    `pack` is the ref of the pack that the file lies in (the file's own `pack` field when not given), `path`
    the file, whose name is the action's name when the text has none.
    """
    return action_of(read_data(source), pack, path)


def action_of(data: Data, pack: str = "", path: str = "") -> Action:
    """The same from data that has been read already."""
    pack = pack or text_or(data.get("pack")) or "default"
    name = text_or(data.get("name")) or _stem(path)
    return Action(f"{pack}.{name}", pack, name, data, path)


def read_pack(source: str | YamlFile, folder: str = "") -> Pack:
    """The pack that a `pack.yaml` describes; `folder` is where it lies."""
    data = read_data(source)
    return Pack(pack_ref(data, _base(folder)), data, folder)


def pack_ref(data: Data, folder_name: str) -> str:
    """What references to the pack's actions begin with.

    `ref`, else the folder's name, else `name`, the latter two only when they can be a ref (StackStorm:
    st2common/util/pack.py); a pack that has none of them goes by its folder's name.
    """
    declared = text_or(data.get("ref"))
    if declared:
        return declared
    for candidate in (folder_name, text_or(data.get("name"))):
        if _REF.fullmatch(candidate):
            return candidate
    return folder_name


def locate(source: str | YamlFile, path: SpecPath) -> Span | None:
    """Where in a metadata text a key path is: the key's span in a mapping, the item's in a list.

    `locate(text, ("parameters", "hosts"))` is the span of the word `hosts`; () is the whole document.
    None when there is no such place.
    """
    file = parse(source) if isinstance(source, str) else source
    node: Node | None = next((d for d in file.documents if isinstance(d, Mapping)), None)
    span = node.span if node else None
    for step in path:
        target = deref(node) if node else None
        if isinstance(target, Mapping):
            entry = target.entry(step)
            if entry is None:
                return None
            span, node = entry.key.span, entry.value
        elif (
            isinstance(target, Sequence) and isinstance(step, int) and 0 <= step < len(target.items)
        ):
            node = target.items[step]
            span = node.span
        else:
            return None
    return span


def _base(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _stem(path: str) -> str:
    name = _base(path)
    for suffix in (".yaml", ".yml", ".json"):
        name = name.removesuffix(suffix)
    return name.removesuffix(".meta")
