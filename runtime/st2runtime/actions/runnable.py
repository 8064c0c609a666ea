"""An action with everything that running it needs, wherever it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.catalog.models import Parameter, mapping, merge, parameters_of
from st2lang.graph import Graph
from st2lang.record import field, record

Schemas = Mapping[str, Mapping[str, Any]]

WORKFLOWS = ("orquesta", "action-chain")
"""The runners whose actions are workflows: the engine runs these itself."""


@record(slots=False)
class Runnable:
    """An action that can be run.

    `runner` is the runner's own name, never an alias. `own` are the parameters as the metadata lists them,
    `inherited` those of the runner. `entry_point` is the absolute path of the file to run ("" when the runner
    needs none), `pack_path` the pack's folder ("" for built-in actions), `path` the metadata file.

    `graph` is the workflow itself where it was given as a file, `loose` tells that no metadata says which
    parameters there are: then `own` are the inputs that the workflow declares.
    """

    ref: str
    pack: str
    runner: str
    own: Schemas = field(default_factory=dict)
    inherited: Schemas = field(default_factory=dict)
    entry_point: str = ""
    pack_path: str = ""
    path: str = ""
    description: str = ""
    enabled: bool = True
    output_schema: Mapping[str, Any] = field(default_factory=dict)
    graph: Graph | None = None
    loose: bool = False

    def __post_init__(self) -> None:
        merged = {name: _merged(name, schema, self.inherited) for name, schema in self.own.items()}
        rest = {
            name: Parameter(name, schema)
            for name, schema in self.inherited.items()
            if name not in merged
        }
        self.__dict__["parameters"] = {**merged, **rest}

    parameters: Mapping[str, Parameter] = field(init=False, default=None, compare=False)
    """All parameters: the action's, then the runner's, attributes merged as StackStorm merges them."""

    @property
    def is_workflow(self) -> bool:
        """Whether the engine runs it as an execution of its own."""
        return self.runner in WORKFLOWS

    @property
    def schemas(self) -> Schemas:
        """The merged schemas by name."""
        return {name: parameter.schema for name, parameter in self.parameters.items()}


def _merged(name: str, schema: Mapping[str, Any], inherited: Schemas) -> Parameter:
    own = Parameter(name, mapping(schema))
    return merge(Parameter(name, inherited[name]), own) if name in inherited else own


def schemas_of(block: object) -> Schemas:
    """The schemas of a `parameters` block, in its order."""
    return {name: parameter.schema for name, parameter in parameters_of(block).items()}
