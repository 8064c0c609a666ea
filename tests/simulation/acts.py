"""What happens around a run besides its own actions: people and messages, at seeded moments."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from st2runtime.conductor import InvalidEvent
from st2runtime.engines.execution import Execution
from st2runtime.events import ActionEnded, TimerFired
from st2runtime.journal.store import Mail

from st2lang.record import record

if TYPE_CHECKING:
    from simulation.process import Process

ANSWER = {"continue": True}

MESSAGES = ("duplicate", "unknown", "late", "timer", "not begun", "first")
PEOPLE = ("pause", "resume", "answer early", "answer nobody", "rerun")


@record
class Act:
    """What happens at a time, in seconds since the case began."""

    at: float
    kind: str


def drawn(chance: random.Random) -> list[Act]:
    """The acts of a case."""
    found = [Act(chance.uniform(0, 8), chance.choice(MESSAGES)) for _ in range(chance.randrange(5))]
    found += [Act(chance.uniform(0, 8), chance.choice(PEOPLE)) for _ in range(chance.randrange(3))]
    if chance.random() < 0.15:
        found.append(Act(chance.choice((0.0, chance.uniform(0, 8))), "cancel"))
    return sorted(found, key=lambda act: act.at)


def mail(kind: str, questions: list[str], chance: random.Random) -> Mail | None:
    """What somebody posts; None when there is nothing to post yet."""
    match kind:
        case "answer early":
            return _answer(chance.choice(questions), ANSWER) if questions else None
        case "answer nobody":
            return _answer("0" * 24, {"continue": False})
        case "rerun":
            return Mail("rerun", {"tasks": []})
        case _:
            return Mail(kind)


def answers(questions: list[str], chance: random.Random) -> list[Mail]:
    """Answers to one or more of the questions, perhaps another one after the first: that one comes too late."""
    found = []
    for question in chance.sample(questions, chance.randint(1, len(questions))):
        found.append(_answer(question, ANSWER))
        if chance.random() < 0.4:
            found.append(_answer(question, {"continue": False}))
    return found


def _answer(question: str, response: Any) -> Mail:
    return Mail("answer", {"inquiry": question, "response": response})


def message(kind: str, process: Process) -> bool:
    """Tell an execution something that does not come from its engine; False when there is nothing to tell."""
    told = _MESSAGES[kind](process)
    if told is None:
        return False
    execution, event = told
    if kind == "first":
        process.engine.told.add((execution.step.id, event.id))
        execution.dispatch(event)
        return True
    before = execution.conductor.serialize()
    try:
        execution.dispatch(event)
    except InvalidEvent:
        assert execution.conductor.serialize() == before
        return True
    raise AssertionError(f"{event!r} was taken")


Told = tuple[Execution, Any] | None


def _duplicate(process: Process) -> Told:
    """An outcome once more, and another one than it was."""
    there = {execution.step.id: execution for execution in process.executions}
    known = [key for key in process.case.witness.ended if key[0] in there]
    if not known:
        return None
    own, name = process.chance.choice(known)
    status = process.chance.choice(("succeeded", "failed"))
    return there[own], ActionEnded(name, status, "again")


def _late(process: Process) -> Told:
    """An outcome of an earlier process once more."""
    there = {execution.step.id: execution for execution in process.executions}
    known = [key for key in process.before if key[0] in there]
    if not known:
        return None
    own, name = process.chance.choice(known)
    return there[own], process.case.witness.ended[own, name]


def _unknown(process: Process) -> Told:
    if not process.executions:
        return None
    return process.chance.choice(process.executions), ActionEnded("77.0", "succeeded", None)


def _timer(process: Process) -> Told:
    """A timer that has fired, or that nobody has set."""
    there = {execution.step.id: execution for execution in process.executions}
    fired = [key for key in process.case.witness.fired if key[0] in there]
    if not fired:
        return None if not there else (process.executions[0], TimerFired("77"))
    own, name = process.chance.choice(fired)
    return there[own], TimerFired(name)


def _not_begun(process: Process) -> Told:
    """The end of an attempt whose time has not come."""
    for execution in process.executions:
        for flight in execution.conductor._state.flights.values():
            if flight.phase == "waiting":
                return execution, ActionEnded(flight.id, "succeeded", None)
    return None


def _first(process: Process) -> Told:
    """The end of an action that was begun by a process that has been killed, before its second end."""
    under_way = [
        (execution, step)
        for execution in process.executions
        for step in process.under_way
        if step.parent is execution.step and step.request in execution.running
    ]
    if not under_way:
        return None
    execution, step = process.chance.choice(under_way)
    outcome = process.case.outcome(step.key)
    return execution, ActionEnded(step.request, outcome.status, outcome.result)


_MESSAGES: dict[str, Callable[[Any], Told]] = {
    "duplicate": _duplicate,
    "late": _late,
    "unknown": _unknown,
    "timer": _timer,
    "not begun": _not_begun,
    "first": _first,
}
