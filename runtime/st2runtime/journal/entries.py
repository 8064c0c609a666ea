"""What a log consists of, as JSON data: the beginnings of executions, and events.

A log belongs to one run: the execution that somebody has asked for, and all sub-workflows in it. They are
numbered in the order of their beginnings, from 0.

    {"kind": "begin", "at": 1767.5, "id": "…", "graph": "sha256:…", …}
    {"kind": "event", "at": 1767.6, "of": 0, "event": ["ActionEnded", "3", "succeeded", {…}],
     "notes": [], "asked": "5f3c…", "about": {}}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from st2lang.record import field, record, replace
from st2runtime import events, requests
from st2runtime.conducting.values import plain
from st2runtime.events import Event, Rerun, RerunTask, Start
from st2runtime.requests import Request

VERSION = 1
"""Of the written form, and of what the conductor makes of events: raised when old logs give other requests."""

_EVENTS = {
    kind.__name__: kind
    for kind in (
        events.Start,
        events.ActionRunning,
        events.ActionPaused,
        events.ActionEnded,
        events.ActionRefused,
        events.TimerFired,
        events.Pause,
        events.Resume,
        events.Cancel,
        events.Rerun,
    )
}
_MEMBERS: dict[str, tuple[str, ...]] = {
    "Start": ("inputs", "context"),
    "ActionRunning": ("id",),
    "ActionPaused": ("id", "status"),
    "ActionEnded": ("id", "status", "result"),
    "ActionRefused": ("id", "message"),
    "TimerFired": ("id",),
    "RunAction": ("id", "task", "route", "action", "input", "item", "attempt", "delay"),
    "Wait": ("id", "task", "route", "seconds"),
    "Complete": ("status", "output", "errors"),
}


@record
class Begin:
    """An execution begins. `parent` is the number of the execution that it runs for, in which `request` is its id.

    `graph` is the hash of its workflow, None for an action that is none, `copy` names the stored text of it;
    `version` is that of the rules.
    `context` is its action execution's, `keys` tells whether there was a datastore. `around` is what a run
    needs to go on later: where packs are, which user, and so on.
    """

    id: str
    action: str
    runner: str
    given: Mapping[str, Any]
    parameters: Mapping[str, Any]
    context: Mapping[str, Any]
    parent: int | None = None
    request: str = ""
    graph: str | None = None
    copy: str = ""
    keys: bool = False
    entry_point: str = ""
    pack: str = ""
    pack_path: str = ""
    version: int = VERSION
    at: float = 0.0
    around: Mapping[str, Any] = field(default_factory=dict)


@record
class Happened:
    """An event of an execution. `notes` are the answers of the outside, `asked` the digest of the requests.

    Without a conductor (`asked` is "") it is the end of the action that was asked for.
    """

    of: int
    event: Event
    notes: Sequence[Any] = ()
    asked: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0


Entry = Begin | Happened

_BEGIN = tuple(name for name in Begin.__annotations__)


def to_text(entry: Entry) -> str:
    """An entry as it is written: one line of JSON in ASCII."""
    match entry:
        case Begin():
            data: dict[str, Any] = {"kind": "begin"}
            data |= {name: getattr(entry, name) for name in _BEGIN}
        case Happened(of, event, notes, asked, about, at):
            data = {"kind": "event", "at": at, "of": of, "event": _flat(event)}
            data |= {"notes": notes} if notes else {}
            data |= {"asked": asked} if asked else {}
            data |= {"about": about} if about else {}
    return _written(data)


def from_text(text: str) -> Entry:
    """The entry that was written. Raises `ValueError` for what is none."""
    data = json.loads(text)
    try:
        kind = data.pop("kind")
        if kind == "begin":
            return Begin(**data)
        data["event"] = event_of(data["event"])
        return Happened(**data)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no entry: {error}") from error


def event_of(data: Sequence[Any]) -> Event:
    """The event that JSON data stand for."""
    name, *members = data
    kind = _EVENTS[name]
    if kind is Rerun:
        return Rerun(tuple(RerunTask(*task) for task in members[0]))
    found: Event = kind(*members)
    return found


def settled(event: Event) -> Event:
    """The same event with plain JSON data in it, as a replay will see it."""
    match event:
        case events.ActionEnded(_, _, result):
            kept = plain(result)
            return event if kept is result else replace(event, result=kept)
        case Start(inputs, context):
            return Start(plain(inputs), plain(context))
        case _:
            return event


def digest(asked: Sequence[Request]) -> str:
    """What names the requests to the byte."""
    if not asked:
        return "-"
    text = _written([_flat(request) for request in asked])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def requests_data(asked: Sequence[Request]) -> list[Any]:
    """Requests as JSON data, for people to look at."""
    return [_named(request) for request in asked]


def _flat(one: Event | Request) -> list[Any]:
    name = type(one).__name__
    if isinstance(one, Rerun):
        return [name, [[t.task, t.route, t.reset_items] for t in one.tasks]]
    return [name, *(getattr(one, member) for member in _MEMBERS.get(name, _of(one)))]


def _of(one: Event | Request) -> tuple[str, ...]:
    return ("id",) if isinstance(one, _CONTROL) else ()


_CONTROL = (requests.CancelAction, requests.PauseAction, requests.ResumeAction)


def _named(one: Event | Request) -> dict[str, Any]:
    name = type(one).__name__
    members = _MEMBERS.get(name, _of(one))
    return {"request": name, **{member: getattr(one, member) for member in members}}


def _written(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), default=_strange)


def _strange(value: Any) -> Any:
    """What is no JSON: mappings and sequences of other kinds, and what only has a text."""
    if isinstance(value, Mapping):
        return dict(value)
    return plain(value)
