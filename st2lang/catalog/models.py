"""What is known about packs, actions and runners, as read-only values.

The values are views over plain data (what a metadata file says, as JSON would hold it): making one
costs next to nothing, a cache can store the data as it is, and metadata that is half broken still
gives a model, with a sensible answer where the file says nothing usable.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from st2lang.record import record

Data = Mapping[str, Any]

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
"""The type names that StackStorm's parameter schemas know (besides `raw_string`)."""


def mapping(value: object) -> Data:
    """`value` when it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def text(value: object, default: str = "") -> str:
    """`value` when it is a string, else `default`."""
    return value if isinstance(value, str) else default


def types_of(schema: Data) -> tuple[str, ...]:
    """The JSON types that a schema allows by its `type`, `anyOf` or `oneOf`; () when it does not say."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return (declared,)
    if isinstance(declared, list):
        return tuple(name for name in declared if isinstance(name, str))
    found: list[str] = []
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword)
        for branch in branches if isinstance(branches, list) else ():
            names = types_of(mapping(branch))
            if not names:
                return ()
            found.extend(name for name in names if name not in found)
    return tuple(found)


@record
class Parameter:
    """A parameter of an action or a runner: its name and its schema."""

    name: str
    schema: Data

    @property
    def types(self) -> tuple[str, ...]:
        """JSON type names; () when every type is welcome."""
        return types_of(self.schema)

    @property
    def required(self) -> bool:
        """True when the schema calls the parameter required, whether it has a default or not."""
        return self.schema.get("required") is True

    @property
    def must_be_given(self) -> bool:
        """True when a task that leaves the parameter out fails (StackStorm: required, no default)."""
        return self.required and not self.has_default and not self.immutable

    @property
    def has_default(self) -> bool:
        """True when the schema has a default, be it null."""
        return "default" in self.schema

    @property
    def default(self) -> Any:
        """The default value; None also when there is none (ask `has_default`)."""
        return self.schema.get("default")

    @property
    def enum(self) -> tuple[Any, ...] | None:
        """The allowed values, or None when they are not listed."""
        values = self.schema.get("enum")
        return tuple(values) if isinstance(values, list) else None

    @property
    def secret(self) -> bool:
        """True when the value is masked in StackStorm's output."""
        return self.schema.get("secret") is True

    @property
    def immutable(self) -> bool:
        """True when nobody may pass a value."""
        return self.schema.get("immutable") is True

    @property
    def position(self) -> int | None:
        """The place among the positional arguments of a script, or None."""
        place = self.schema.get("position")
        return place if isinstance(place, int) and not isinstance(place, bool) else None

    @property
    def description(self) -> str:
        """What the metadata says about it; built-in data says nothing."""
        return text(self.schema.get("description"))


def parameters_of(block: object) -> dict[str, Parameter]:
    """The parameters of a `parameters` block, in its order."""
    return {name: Parameter(name, mapping(schema)) for name, schema in mapping(block).items()}


@record(slots=False)
class Runner:
    """What runs an action of some type (contrib/runners in StackStorm/st2)."""

    name: str
    data: Data

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names under which `runner_type` may ask for it."""
        return tuple(self.data.get("aliases", ()))

    @property
    def removed(self) -> str:
        """The StackStorm release that no longer has it; "" for a runner of today."""
        return text(self.data.get("removed"))

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """What the runner itself takes; a task may pass these to every action that it runs."""
        return parameters_of(self.data.get("runner_parameters"))

    @property
    def output_schema(self) -> Data:
        """Schema of the result (StackStorm's flavour: `required: true` inside properties)."""
        return mapping(self.data.get("output_schema"))

    @property
    def output_key(self) -> str:
        """The key of the result that an action's own output schema describes; "" when there is none."""
        return text(self.data.get("output_key"))

    @property
    def output(self) -> dict[str, tuple[str, ...]]:
        """Keys of the result with their JSON types, for `result().stdout`; () where anything may come."""
        properties = mapping(self.output_schema.get("properties"))
        return {name: types_of(mapping(schema)) for name, schema in properties.items()}

    @property
    def keyed_by(self) -> str:
        """`host` when the result maps hosts to the keys of `output`, else ""."""
        return text(self.data.get("keyed_by"))


@record(slots=False)
class Action:
    """An action as its metadata describes it.

    `ref` is `pack.name`; `path` is the metadata file as found on disk, "" for built-in data; `data` is
    all that the file says.
    """

    ref: str
    pack: str
    name: str
    data: Data
    path: str = ""

    @property
    def runner_type(self) -> str:
        """Name (or alias) of the runner; "" when the metadata does not say."""
        return text(self.data.get("runner_type"))

    @property
    def runner(self) -> Runner | None:
        """The runner, or None when it is not one of StackStorm's."""
        from st2lang.catalog.builtin import runner

        return runner(self.runner_type)

    @property
    def entry_point(self) -> str:
        """The file that runs, relative to the pack's `actions` folder, with `/` as separator."""
        return text(self.data.get("entry_point")).replace("\\", "/")

    @property
    def enabled(self) -> bool:
        """False only when the metadata says so."""
        return self.data.get("enabled") is not False

    @property
    def description(self) -> str:
        """What the metadata says about it; built-in data says nothing."""
        return text(self.data.get("description"))

    @property
    def declared_pack(self) -> str:
        """The metadata's own `pack` field; StackStorm refuses one that is not the pack it is found in."""
        return text(self.data.get("pack"))

    @property
    def output_schema(self) -> Data:
        """Schema of what the action puts under the runner's `output_key`; {} when not declared."""
        return mapping(self.data.get("output_schema"))

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters that the metadata lists, in its order."""
        return parameters_of(self.data.get("parameters"))

    @cached_property
    def all_parameters(self) -> Mapping[str, Parameter]:
        """Everything that a task may know of: the action's parameters, then the runner's.

        An action may repeat a runner's parameter to change attributes of it (`sudo: {immutable: true}`);
        what it does not repeat stays as the runner has it. A runner's `immutable` cannot be taken back.
        Source: st2common util/schema (get_schema_for_action_parameters) and
        models/utils/action_param_utils.py.
        """
        runner = self.runner
        inherited = runner.parameters if runner else {}
        merged = {
            name: merge(inherited[name], own) if name in inherited else own
            for name, own in self.parameters.items()
        }
        merged.update({name: p for name, p in inherited.items() if name not in merged})
        return merged


def merge(inherited: Parameter, own: Parameter) -> Parameter:
    """A runner's parameter with the attributes that an action overrides."""
    schema = {**inherited.schema, **own.schema}
    if inherited.immutable:
        schema["immutable"] = True
    return Parameter(own.name, schema)


@record
class Pack:
    """A pack: `ref` is what action references begin with, `path` its folder ("" for built-in data)."""

    ref: str
    data: Data
    path: str = ""

    @property
    def name(self) -> str:
        """The display name; the ref when the manifest has none."""
        return text(self.data.get("name"), self.ref)

    @property
    def version(self) -> str:
        """The version as text; "" when the manifest has none."""
        version = self.data.get("version")
        return "" if version is None else str(version)

    @property
    def description(self) -> str:
        """What the manifest says about it."""
        return text(self.data.get("description"))
