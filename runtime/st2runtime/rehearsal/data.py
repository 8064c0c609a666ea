"""JSON data: how YAML becomes it, when two values are the same, how it is written as YAML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


def plain(value: Any) -> Any:
    """Data as YAML gives it, as JSON has it: lists for sets and tuples, text for dates and keys."""
    match value:
        case dict():
            return {_key(key): plain(part) for key, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case set() | frozenset():
            return sorted((plain(part) for part in value), key=str)
        case date():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return value


def _key(key: Any) -> str:
    match key:
        case str():
            return key
        case None:
            return "null"
        case bool():
            return "true" if key else "false"
        case _:
            return str(key)


def same(left: Any, right: Any) -> bool:
    """Equality of JSON data: 1 and 1.0 are equal, 1 and true are not; tuples are lists."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def to_yaml(value: Any, indented: bool = False, flow: bool = False) -> str:
    """Data as YAML, keys in their order, with a line break at the end.

    Text of several lines is written as a literal block; `indented` lists stand further in than their
    key. With `flow` lists and mappings are in brackets.
    """
    import yaml

    return yaml.dump(
        native(value),
        Dumper=_dumper(indented),
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=flow,
        width=2**31,
    ).removesuffix("...\n")


def native(value: Any) -> Any:
    """Dicts and lists for whatever stands for them."""
    if isinstance(value, Mapping):
        return {str(key): native(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [native(part) for part in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)


_DUMPERS: dict[bool, Any] = {}


def _dumper(indented: bool) -> Any:
    """PyYAML's dumper without aliases, and with literal blocks."""
    if indented in _DUMPERS:
        return _DUMPERS[indented]
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, indentless and not indented)

    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value.strip("\n") else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    _DUMPERS[indented] = Dumper
    return Dumper
