"""Random workflows, random events: the same events give the same requests, saved or not.

Three conductors hear of the same: one goes on as it is, one is saved, written, read and restored before
each event, and one replays the whole log in the end.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from conductor.flows import chain, compiled, orquesta
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from st2runtime.conducting.performing import TURN
from st2runtime.conducting.transitions import COMPLETED
from st2runtime.conductor import Conductor, InvalidEvent
from st2runtime.events import (
    ActionEnded,
    ActionPaused,
    ActionRefused,
    ActionRunning,
    Cancel,
    Event,
    Pause,
    Rerun,
    RerunTask,
    Resume,
    Start,
    TimerFired,
)
from st2runtime.requests import (
    CancelAction,
    Complete,
    PauseAction,
    Request,
    ResumeAction,
    RunAction,
    Wait,
)

from st2lang.graph import Graph

STATUSES = ("succeeded", "succeeded", "succeeded", "failed", "failed", "timeout", "canceled")
INPUTS = st.fixed_dictionaries(
    {"a": st.integers(0, 3), "xs": st.lists(st.integers(0, 2), max_size=4)}
)
RESULTS = st.sampled_from((None, 1, "text", {"k": 1}, [1, 2]))
LIMIT = 300
"""Actions after which a workflow that loops is canceled."""
TURNS = 300
"""Task runs after which one that loops without actions has no more turns."""


def written(conductor: Conductor) -> str:
    """The saved state, to the letter."""
    return json.dumps(conductor.serialize())


def restored(graph: Graph, conductor: Conductor) -> Conductor:
    """The conductor that has been saved, written, read and restored."""
    return Conductor.restore(graph, json.loads(written(conductor)))


class Driver(RuleBasedStateMachine):
    """Whoever drives a conductor, and what it knows from the requests alone.

    `open` are the actions that were asked for and have not ended, `timers` the waits that have not fired.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[Event, tuple[Request, ...]]] = []
        self.open: dict[str, str] = {}
        self.timers: set[str] = set()
        self.asked = 0
        self.ended = False

    def begin(self, graph: Graph, inputs: dict[str, Any], rehearsal: bool) -> None:
        self.graph, self.rehearsal = graph, rehearsal
        self.conductor = Conductor(graph, rehearsal=rehearsal)
        self.saved = Conductor(graph, rehearsal=rehearsal)
        assert [one.kind for one in self.conductor.awaits] == ["start"]
        self.tell(Start(inputs))

    def tell(self, event: Event) -> None:
        """Tell a valid event, and take up what is asked for."""
        self.saved = restored(self.graph, self.saved)
        requests = self.conductor.handle(event)
        assert self.saved.handle(event) == requests
        self.log.append((event, requests))
        for request in requests:
            self.take(request)
        if self.rehearsal:
            self.open = {name: one for name, one in self.open.items() if self.is_open(name)}
        if self.conductor.status in COMPLETED or isinstance(event, Cancel):
            self.timers = {name for name in self.timers if self.is_open(name)}

    def take(self, request: Request) -> None:
        assert not self.ended, f"{request} after the end"
        match request:
            case RunAction(name):
                assert name not in self.open, f"{name} was asked for already"
                self.open[name] = "asked"
                self.asked += 1
            case Wait(name):
                assert name not in self.timers
                self.timers.add(name)
            case CancelAction(name) | PauseAction(name):
                assert name in self.open or self.is_open(name)
            case ResumeAction(name):
                assert self.open[name] == "paused"
            case Complete(status):
                assert status == self.conductor.status
                self.ended = status in COMPLETED

    def is_open(self, name: str) -> bool:
        """Whether the conductor still waits for a timer or an action."""
        return any(one.id == name for one in self.conductor.awaits)

    @property
    def due(self) -> set[str]:
        """The timers that may fire; a loop without actions has been seen to loop after some turns."""
        loops = len(self.conductor.sequence) > TURNS
        return {name for name in self.timers if not (loops and name == TURN)}

    # -- valid events ----------------------------------------------------------------------------

    @precondition(lambda self: self.open)
    @rule(data=st.data(), status=st.sampled_from(STATUSES), result=RESULTS)
    def action_ends(self, data: st.DataObject, status: str, result: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.open)))
        del self.open[name]
        self.tell(ActionEnded(name, status, result))

    @precondition(lambda self: self.open or self.due)
    @rule(status=st.sampled_from(("succeeded", "succeeded", "failed")), result=RESULTS)
    def all_end(self, status: str, result: Any) -> None:
        for name in sorted(self.due):
            if name in self.timers:
                self.timers.discard(name)
                self.tell(TimerFired(name))
        for name in sorted(self.open):
            if name in self.open:
                del self.open[name]
                self.tell(ActionEnded(name, status, result))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def action_runs(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.open)))
        self.open[name] = "running"
        self.tell(ActionRunning(name))

    @precondition(lambda self: self.open)
    @rule(data=st.data(), status=st.sampled_from(("paused", "pending")))
    def action_rests(self, data: st.DataObject, status: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.open)))
        self.open[name] = status
        self.tell(ActionPaused(name, status))

    @precondition(lambda self: self.open)
    @rule(data=st.data(), one_in_four=st.integers(0, 3))
    def action_is_refused(self, data: st.DataObject, one_in_four: int) -> None:
        if not one_in_four:
            name = data.draw(st.sampled_from(sorted(self.open)))
            del self.open[name]
            self.tell(ActionRefused(name, "there is no such action"))

    @precondition(lambda self: self.due)
    @rule(data=st.data())
    def timer_fires(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.due)))
        self.timers.discard(name)
        self.tell(TimerFired(name))

    @precondition(lambda self: self.conductor.status in ("running", "resuming"))
    @rule()
    def pause(self) -> None:
        self.tell(Pause())

    @precondition(lambda self: self.conductor.status in ("paused", "pausing"))
    @rule()
    def resume(self) -> None:
        self.tell(Resume())

    @precondition(lambda self: self.conductor.status in ("running", "pausing", "paused"))
    @rule(one_in_four=st.integers(0, 3))
    def cancel(self, one_in_four: int) -> None:
        if not one_in_four or self.asked > LIMIT:
            self.tell(Cancel())

    @precondition(lambda self: self.ended)
    @rule(data=st.data(), reset=st.booleans(), one_in_four=st.integers(0, 3))
    def rerun(self, data: st.DataObject, reset: bool, one_in_four: int) -> None:
        if one_in_four:
            return
        there = sorted({(run.task, run.route) for run in self.conductor.sequence})
        chosen = data.draw(st.lists(st.sampled_from(there), max_size=2)) if there else []
        event = Rerun(tuple(RerunTask(*key, reset) for key in chosen))
        before = written(self.conductor)
        self.ended = False
        try:
            self.tell(event)
        except InvalidEvent:
            self.ended = True
            assert written(self.conductor) == before

    # -- invalid events --------------------------------------------------------------------------

    @rule(event=st.sampled_from(("action", "timer", "again", "status", "rest", "nothing", "rerun")))
    def invalid(self, event: str) -> None:
        known = next(iter(self.open), "0")
        wrong: dict[str, list[Any]] = {
            "action": [ActionRunning("77.1"), ActionEnded("77.1", "succeeded")],
            "timer": [TimerFired("77")],
            "again": [Start()],
            "status": [ActionEnded(known, "running"), ActionEnded(known, "retrying")],
            "rest": [ActionPaused(known, "succeeded")],
            "nothing": [None],
            "rerun": [Rerun((RerunTask("no such task"),))],
        }
        if self.conductor.status not in ("paused", "pausing"):
            wrong["again"].append(Resume())
        if self.conductor.status in COMPLETED:
            wrong["again"] += [Pause(), Cancel()]
        for one in wrong[event]:
            before = written(self.conductor)
            with pytest.raises(InvalidEvent):
                self.conductor.handle(one)
            assert written(self.conductor) == before

    # -- what always holds -----------------------------------------------------------------------

    @invariant()
    def saving_changes_nothing(self) -> None:
        assert written(restored(self.graph, self.conductor)) == written(self.conductor)
        assert written(self.saved) == written(self.conductor)

    @invariant()
    def somebody_will_wake_it(self) -> None:
        conductor = self.conductor
        awaited = {(one.kind, one.id) for one in conductor.awaits}
        if not (self.rehearsal and conductor.status == "canceling"):
            # A rehearsal withdraws items that have not begun: it stays where it is, as in Orquesta.
            assert bool(awaited) == (not self.ended), (conductor.status, awaited)
        assert {name for kind, name in awaited if kind == "timer"} == self.timers
        assert {name for kind, name in awaited if kind in ("action", "answer")} == set(self.open)

    def teardown(self) -> None:
        if not hasattr(self, "graph"):
            return
        replayed = Conductor(self.graph, rehearsal=self.rehearsal)
        for event, requests in self.log:
            assert replayed.handle(event) == requests
        assert written(replayed) == written(self.conductor)


class Conducting(Driver):
    """Orquesta's workflows."""

    @initialize(spec=orquesta(), inputs=INPUTS, rehearsal=st.sampled_from((False,) * 5 + (True,)))
    def begin_orquesta(self, spec: dict[str, Any], inputs: Any, rehearsal: bool) -> None:
        self.begin(compiled(spec, "orquesta"), inputs, rehearsal)


class ConductingChains(Driver):
    """ActionChains."""

    @initialize(spec=chain(), inputs=INPUTS)
    def begin_chain(self, spec: dict[str, Any], inputs: Any) -> None:
        self.begin(compiled(spec, "action-chain"), inputs, False)


FACTOR = int(os.environ.get("ST2C_FUZZ", "1"))

TestConducting = Conducting.TestCase
TestConducting.settings = settings(
    max_examples=40 * FACTOR,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestConductingChains = ConductingChains.TestCase
TestConductingChains.settings = settings(
    max_examples=20 * FACTOR,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
