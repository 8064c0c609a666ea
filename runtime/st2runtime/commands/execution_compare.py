"""`st2c execution export|replay|diff`: a run as a case, conducted again, beside another."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2runtime.commands.execution_show import hidden, replayed
from st2runtime.commands.run_json import print_data
from st2runtime.engines.steps import FINAL
from st2runtime.events import Event, Start
from st2runtime.journal.entries import Happened, requests_data, to_text
from st2runtime.journal.fold import Fold, Replayed
from st2runtime.journal.store import Store

if TYPE_CHECKING:
    from st2runtime.actions.secrets import Secrets
    from st2runtime.engines.execution import Execution
    from st2runtime.requests import Request

# -- export --------------------------------------------------------------------------------------


def export(store: Store, args: argparse.Namespace) -> int:
    """`export`"""
    summary = store.find(args.execution)
    secrets = hidden(store, summary)
    if args.form == "log":
        lines = (
            json.dumps(secrets.data(json.loads(to_text(e)))) for e in store.entries(summary.id)
        )
        _write(args.output, "".join(f"{line}\n" for line in lines))
        return 0
    from st2runtime.commands.run_record import text_of

    run = replayed(store, summary.id)
    if run.status not in FINAL:
        raise UsageError(f"{summary.id} has not ended: it is {run.status}")
    folder = os.path.dirname(os.path.abspath(args.output)) if args.output else os.getcwd()
    case = _case(store, run, secrets, folder)
    _write(args.output, text_of(case, run.begins[0].action, run.status))
    return 0


def _case(store: Store, run: Replayed, secrets: Secrets, folder: str) -> dict[str, Any]:
    """The case of a run: its inputs, what it read of the datastore, what its actions gave."""
    from st2runtime.commands.run_record import case_of, looks_around, workflow_path

    if run.main is None:
        raise UsageError("an action that is no workflow has nothing to rehearse")
    begin, graph = run.begins[0], run.main.graph
    own = [e for e in store.entries(begin.id) if isinstance(e, Happened) and e.of == 0]
    start = own[0].event
    assert isinstance(start, Start)
    path = workflow_path(begin.entry_point, begin.pack_path, folder)
    context = start.context if looks_around(graph) else {}
    return case_of(run.root, graph, secrets, path, start.inputs, context, found_keys(own))


def found_keys(entries: Iterable[Happened]) -> dict[str, tuple[Any, bool]]:
    """What a run has found in the datastore: values, and whether they were decrypted, by their keys."""
    found: dict[str, tuple[Any, bool]] = {}
    for entry in entries:
        for note in entry.notes:
            if note[0] == "find" and len(note) == 3:
                (key, decrypted), value = note[1], note[2]
                found[key] = (value, decrypted)
    return found


def _write(path: str | None, text: str) -> None:
    if not path or path == "-":
        sys.stdout.write(text)
        return
    from st2runtime.rehearsal.files import write

    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        write(path, text)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror}") from error


# -- replay --------------------------------------------------------------------------------------


def replay(store: Store, args: argparse.Namespace) -> int:
    """`replay`"""
    from st2runtime.commands.execution_edited import edited

    summary = store.find(args.execution)
    secrets = hidden(store, summary)
    results = _edits(args.result, "--result", as_json=True)
    statuses = _edits(args.status, "--status", as_json=False)
    if results or statuses:
        steps = edited(store, summary.id, results, statuses)
    else:
        steps = _as_it_was(store, summary.id)
    shown = [secrets.data(step) for step in steps]
    if args.format == "json":
        print_data(shown)
    else:
        for number, step in enumerate(shown):
            print(_line(number, step))
    return 0


def _as_it_was(store: Store, execution: str) -> Iterator[dict[str, Any]]:
    fold = Fold(store.graph)
    for entry in store.entries(execution):
        moment = fold.take(entry)
        if isinstance(entry, Happened) and moment.execution is not None:
            yield step_data(moment.execution, entry.event, moment.requests)


def step_data(execution: Execution, event: Event, requests: Sequence[Request]) -> dict[str, Any]:
    """One step of a replay as JSON data."""
    name = getattr(event, "id", "")
    told: dict[str, Any] = {"execution": execution.step.id, "event": type(event).__name__}
    if name:
        told |= {"id": name, "task": _task_of(execution, name)}
    for member in ("status", "result", "message"):
        if hasattr(event, member):
            told[member] = getattr(event, member)
    return {**told, "requests": requests_data(requests), "then": execution.conductor.status}


def _task_of(execution: Execution, name: str) -> str:
    """The task that a request is of."""
    number = name.partition(".")[0].partition("~")[0]
    runs = execution.conductor.sequence
    return runs[int(number)].task if number.isdecimal() and int(number) < len(runs) else ""


def _edits(words: list[str] | None, option: str, as_json: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words or ():
        task, equals, text = word.partition("=")
        if not (task and equals):
            raise UsageError(f"{option}: `{word}` is not written TASK=…")
        try:
            found[task] = json.loads(text) if as_json else text
        except ValueError as error:
            raise UsageError(f"{option}: what `{task}` gives is no JSON: {error}") from error
        if not as_json and text not in FINAL:
            raise UsageError(f"{option}: `{text}` is no end; there are {', '.join(sorted(FINAL))}")
    return found


def _line(number: int, step: Mapping[str, Any]) -> str:
    from st2lang.commands.terminal import printable
    from st2runtime.display.words import brief

    about = " ".join(str(step[name]) for name in ("task", "status") if step.get(name))
    asked = [_asked(request) for request in step["requests"]]
    result = f" gives {brief(step['result'], 60)}" if step.get("result") is not None else ""
    then = f" → {', '.join(asked)}" if asked else ""
    return printable(f"{number:>4}  {step['event']:<14} {about}{result}{then}".rstrip())


def _asked(request: Mapping[str, Any]) -> str:
    match request["request"]:
        case "RunAction":
            item = "" if request["item"] is None else f"[{request['item']}]"
            return f"run {request['task']}{item}"
        case "Wait":
            return f"wait {request['seconds']:g} s for {request['task']}"
        case "Complete":
            return f"{request['status']}"
        case kind:
            return f"{kind} {request.get('id', '')}".strip()


# -- diff ----------------------------------------------------------------------------------------


def diff(store: Store, args: argparse.Namespace) -> int:
    """`diff`"""
    ones = [store.find(args.first), store.find(args.second)]
    secrets = [hidden(store, one) for one in ones]
    runs = [replayed(store, one.id) for one in ones]
    found = list(_parted(runs[0], runs[1], secrets[0], secrets[1]))
    if args.format == "json":
        print_data({"first": ones[0].id, "second": ones[1].id, "differences": found})
        return 1 if found else 0
    from st2lang.commands.terminal import printable

    if not found:
        print("Both runs are the same: tasks, inputs, results and output.")
    for one in found:
        print(printable(f"{one['where']}: {one['what']}"))
        print(printable(f"  - {one['first']}\n  + {one['second']}").replace("\\n", "\n"))
    return 1 if found else 0


def _parted(
    first: Replayed, second: Replayed, hide: Secrets, hide_other: Secrets
) -> Iterator[dict[str, Any]]:
    """Where two runs differ, task run by task run, with what is below them."""
    from st2runtime.display.words import brief

    ours, theirs = (_told(first), _told(second))
    for place in dict.fromkeys((*ours, *theirs)):
        mine, other = ours.get(place), theirs.get(place)
        if mine is None or other is None:
            there, gone = (
                ("has run", "has not run") if other is None else ("has not run", "has run")
            )
            yield {
                "where": place,
                "what": "only one of them ran it",
                "first": there,
                "second": gone,
            }
            continue
        for name in mine:
            left, right = hide.data(mine[name]), hide_other.data(other[name])
            if left != right:
                shown = {"first": brief(left, 200), "second": brief(right, 200)}
                yield {"where": place, "what": name, **shown}


def _told(run: Replayed) -> dict[str, dict[str, Any]]:
    """What there is to compare, by the path of each task run in the order of their beginnings."""
    from st2runtime.display.lines import path

    root = run.root
    found: dict[str, dict[str, Any]] = {
        "inputs": {"input": dict(root.parameters)},
    }
    for step in root.walk():
        if step.parent is None:
            continue
        name = _numbered(found, path(step))
        found[name] = {"action": step.action, "input": step.input, "status": step.status}
        found[name]["result"] = step.result
    found["output"] = {"status": run.status, "output": root.output, "errors": list(root.errors)}
    return found


def _numbered(found: Mapping[str, Any], name: str) -> str:
    """The path of a task that has run before, with how often."""
    number, own = 1, name
    while own in found:
        number += 1
        own = f"{name} #{number}"
    return own


VERBS = {"export": export, "replay": replay, "diff": diff}
