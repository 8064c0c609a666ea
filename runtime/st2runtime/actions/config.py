"""The configuration of a pack: what its `config.schema.yaml` says, and the file that fills it in.

Specified by `st2common/util/config_loader.py`: the pack's own (old) `config.yaml`, over it
`configs/PACK.yaml` with datastore expressions rendered, then the schema's defaults where nothing is given.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from st2lang.catalog import Catalog
from st2lang.catalog.models import mapping
from st2runtime.actions.errors import ActionError
from st2runtime.actions.templates import is_template

INSTALLED = "/opt/stackstorm/configs"

Find = Callable[[str, bool], Any]
"""A value of the datastore by key, decrypted or not; raises KeyError."""


class Configs:
    """The configurations of packs, each read when it is first asked for.

    `folders` hold `PACK.yaml` files, the first that has one wins. `find` looks into the datastore;
    `secret` is told every value that the schema calls secret.
    """

    def __init__(
        self,
        catalog: Catalog,
        folders: tuple[str, ...] = (INSTALLED,),
        find: Find | None = None,
        secret: Callable[[list[Any]], None] = lambda values: None,
    ) -> None:
        self._catalog, self._folders, self._find, self._secret = catalog, folders, find, secret
        self._known: dict[str, Mapping[str, Any]] = {}

    def get(self, pack: str) -> Mapping[str, Any]:
        """The configuration of a pack; {} when it has none.

        Raises `ActionError` for a file that cannot be read and for a value that cannot be rendered.
        """
        if pack not in self._known:
            self._known[pack] = self._read(pack)
        return self._known[pack]

    def _read(self, pack: str) -> Mapping[str, Any]:
        if not pack or pack != os.path.basename(pack):
            return {}
        known = self._catalog.pack(pack)
        home = known.path if known else ""
        schema = mapping(_load(os.path.join(home, "config.schema.yaml"))) if home else {}
        values: dict[str, Any] = {}
        for folder in self._folders:
            path = os.path.join(folder, f"{pack}.yaml")
            if os.path.isfile(path):
                values = dict(mapping(_load(path)))
                break
        values = self._rendered(schema, values, pack, ())
        _fill(schema, values)
        self._secret(list(_secrets(schema, values)))
        old = mapping(_load(os.path.join(home, "config.yaml"))) if home else {}
        return {**old, **values}

    def _rendered(self, schemas: Any, values: Any, pack: str, path: tuple[str, ...]) -> Any:
        """Values with the datastore's in them; `schemas` are those of the members."""
        if isinstance(values, dict):
            return {
                key: self._value(_at(schemas, key), value, pack, (*path, str(key)))
                for key, value in values.items()
            }
        return [
            self._value(_at(schemas, index), value, pack, (*path, str(index)))
            for index, value in enumerate(values)
        ]

    def _value(
        self, schema: Mapping[str, Any], value: Any, pack: str, path: tuple[str, ...]
    ) -> Any:
        match value:
            case dict():
                return self._rendered(_properties(schema, value), value, pack, path)
            case list():
                return self._rendered(_items(schema, len(value)), value, pack, path)
            case str() if is_template(value):
                return self._looked_up(schema, value, pack, path)
        return value

    def _looked_up(
        self, schema: Mapping[str, Any], value: str, pack: str, path: tuple[str, ...]
    ) -> Any:
        from st2lang.evaluation import EvaluationError, Scope, render_chain, st2kv

        find, secret = self._find or _nothing, schema.get("secret") is True

        def looked_up(key: str, decrypt: bool) -> Any:
            return find(key, decrypt or secret)

        try:
            text = render_chain(value, Scope({"st2kv": st2kv(looked_up)}))
        except EvaluationError as error:
            raise ActionError(
                f"the configuration of the pack `{pack}` cannot be used: `{'.'.join(path)}` is "
                f"`{value}`: {error.message}",
                kind="RuntimeError",
            ) from error
        if not text:
            return None
        if "decrypt_kv" in value:
            self._secret([text])
        try:
            return json.loads(text)  # what was written to the datastore as JSON
        except ValueError:
            return text


def _nothing(key: str, decrypt: bool) -> Any:
    raise KeyError(key)


def _load(path: str) -> Any:
    """The data of a YAML file, None when there is none."""
    import yaml

    try:
        with open(path, encoding="utf-8-sig") as file:
            return yaml.safe_load(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise ActionError(f"the configuration `{path}` cannot be read: {reason}") from error


def _at(schemas: Any, key: Any) -> Mapping[str, Any]:
    if isinstance(schemas, list):
        return mapping(schemas[key]) if key < len(schemas) else {}
    return mapping(mapping(schemas).get(key))


def _properties(schema: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas of the members of a mapping: declared ones, and one for all others."""
    others = schema.get("additionalProperties")
    found = dict.fromkeys(value, others) if isinstance(others, dict) else {}
    return {**found, **mapping(schema.get("properties"))}


def _items(schema: Mapping[str, Any], count: int) -> list[Any]:
    """The schemas of the entries of a list: one for all, or one for each."""
    items = schema.get("items")
    if isinstance(items, dict):
        return [items] * count
    found = list(items) if isinstance(items, list) else []
    more = schema.get("additionalItems")
    return found + [more] * (count - len(found)) if isinstance(more, dict) else found


def _fill(schemas: Any, values: Any) -> None:
    """Put defaults where nothing is given, inside of mappings and lists as well."""
    pairs: Any = enumerate(schemas) if isinstance(schemas, list) else mapping(schemas).items()
    for key, each in pairs:
        schema = mapping(each)
        there = key in values if isinstance(values, dict) else key < len(values)
        if not there and "default" in schema and isinstance(values, dict):
            values[key] = _copied(schema["default"])
        value = values.get(key) if isinstance(values, dict) else values[key] if there else None
        inner: Any = None
        if schema.get("type") == "object" and (
            schema.get("properties") or schema.get("additionalProperties")
        ):
            value = value if isinstance(value, dict) else {}
            inner = _properties(schema, value)
        elif schema.get("type") == "array" and schema.get("items"):
            value = value if isinstance(value, list) else []
            inner = _items(schema, len(value))
        if inner is not None and (there or isinstance(values, dict)):
            values[key] = value
            _fill(inner, value)


def _copied(value: Any) -> Any:
    match value:
        case dict():
            return {key: _copied(part) for key, part in value.items()}
        case list():
            return [_copied(part) for part in value]
    return value


def _secrets(schemas: Any, values: Any) -> Any:
    """The values that the schema calls secret."""
    pairs = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in pairs:
        schema = _at(schemas, key)
        if schema.get("secret") is True:
            yield value
        elif isinstance(value, dict):
            yield from _secrets(_properties(schema, value), value)
        elif isinstance(value, list):
            yield from _secrets(_items(schema, len(value)), value)
