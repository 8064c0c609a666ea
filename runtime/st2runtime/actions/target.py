"""What `st2c run` was asked to run: an action by reference, or a file of any kind that leads to one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from st2lang.catalog import builtin as catalog_builtin
from st2lang.catalog.models import Action
from st2lang.document import Document
from st2lang.graph import CHAIN, Graph
from st2lang.record import record
from st2lang.source import Source
from st2lang.suggest import did_you_mean, listing
from st2runtime.actions.errors import ActionError
from st2runtime.actions.library import Library, runnable_of
from st2runtime.actions.runnable import Runnable
from st2runtime.actions.workflows import Workflow, Workflows, graph_in, read_bytes

_SUFFIXES = (".yaml", ".yml", ".json")


@record
class Target:
    """An action to run, and its workflow when it is one."""

    runnable: Runnable
    workflow: Workflow | None = None


def find(text: str, library: Library, workflows: Workflows) -> Target:
    """The action that a reference or the path of a file means. Raises `ActionError`."""
    if os.path.isfile(text):
        return _file(text, library, workflows)
    if os.path.isdir(text):
        raise ActionError(f"`{text}` is a folder: name an action (`pack.action`) or a file")
    if text.endswith(_SUFFIXES) or os.sep in text or "/" in text:
        raise ActionError(f"there is no file `{text}`{_similar(text)}")
    runnable = library.find(text)
    return _with_workflow(runnable, workflows)


def _with_workflow(runnable: Runnable, workflows: Workflows) -> Target:
    if not runnable.is_workflow:
        return Target(runnable)
    if not os.path.isfile(runnable.entry_point):
        raise ActionError(
            f"the workflow of `{runnable.ref}` is missing: there is no file "
            f"`{runnable.entry_point or 'entry_point'}`"
        )
    return Target(runnable, workflows.load(_shown(runnable.entry_point), runnable.runner))


def _file(path: str, library: Library, workflows: Workflows) -> Target:
    from st2lang.yaml.decode import decode

    data = read_bytes(path)
    if path.endswith(".json") and (graph := graph_in(data, path)) is not None:
        return Target(of_graph(graph, path), Workflow(graph, _source_of(graph)))
    source, first = decode(path, data)
    document = Document(source, catalog=library.catalog)
    match document.kind:
        case "orquesta" | "action-chain":
            workflow = workflows.analysed(document, first)
            return Target(_of_workflow(document, workflow.graph, path), workflow)
        case "action":
            return _with_workflow(_of_metadata(source.text, path, library), workflows)
        case "pack":
            raise ActionError(_of_pack(path, library))
    if data.strip() and (first or document.yaml.problems):
        problem = (*first, *document.yaml.problems)[0]
        line, column = source.position(problem.span.start)
        raise ActionError(f"`{path}:{line}:{column}`: {problem.message}")
    raise ActionError(f"`{path}` is neither a workflow nor an action, as far as can be told")


def _of_workflow(document: Document, graph: Graph, path: str) -> Runnable:
    """A workflow file: with its metadata where a pack has some, else with the inputs that it declares."""
    assert document.catalog is not None
    if document.actions:
        found = runnable_of(document.actions[0], document.catalog)
        return _replaced(found, graph, path)
    home = document.catalog.home
    return of_graph(graph, path, home.ref if home else "", home.path if home else "")


def of_graph(graph: Graph, path: str, pack: str = "", pack_path: str = "") -> Runnable:
    """The action that a workflow is when there is nothing but its graph."""
    runner = "action-chain" if graph.semantics == CHAIN else "orquesta"
    inherited = _runner_schemas(runner)
    known_pack, dot, _ = graph.name.partition(".")
    ref = graph.name if dot else f"{pack or 'default'}.{graph.name}"
    own: Mapping[str, Mapping[str, Any]] = {
        name: schema for name, schema in graph.parameters.items() if name not in inherited
    }
    return Runnable(
        ref=ref,
        pack=known_pack if dot else pack or "default",
        runner=runner,
        own=own if graph.parameters else _declared(graph),
        inherited=inherited,
        entry_point=os.path.abspath(path),
        pack_path=pack_path,
        graph=graph,
        loose=not graph.parameters,
    )


def _declared(graph: Graph) -> dict[str, Mapping[str, Any]]:
    """The inputs of a workflow as schemas: one without a default must be given.

    A default that is an expression is left to the workflow, which evaluates it.
    """
    if graph.semantics == CHAIN:
        return {}
    return {one.name: {} if one.given else {"required": True} for one in graph.input}


def _runner_schemas(name: str) -> dict[str, Mapping[str, Any]]:
    runner = catalog_builtin.runner(name)
    return {key: p.schema for key, p in runner.parameters.items()} if runner else {}


def _of_metadata(text: str, path: str, library: Library) -> Runnable:
    from st2lang.catalog.read import read_action

    catalog = library.catalog.near(path)
    action = read_action(text, catalog.home.ref if catalog.home else "", os.path.abspath(path))
    return runnable_of(action, catalog)


def _replaced(found: Runnable, graph: Graph, path: str) -> Runnable:
    from st2lang.record import replace

    return replace(found, graph=graph, entry_point=os.path.abspath(path))


def _source_of(graph: Graph) -> Source:
    """The text that a graph was compiled from, when it is still there: for excerpts alone."""
    return Source(graph.source, "")


def _of_pack(path: str, library: Library) -> str:
    catalog = library.catalog.near(path)
    home = catalog.home
    actions: tuple[Action, ...] = catalog.actions(home.ref) if home else ()
    known = listing(sorted(action.ref for action in actions), "and") if actions else "none"
    return f"`{path}` describes a pack; run one of its actions: {known}"


def _similar(path: str) -> str:
    folder = os.path.dirname(path) or "."
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return ""
    return did_you_mean(os.path.basename(path), names)


def _shown(path: str) -> str:
    """A path as it is shown: relative when it lies below the current folder."""
    here = os.getcwd().rstrip(os.sep) + os.sep
    return os.path.relpath(path) if path.startswith(here) else path
