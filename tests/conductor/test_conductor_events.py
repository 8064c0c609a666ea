"""What becomes of a workflow when actions end late, rest, or are taken back: one story a test."""

from __future__ import annotations

from typing import Any

from conductor.flows import compiled
from st2runtime.conductor import Conductor
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
from st2runtime.requests import CancelAction, Complete, Request, RunAction, Wait

ECHO = {"action": "core.echo"}
ITEMS = {**ECHO, "with": {"items": "<% list(1, 2) %>"}}


def begun(tasks: dict[str, Any], rehearsal: bool = False, **parts: Any) -> Conductor:
    """A conductor whose workflow has started."""
    graph = compiled({"version": 1.0, **parts, "tasks": tasks}, "orquesta")
    conductor = Conductor(graph, rehearsal=rehearsal)
    conductor.handle(Start())
    return conductor


def tell(conductor: Conductor, *events: Event) -> list[Request]:
    """What is asked for because of these events, in order."""
    return [request for event in events for request in conductor.handle(event)]


def ids(requests: list[Request]) -> list[str]:
    """The actions that are asked for."""
    return [request.id for request in requests if isinstance(request, RunAction)]


def statuses(conductor: Conductor) -> list[tuple[str, str]]:
    return [(run.task, run.status) for run in conductor.sequence]


def ended(name: str, status: str = "succeeded", result: Any = None) -> ActionEnded:
    return ActionEnded(name, status, result)


# -- an end counts for the latest run of its task and route ----------------------------------------


def test_a_late_end_counts_for_the_run_that_there_is_now() -> None:
    """Orquesta knows actions by task and route alone (`update_task_state`)."""
    turn = {**ECHO, "next": [{"when": "<% result() = again %>", "do": ["turn"]}]}
    conductor = begun({"a": {**ECHO, "next": [{"do": ["turn"]}]}, "b": {**ECHO, "next": [{"do": ["turn"]}]}, "turn": turn})  # fmt: skip
    assert ids(tell(conductor, ended("0"))) == ["2"]
    assert ids(tell(conductor, ended("1"))) == ["2~1"]
    assert ids(tell(conductor, ended("2", result="again"))) == ["3"]
    tell(conductor, ended("2~1", "failed"))
    assert statuses(conductor)[2:] == [("turn", "succeeded"), ("turn", "failed")]


def test_a_late_end_of_an_item_that_there_is_no_more_counts_for_nothing() -> None:
    turn = {
        **ECHO,
        "with": {"items": "<% ctx().xs %>"},
        "next": [{"when": "<% ctx().xs.len() = 2 %>", "publish": [{"xs": [1]}], "do": ["turn"]}],
    }
    conductor = begun(
        {"a": {**ECHO, "next": [{"do": ["turn"]}]}, "b": {**ECHO, "next": [{"do": ["turn"]}]}, "turn": turn},
        vars=[{"xs": [1, 2]}],
    )  # fmt: skip
    assert ids(tell(conductor, ended("0"))) == ["2.0", "2.1"]
    assert ids(tell(conductor, ended("1"))) == ["2~1.0", "2~1.1"]
    assert ids(tell(conductor, ended("2.0"), ended("2.1"))) == ["3.0"]
    tell(conductor, ended("2~1.1", "failed"))
    assert statuses(conductor)[-1] == ("turn", "running")
    tell(conductor, ended("2~1.0"), ended("3.0"))
    assert conductor.status == "succeeded"


# -- a try that is not begun any more --------------------------------------------------------------


def test_a_task_that_would_be_tried_again_when_all_is_canceled_is_terminal() -> None:
    """Orquesta marks it in `update_task_state`, which is called once more for the retry."""
    conductor = begun({"a": {**ECHO, "retry": {"count": 1}}})
    tell(conductor, Cancel(), ended("0", "failed"))
    assert conductor.status == "canceled"
    assert [(run.task, run.status) for run in conductor.terminals] == [("a", "retrying")]


# -- clean-up beside `fail` ------------------------------------------------------------------------


def test_a_remedy_stays_one_when_it_is_saved_and_is_none_once_it_has_run() -> None:
    tasks = {
        "a": {**ECHO, "next": [{"do": ["clean_up", "fail"]}]},
        "b": {**ECHO, "next": [{"do": ["clean_up"]}]},
        "clean_up": {**ITEMS, "with": {"items": "<% list(1, 2) %>", "concurrency": 1}, "join": 1},
    }
    conductor = begun(tasks)
    assert ids(tell(conductor, ended("0"))) == ["3.0"]
    assert conductor.status == "failed"
    conductor = Conductor.restore(conductor.graph, conductor.serialize())
    assert ids(tell(conductor, ended("3.0"))) == ["3.1"]
    tell(conductor, ended("3.1"))
    assert conductor.serialize()["staged"] == []
    assert ids(tell(conductor, ended("1"))) == [], "what comes later runs no more"
    assert conductor.awaits == ()


# -- rest ------------------------------------------------------------------------------------------


def test_an_action_that_was_paused_and_then_waits_for_somebody_ends() -> None:
    conductor = begun({"a": ECHO})
    tell(conductor, Pause(), ActionPaused("0", "paused"), ActionPaused("0", "pending"))
    assert [one.kind for one in conductor.awaits] == ["answer", "resume"]
    tell(conductor, ended("0"))
    assert conductor.status == "succeeded"


def test_an_item_that_rests_can_be_canceled() -> None:
    conductor = begun({"a": ITEMS})
    tell(conductor, ended("0.0"), ActionPaused("0.1", "paused"))
    assert conductor.status == "paused"
    assert isinstance(tell(conductor, ended("0.1", "canceled"))[-1], Complete)
    assert conductor.status == "canceled"


def test_items_that_a_rehearsal_has_taken_back_are_asked_for_after_the_pause() -> None:
    conductor = begun({"a": ITEMS}, rehearsal=True)
    tell(conductor, Pause())
    assert ids(tell(conductor, Resume())) == ["0.0", "0.1"]


# -- reruns ----------------------------------------------------------------------------------------


def test_a_rerun_knows_what_became_of_items_that_their_task_ended_without() -> None:
    """One item waits for somebody, another fails: the task fails, and the answer comes after that."""
    conductor = begun({"a": ITEMS, "b": ECHO})
    tell(conductor, ActionPaused("0.1", "pending"))
    assert tell(conductor, ended("0.0", "failed"))[-1:] == []
    assert tell(conductor, ended("1"))[-1] == CancelAction("0.1")
    tell(conductor, ended("0.1", "succeeded", "answer"))
    assert conductor.status == "failed"
    assert ids(tell(conductor, Rerun())) == ["2.0"]
    tell(conductor, ended("2.0", "succeeded", "done"))
    assert conductor.status == "succeeded"
    assert conductor.sequence[-1].result == ["done", None], "what has not run again is null"


def test_a_canceled_item_runs_again() -> None:
    conductor = begun({"a": ITEMS, "b": ECHO})
    tell(conductor, ActionPaused("0.1", "pending"), ended("0.0", "failed"), ended("1"))
    tell(conductor, ended("0.1", "canceled"))
    assert ids(tell(conductor, Rerun((RerunTask("a"),)))) == ["2.0", "2.1"]


def test_a_rerun_of_items_that_have_all_succeeded_runs_them_all() -> None:
    """Two tries of one task were under way: the first has failed it, the second has succeeded."""
    tasks = {"a": {**ECHO, "next": [{"do": ["c"]}]}, "b": {**ECHO, "next": [{"do": ["c"]}]}, "c": {**ITEMS, "next": [{"when": "<% succeeded() %>", "do": ["c"]}]}}  # fmt: skip
    conductor = begun(tasks)
    tell(conductor, ended("0"), ended("1"))
    tell(conductor, ended("2.0", "failed"), ended("2.1", "failed"))
    tell(conductor, ended("2~1.0"), ended("2~1.1"))
    assert conductor.status == "failed"
    assert ids(tell(conductor, Rerun())) == ["3.0", "3.1"]


def test_a_new_run_of_the_same_items_leaves_the_old_run_alone() -> None:
    conductor = begun({"a": {**ITEMS, "with": {"items": "<% list(1, 2) %>", "concurrency": 1}}})
    tell(conductor, ended("0.0", "failed"), Rerun())
    saved = conductor.serialize()["items"]
    assert saved[0]["work"] is None
    assert saved[0]["statuses"] == ["null", "null"]


def test_what_is_refused_after_its_task_has_ended_fails_nothing_more() -> None:
    conductor = begun({"a": ITEMS, "b": ECHO})
    tell(conductor, ActionPaused("0.1", "pending"), ended("0.0", "failed"))
    errors = len(conductor.errors)
    tell(conductor, ActionRefused("0.1", "no such action"))
    assert len(conductor.errors) == errors


# -- what it waits for -----------------------------------------------------------------------------


def test_it_says_what_will_wake_it() -> None:
    conductor = Conductor(
        compiled({"version": 1.0, "tasks": {"a": {**ECHO, "delay": 5}}}, "orquesta")
    )

    def awaited() -> list[tuple[str, str]]:
        return [(one.kind, one.id) for one in conductor.awaits]

    assert awaited() == [("start", "")]
    tell(conductor, Start())
    assert awaited() == [("timer", "0")]
    tell(conductor, TimerFired("0"))
    assert awaited() == [("action", "0")]
    tell(conductor, ActionRunning("0"), Pause())
    assert awaited() == [("action", "0"), ("resume", "")]
    tell(conductor, ended("0"))
    assert awaited() == [("resume", "")]
    tell(conductor, Resume())
    assert awaited() == []


# -- a loop of tasks without actions ---------------------------------------------------------------

LOOP = {"start": {"next": [{"do": ["turn"]}]}, "turn": {"next": [{"do": ["turn"]}]}}


def test_a_loop_without_actions_gives_others_their_turn() -> None:
    conductor = Conductor(compiled({"version": 1.0, "tasks": LOOP}, "orquesta"))
    for event in (Start(), TimerFired("turn"), TimerFired("turn")):
        (request,) = conductor.handle(event)
        assert isinstance(request, Wait)
        assert (request.id, request.seconds) == ("turn", 0)
    restored = Conductor.restore(conductor.graph, conductor.serialize())
    assert restored.awaits == conductor.awaits
    (end,) = conductor.handle(Cancel())
    assert isinstance(end, Complete)
    assert end.status == "canceled"


def test_a_pause_holds_a_loop_without_actions() -> None:
    conductor = begun(LOOP)
    assert [type(one) for one in tell(conductor, Pause(), TimerFired("turn"))] == [Complete]
    before = len(conductor.sequence)
    (request,) = tell(conductor, Resume())
    assert isinstance(request, Wait)
    assert len(conductor.sequence) > before
