"""Workflow files, read, analysed and compiled once for all executions of a run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from st2lang.graph import Graph, GraphError, from_json
from st2lang.problem import Problem, Severity
from st2lang.record import record
from st2lang.source import Source
from st2runtime.actions.errors import ActionError

if TYPE_CHECKING:
    from st2lang.analysis import Analysis
    from st2lang.catalog import Catalog
    from st2lang.document import Document

Shown = Callable[["Analysis", tuple[Problem, ...]], tuple[Problem, ...]]
"""The problems of an analysis that count, with those found when the text was decoded."""


@record(slots=False)
class Workflow:
    """A workflow with its text ("" for a compiled graph) and what `st2c check` says about it.

    `document` is None for a compiled graph.
    """

    graph: Graph
    source: Source
    problems: tuple[Problem, ...] = ()
    document: Document | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from being run."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)


class Workflows:
    """The workflows of one run by path. `shown` decides which problems count (None: all of them)."""

    def __init__(self, catalog: Catalog, shown: Shown | None = None) -> None:
        self.catalog = catalog
        self._shown = shown
        self._known: dict[str, Workflow] = {}

    def load(self, path: str, kind: str = "auto") -> Workflow:
        """The workflow in a file of YAML or a compiled graph.

        `kind` forces what a YAML file is. Raises `ActionError` for a file that cannot be read or is no
        workflow at all.
        """
        key = os.path.abspath(path)
        if key not in self._known:
            self._known[key] = self._load(path, kind)
        return self._known[key]

    def analysed(self, document: Document, first: tuple[Problem, ...] = ()) -> Workflow:
        """A document that was read already. Raises `ActionError` when it is no workflow."""
        from st2lang import checks
        from st2lang.analysis import Analysis
        from st2lang.compile import compile_document

        found = [p for check in checks.of_kind(document.kind) for p in check.run(document)]
        found.sort(key=lambda p: (p.span.start, p.severity.rank, p.check, p.message))
        analysis = Analysis(document, tuple(dict.fromkeys(found)))
        problems = self._shown(analysis, first) if self._shown else (*first, *analysis.problems)
        if document.workflow is None:
            told = problems[0].message if problems else "it has no tasks"
            raise ActionError(f"`{document.source.path}` is no workflow: {told}")
        return Workflow(compile_document(document), document.source, problems, document)

    def _load(self, path: str, kind: str) -> Workflow:
        from st2lang.document import Document
        from st2lang.yaml.decode import decode

        data = read_bytes(path)
        if path.endswith(".json") and (graph := graph_in(data, path)) is not None:
            return Workflow(graph, Source(path, ""))
        source, first = decode(path, data)
        return self.analysed(Document(source, kind=kind, catalog=self.catalog), first)


def read_bytes(path: str) -> bytes:
    """The content of a file. Raises `ActionError`."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ActionError(f"`{path}` cannot be read: {error.strerror or error}") from error


def graph_in(data: bytes, path: str) -> Graph | None:
    """The compiled graph in a JSON file; None for JSON that is something else (metadata, a workflow).

    Raises `ActionError` for a graph that is damaged or of another version.
    """
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "semantics" not in found:
        return None
    try:
        return from_json(found)
    except GraphError as error:
        raise ActionError(f"`{path}`: {error}") from error
