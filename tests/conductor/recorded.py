"""The recorded runs of the reference engines: what is compared, and in which form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from conductor.driving import Stage, name_of, rehearse

from st2lang.catalog import Catalog
from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.graph import Graph
from st2lang.source import Source
from st2lang.yaml import parse, to_data


@cache
def catalog(folder: Path) -> Catalog:
    """The catalog of the corpus, made once."""
    return Catalog.for_packs(folder)


def compiled(path: Path, known: Catalog | None = None) -> Graph:
    """The graph of a workflow file."""
    return compile_document(Document(Source(str(path), path.read_text("utf-8")), catalog=known))


def canon(value: Any) -> str:
    """A value as text, in one form."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def cases(folder: Path) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """(name, case, recorded run) of all cases."""
    for path in sorted((folder / "rehearsals").glob("*.yaml")):
        case = to_data(parse(path.read_text("utf-8")).root)
        run = json.loads((folder / "runs" / f"{path.stem}.json").read_text("utf-8"))
        assert isinstance(case, dict)
        yield path.stem, case, run


def found(stage: Stage) -> dict[str, Any]:
    """What has come of a case, as the recorded runs say it."""
    conductor = stage.conductor
    return {
        "task_sequence": [name_of(run) for run in conductor.sequence],
        "routes": conductor.routes,
        "workflow_status": conductor.status,
        "output": conductor.output,
        "errors": sorted(map(error_of, conductor.errors)),
        "term_tasks": sorted(map(name_of, conductor.terminals)),
        "requests": sorted(
            canon([r.task, r.route, r.action, r.input]) for r in stage.asked if r.item is None
        ),
        "task_statuses": [[name_of(run), run.status] for run in conductor.sequence],
    }


def error_of(error: Mapping[str, Any]) -> str:
    """What is compared of an error."""
    return canon([error.get(key) for key in ("type", "task_id", "route", "task_transition_id")])


def wanted(run: Mapping[str, Any]) -> dict[str, Any]:
    """The recorded run in the same form."""
    return {
        **{k: run[k] for k in ("task_sequence", "routes", "workflow_status", "output")},
        "errors": sorted(map(error_of, run["errors"])),
        "term_tasks": sorted(run["term_tasks"]),
        "requests": sorted(
            canon([one["task_id"], one["route"], part["action"], part["input"]])
            for one in run["rendered"]
            if "items_count" not in one
            for part in one["actions"]
        ),
        "task_statuses": run["task_statuses"],
    }


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Where they differ, a line each."""
    return [
        f"{key}: got {canon(ours[key])[:300]} want {canon(value)[:300]}"
        for key, value in theirs.items()
        if canon(ours[key]) != canon(value)
    ]


__all__ = ["canon", "cases", "catalog", "compiled", "differences", "found", "rehearse", "wanted"]
