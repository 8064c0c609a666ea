"""A state that Orquesta has saved, as our conductor saves it: for reruns in upstream's rehearsal files.

Specified by `WorkflowConductor.serialize` and `WorkflowState.serialize` of `orquesta/conducting.py`. There a
task run names the contexts that it sees, each what one transition has published; here contexts follow
one another. Orquesta keeps no results of tasks, so `task(…).result` is null after a rerun.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2lang.graph import Graph
from st2runtime.conducting.plan import plan_of
from st2runtime.conducting.saved import VERSION
from st2runtime.conducting.transitions import UNSET

Data = Mapping[str, Any]


def is_orquestas(data: Data) -> bool:
    """Whether saved data is Orquesta's rather than ours."""
    return isinstance(data.get("state"), Mapping)


def converted(data: Data, graph: Graph) -> dict[str, Any]:
    """What `Conductor.restore` reads. Raises `KeyError`, `TypeError` and their like for damaged data."""
    state = data["state"]
    contexts = _Contexts(state["contexts"])
    staged = state.get("staged", [])
    places = {
        (one["id"], one["route"]): place
        for place, one in enumerate([one for one in staged if one.get("items")])
    }
    latest = {place: _key(name) for name, place in state["tasks"].items()}
    runs = []
    for place, entry in enumerate(state["sequence"]):
        run = _run(entry, graph, contexts)
        if latest.get(place) in places:
            run["items"] = places[latest[place]]
        runs.append(run)
    return {
        "version": VERSION,
        "graph": graph.hash,
        "rehearsal": True,
        "status": state["status"],
        "began": True,
        "output": data.get("output"),
        "told": state["status"],
        "numbers": len(staged),
        "routes": state["routes"],
        "errors": data.get("errors", []),
        "runs": runs,
        "staged": [_staged(one, number, contexts, places) for number, one in enumerate(staged)],
        "items": [_items(one["items"]) for one in staged if one.get("items")],
        "contexts": contexts.nodes,
        "flights": [],
        "waits": {},
    }


class _Contexts:
    """Contexts by the numbers of what they consist of."""

    def __init__(self, published: list[Data]) -> None:
        self.published = published
        self.nodes: list[dict[str, Any]] = []
        self._known: dict[tuple[int, ...], int] = {}

    def number(self, parts: list[int]) -> int:
        """The context that consists of these parts, later ones over earlier ones."""
        key = tuple(parts)
        for length in range(1, len(key) + 1):
            if key[:length] not in self._known:
                node: dict[str, Any] = {"set": dict(self.published[key[length - 1]])}
                if length > 1:
                    node = {"from": self._known[key[: length - 1]], **node}
                self._known[key[:length]] = len(self.nodes)
                self.nodes.append(node)
        return self._known[key]


def _key(name: str) -> tuple[str, int]:
    task, _, route = name.rpartition("__r")
    return task, int(route)


def _run(entry: Data, graph: Graph, contexts: _Contexts) -> dict[str, Any]:
    step = plan_of(graph).steps[entry["id"]]
    taken, ways = 0, dict[int, list[str]]()
    for edge in step.edges:
        if entry.get("next", {}).get(edge.id):
            taken |= edge.bit
            ways.setdefault(edge.index, []).append(edge.target)
    retry = entry.get("retry")
    found: dict[str, Any] = {
        "task": entry["id"],
        "route": entry["route"],
        "status": entry.get("status", UNSET),
        "context": contexts.number(entry["ctxs"]["in"]),
        "attempt": retry["tally"] if retry else 0,
        "previous": dict(entry.get("prev", {})),
        "taken": taken,
        "terminal": entry.get("term", False),
        "next": [[index, *targets] for index, targets in ways.items()],
    }
    if retry:
        found["retry"] = [retry.get("when"), retry["count"], retry.get("delay"), retry["tally"]]
    return found


def _staged(
    entry: Data, number: int, contexts: _Contexts, places: Mapping[tuple[str, int], int]
) -> dict[str, Any]:
    key = (entry["id"], entry["route"])
    ended = entry.get("completed", False)
    return {
        "task": key[0],
        "route": key[1],
        "context": contexts.number(entry["ctxs"]["in"]),
        "previous": dict(entry.get("prev", {})),
        "number": number,
        "ready": entry["ready"],
        "ended": ended,
        "remedy": entry.get("run_on_fail", False),
        "due": entry["ready"] and not ended,
        "items": places.get(key),
        "retry": "retry" in entry,
    }


def _items(entries: list[Data]) -> dict[str, Any]:
    statuses = [entry["status"] for entry in entries]
    return {
        "statuses": statuses,
        "results": [None] * len(statuses),
        "waiting": [index for index, status in enumerate(statuses) if status == UNSET],
        "work": None,
        "concurrency": None,
    }
