"""What an execution waits for: whoever looks after it sees from this that it has not been forgotten."""

from __future__ import annotations

from st2lang.record import record
from st2runtime.conducting.state import State
from st2runtime.conducting.transitions import COMPLETED


@record
class Awaited:
    """One thing that will wake an execution.

    `kind` and `id`: `start`; `action`, which is under way, with the id of its request; `answer`, an action
    that waits for somebody; `timer` with the id of the wait; `resume`, for it is paused.
    """

    kind: str
    id: str = ""


def awaited(state: State) -> tuple[Awaited, ...]:
    """All that will wake an execution: nothing once it has told that it has ended."""
    if not state.began:
        return (Awaited("start"),)
    if state.told in COMPLETED:
        return ()
    found = [
        Awaited("answer" if flight.phase == "pending" else "action", flight.id)
        for flight in state.flights.values()
        if flight.phase != "waiting"
    ]
    found += [Awaited("timer", name) for name in state.waits]
    if state.status in ("paused", "pausing"):
        found.append(Awaited("resume"))
    return tuple(found)
