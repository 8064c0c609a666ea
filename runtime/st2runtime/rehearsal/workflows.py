"""The workflows that cases are about: found, read, inspected and compiled once for all of their cases."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from st2lang.graph import Graph, GraphError, from_json
from st2lang.problem import Problem, Severity
from st2lang.source import Source, Span
from st2runtime.rehearsal import inspection

if TYPE_CHECKING:
    from st2lang.catalog import Catalog


class Base:
    """Where the paths that a case names lead.

    With a base path that is given, there; else to the nearest of: the pack that the case lies in, the
    folder that this pack is in, the current folder. Last of all to the folder of the case.
    """

    def __init__(self, case: str, base_path: str | None) -> None:
        home = os.path.dirname(os.path.abspath(case))
        pack = None if base_path else _pack_above(home)
        around = (pack, pack and os.path.dirname(pack), os.getcwd())
        wanted = (base_path,) if base_path else around
        self.folders = tuple(dict.fromkeys(folder for folder in (*wanted, home) if folder))

    def find(self, name: str) -> str | None:
        """The path of a file, or None when there is none of this name."""
        for folder in self.folders:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                return path
        return None


def _pack_above(folder: str) -> str | None:
    """The nearest folder with a `pack.yaml`."""
    while not os.path.isfile(os.path.join(folder, "pack.yaml")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


class Loaded:
    """A workflow file, as far as it could be read: `graph` is None when it is no workflow.

    `errors` are what keeps it from being run: for Orquesta all errors that an inspection finds, for a
    chain only what is no YAML (a chain that is refused for other reasons ends as failed).
    """

    def __init__(
        self, path: str, source: Source, graph: Graph | None, first: tuple[Problem, ...]
    ) -> None:
        self.path = path
        self.source = source
        self.graph = graph
        self._first = first

    @cached_property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from being run, in the order of the text."""
        if self.graph is None or not self.graph.orquesta or not self.source.text:
            return self._first
        return inspection.errors_of(self.source)

    @property
    def chain(self) -> bool:
        """Whether it is an ActionChain."""
        return self.graph is not None and not self.graph.orquesta


class Workflows:
    """All workflows of a run, by path. `catalog` knows the actions that they call, if anything does."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        self._catalog = catalog
        self._loaded: dict[str, Loaded] = {}

    def load(self, path: str) -> Loaded:
        """The workflow in a file (YAML, or a graph that `st2c compile` has written)."""
        key = os.path.abspath(path)
        if key not in self._loaded:
            self._loaded[key] = _load(path, self._catalog)
        return self._loaded[key]


def _load(path: str, catalog: Catalog | None) -> Loaded:
    from st2lang.yaml.decode import decode

    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        reason = error.strerror or str(error)
        return _refused(path, Source(path, ""), "unreadable-file", f"cannot be read: {reason}")
    source, first = decode(path, data)
    if path.endswith(".json"):
        return _load_graph(path, source)
    return compiled(source, catalog, first)


def compiled(source: Source, catalog: Catalog | None, first: tuple[Problem, ...] = ()) -> Loaded:
    """The workflow in a text."""
    from st2lang.compile import compile_document
    from st2lang.document import Document

    document = Document(source, catalog=catalog)
    found = (*first, *document.yaml.problems)
    grave = tuple(problem for problem in found if problem.severity is Severity.ERROR)
    if document.workflow is None:
        if grave:
            return Loaded(source.path, source, None, grave)
        return _refused(source.path, source, "no-workflow", "this is no workflow")
    return Loaded(source.path, source, compile_document(document), grave)


def _load_graph(path: str, source: Source) -> Loaded:
    import json

    try:
        graph = from_json(json.loads(source.text))
    except (ValueError, RecursionError) as error:
        message = str(error) if isinstance(error, GraphError) else f"this is no JSON: {error}"
        return _refused(path, source, "no-workflow", message)
    return Loaded(path, Source(path, ""), graph, ())


def _refused(path: str, source: Source, check: str, message: str) -> Loaded:
    problem = Problem(check, Severity.ERROR, message, Span(0, 0))
    return Loaded(path, source, None, (problem,))


def from_state(state: Any, path: str) -> Loaded | None:
    """The workflow that Orquesta has saved along with a state; None when there is none in it."""
    spec = state.get("spec") if isinstance(state, dict) else None
    inner = spec.get("spec") if isinstance(spec, dict) else None
    if not isinstance(inner, dict) or "tasks" not in inner:
        return None
    from st2runtime.rehearsal.data import to_yaml

    return compiled(Source(path, to_yaml({"version": 1.0, **inner})), None)
