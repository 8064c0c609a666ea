"""One file and everything that is known about it, computed once and when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from st2lang import yaml
from st2lang.dialects.detect import detect
from st2lang.dialects.model import Workflow
from st2lang.dialects.shape import validate
from st2lang.flow import Flow
from st2lang.problem import Problem
from st2lang.scope import Scope
from st2lang.settings import DEFAULT, Settings
from st2lang.source import Source
from st2lang.symbols import Place, Reference, collect, places_of
from st2lang.yaml import Mapping, Node, YamlFile

if TYPE_CHECKING:
    from st2lang.catalog import Action, Catalog


class Document:
    """A source with its tree, its kind, its workflow model, its expressions and its data flow.

    `before` is the tree of the same file before an edit; what is still good of it is taken over.
    """

    def __init__(
        self,
        source: Source,
        *,
        kind: str = "auto",
        catalog: Catalog | None = None,
        settings: Settings = DEFAULT,
        before: YamlFile | None = None,
    ) -> None:
        self.source = source
        self.catalog = catalog.near(source.path) if catalog is not None else None
        self.settings = settings
        self._kind = kind
        self._before = before
        self.known: dict[object, Any] = {}
        """What others have found out about this document and want to keep as long as it lives."""

    @cached_property
    def yaml(self) -> YamlFile:
        """The spanned tree with its own problems."""
        before, self._before = self._before, None
        return yaml.parse(self.source.text, before)

    @property
    def last_tree(self) -> YamlFile | None:
        """The tree, if it is known already, else the one of the text before, if that is."""
        return self.yaml if "yaml" in self.__dict__ else self._before

    @cached_property
    def root(self) -> Node | None:
        """The first document of the file."""
        return self.yaml.documents[0] if self.yaml.documents else None

    @cached_property
    def kind(self) -> str:
        """orquesta, action-chain, action, pack or unknown."""
        if self._kind != "auto":
            return self._kind
        return detect(self.source.path, self.root, self.catalog)

    @cached_property
    def workflow(self) -> Workflow | None:
        """The workflow's model; None for other kinds and where the document is not a mapping."""
        root = yaml.deref(self.root) if self.root is not None else None
        if not isinstance(root, Mapping):
            return None
        if self.kind == "orquesta":
            from st2lang.dialects import orquesta

            return orquesta.read(root)
        if self.kind == "action-chain":
            from st2lang.dialects import chain

            return chain.read(root)
        return None

    @cached_property
    def shape_problems(self) -> tuple[Problem, ...]:
        """In what the document differs from the shape of its kind."""
        shape = _shape(self.kind)
        if self.root is None or shape is None:
            return ()
        return tuple(validate(self.root, shape, (), self.yaml.broken))

    @cached_property
    def flow(self) -> Flow:
        """Control and data flow. Only for documents with a workflow."""
        assert self.workflow is not None
        if self.workflow.orquesta:
            return Flow(self.workflow, self.settings.context_variables)
        from st2lang.dialects.chain import CONTEXT

        parameters = (name for action in self.actions for name in action.all_parameters)
        return Flow(self.workflow, (*CONTEXT, *parameters))

    @cached_property
    def scope(self) -> Scope:
        """What is set where. Only for documents with a workflow."""
        return Scope(self.flow)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every string of the workflow that can hold expressions."""
        return tuple(places_of(self.workflow)) if self.workflow else ()

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every use of a variable, task, item, result or datastore key in the expressions."""
        return tuple(r for place in self.places for r in collect(place))

    @cached_property
    def called_actions(self) -> dict[str, Action]:
        """The actions that the tasks run and the catalog knows, by reference as written."""
        if self.catalog is None or self.workflow is None:
            return {}
        tasks = (*self.workflow.tasks.values(), *self.workflow.repeated)
        names = dict.fromkeys(task.action.text for task in tasks if task.action is not None)
        found = {name: self.catalog.find_action(name) for name in names}
        return {name: action for name, action in found.items() if action is not None}

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The action metadata whose `entry_point` is this file."""
        if self.catalog is None or self.workflow is None:
            return ()
        return self.catalog.metadata_for(self.source.path)


def _shape(kind: str) -> dict[str, object] | None:
    """The shape of a kind, imported when it is needed."""
    match kind:
        case "orquesta":
            from st2lang.dialects.orquesta_shape import WORKFLOW

            return dict(WORKFLOW)
        case "action-chain":
            from st2lang.dialects.chain_shape import CHAIN

            return dict(CHAIN)
        case "action":
            from st2lang.catalog.schemas import ACTION_SCHEMA

            return dict(ACTION_SCHEMA)
        case "pack":
            from st2lang.catalog.schemas import PACK_SCHEMA

            return dict(PACK_SCHEMA)
        case _:
            return None
