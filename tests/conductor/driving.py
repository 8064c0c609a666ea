"""Drives a conductor as `orquesta/rehearsing.py` does: a small stand-in for `st2c test`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from st2runtime.conductor import Conductor
from st2runtime.events import ActionEnded, ActionRunning, Event, Start, TimerFired
from st2runtime.requests import Request, RunAction, Wait

from st2lang.graph import Graph


class Stage:
    """A conductor and the actions that it has asked for; `asked` are all of them, in order."""

    def __init__(self, conductor: Conductor, mocks: list[Mapping[str, Any]]) -> None:
        self.conductor = conductor
        self.mocks = [dict(mock) for mock in mocks]
        self.open: dict[str, RunAction] = {}
        self.asked: list[RunAction] = []

    def tell(self, *events: Event) -> None:
        """Tell events; timers are over at once."""
        told = self.conductor.handle_all(events)
        while told:
            timers: list[Request] = []
            for request in told:
                match request:
                    case RunAction(id):
                        self.open[id] = request
                        self.asked.append(request)
                    case Wait(id):
                        timers.append(TimerFired(id))
            told = self.conductor.handle_all(timers) if timers else ()

    def play(self, inputs: Mapping[str, Any], limit: int = 2000) -> None:
        """Go through the workflow, round by round."""
        self.tell(Start(inputs))
        while self.open and limit:
            limit -= 1
            self.round()

    def round(self) -> None:
        """End everything that is ready, in order; of a task with items one item."""
        first: dict[tuple[str, int], RunAction] = {}
        offered: dict[tuple[str, int], dict[int, RunAction]] = {}
        for request in self.open.values():
            first.setdefault((request.task, request.route), request)
            if request.item is not None:
                offered.setdefault((request.task, request.route), {})[request.item] = request
        events: list[Event] = []
        for key in sorted(first):
            seq = int(first[key].id.split(".")[0].split("~")[0])
            mock = self.take(key[0], seq)
            request = first[key]
            if key in offered:
                wanted = mock.get("item_id")
                request = offered[key][min(offered[key]) if wanted is None else wanted]
            del self.open[request.id]
            events += [
                ActionRunning(request.id),
                ActionEnded(request.id, mock.get("status") or "succeeded", mock.get("result")),
            ]
        self.tell(*events)
        flights = self.conductor._state.flights
        self.open = {name: one for name, one in self.open.items() if name in flights}

    def take(self, task: str, seq: int) -> Mapping[str, Any]:
        """The mock for a run of a task; each is used as often as it says."""
        left = [m for m in self.mocks if m["task_id"] == task and m.get("num_iter", 1) > 0]
        exact = [m for m in left if m.get("seq_id") == seq]
        found = exact or (left if left and left[0].get("seq_id") is None else [])
        if not found:
            return {}
        found[0]["num_iter"] = found[0].get("num_iter", 1) - 1
        return found[0]


def rehearse(graph: Graph, case: Mapping[str, Any]) -> Stage:
    """The stage after a whole case."""
    stage = Stage(Conductor(graph, rehearsal=True), case.get("mock_action_executions") or [])
    stage.play(case.get("inputs") or {})
    return stage


def name_of(run: Any) -> str:
    """How a task run is written in rehearsals."""
    return f"{run.task}__r{run.route}" if run.route else run.task
