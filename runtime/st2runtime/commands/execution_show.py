"""`st2c execution list|get|output|tail|context`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2runtime.actions.secrets import Secrets
from st2runtime.commands import open_inquiries
from st2runtime.commands.run_json import print_data, times_data, workflow_data
from st2runtime.commands.stores import of_many
from st2runtime.engines.results import timestamp
from st2runtime.engines.steps import BAD, FINAL
from st2runtime.journal.errors import UnknownExecutionError
from st2runtime.journal.fold import Fold, Replayed
from st2runtime.journal.store import Query, Store, Summary

if TYPE_CHECKING:
    from st2runtime.conducting.state import TaskRun
    from st2runtime.engines.execution import Execution

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LIMIT = 50


def age(text: str) -> float:
    """Seconds that `90s`, `15m`, `12h`, `30d` or `2w` mean. Raises `UsageError`."""
    number, unit = text[:-1], text[-1:]
    try:
        return float(number) * _UNITS[unit]
    except (KeyError, ValueError):
        raise UsageError(f"`{text}` is no time: write 90s, 15m, 12h, 30d or 2w") from None


def replayed(store: Store, execution: str) -> Replayed:
    """A run as its log tells it. Raises `JournalError`."""
    return Fold(store.graph).read(store.entries(execution))


def hidden(store: Store, summary: Summary) -> Secrets:
    """The secrets of a run, to mask with."""
    secrets = Secrets()
    secrets.add(store.secrets(summary.id))
    return secrets


# -- list ----------------------------------------------------------------------------------------


def show_list(store: Store, args: argparse.Namespace) -> int:
    """`list`"""
    since = None if args.since is None else time.time() - age(args.since)
    query = Query(args.action, None, args.status or (), since, None, args.limit or _LIMIT)
    found = store.executions(query)
    if args.format == "json":
        print_data([summary_data(one) for one in found])
        return 0
    if not found:
        print("There are no runs.", file=sys.stderr)
    many = of_many(store) is not None
    _table(found, "waits for a worker" if many else "cut off: st2c resume goes on")
    return 0


def summary_data(one: Summary) -> dict[str, Any]:
    """A run as JSON data, as lists show it."""
    return {
        "id": one.id,
        "action": one.action,
        "status": one.status,
        "source": one.source,
        "user": one.user,
        "start_timestamp": timestamp(one.began),
        "end_timestamp": timestamp(one.ended),
        "holder": one.holder,
    }


def _table(found: list[Summary] | Any, unheld: str) -> None:
    from st2lang.commands.terminal import Paint, printable, wants_colour
    from st2runtime.display.words import GLYPHS, STYLES, duration

    paint = Paint(wants_colour("auto", sys.stdout))
    width = max((len(one.action) for one in found), default=0)
    for one in found:
        began = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(one.began))
        took = duration(max(0.0, (one.ended or time.time()) - one.began))
        status = f"{GLYPHS.get(one.status, '·')} {one.status}"
        cut = not one.holder and one.status not in (*FINAL, "paused")
        note = one.holder or (unheld if cut else "")
        line = f"{one.id}  {paint(STYLES.get(one.status, 'frame'), f'{status:<11}')}  "
        print(f"{line}{printable(one.action):<{width}}  {began}  {took:>8}  {note}".rstrip())


# -- get -----------------------------------------------------------------------------------------


def get(store: Store, args: argparse.Namespace) -> int:
    """`get`"""
    summary = store.find(args.execution)
    run = replayed(store, summary.id)
    secrets = hidden(store, summary)
    if args.graph is not None:
        return _draw(run, args)
    if args.task:
        found = [one for one in _tasks(run) if one["task_id"] == args.task]
        if not found:
            raise UsageError(f"the task `{args.task}` has not run in {summary.id}")
        print_data(secrets.data(found))
    elif args.format == "json":
        print_data(secrets.data(execution_data(summary, run)))
    else:
        _report(run, secrets, args)
    return 1 if run.status in BAD else 0


def _tasks(run: Replayed) -> list[Any]:
    return list(workflow_data(run.root).get("tasks", ()))


def execution_data(summary: Summary, run: Replayed) -> dict[str, Any]:
    """All there is to know of a run, as JSON data that is not masked yet."""
    root, begin, main = run.root, run.begins[0], run.main
    found = {
        **summary_data(summary),
        "status": run.status,
        "parameters": dict(begin.parameters),
        "context": dict(begin.context),
        "result": root.result,
        **workflow_data(root),
        **times_data(root),
    }
    if main is not None:
        found["spec"] = {"source": begin.entry_point, "hash": begin.graph}
        found["graph"] = main.graph.to_json()
        found["state"] = main.conductor.serialize()
        found["wakers"] = [*main.wakers, *(one.waker() for one in open_inquiries.of_run(run))]
    return found


def _report(run: Replayed, secrets: Secrets, args: argparse.Namespace) -> None:
    """As the end of `st2c run` shows it."""
    from st2runtime.actions.runnable import Runnable
    from st2runtime.actions.target import Target
    from st2runtime.commands import run_report
    from st2runtime.commands.run_session import Outcome

    begin = run.begins[0]
    shown = argparse.Namespace(color="auto", quiet=False, dry_run=False, format="text", record=None)
    runnable = Runnable(begin.action, begin.pack, begin.runner, entry_point=begin.entry_point)
    run_report.print_result(_Looked(shown, Target(runnable), secrets), Outcome(run.root))


class _Looked:
    """What the report of a run asks of its session."""

    def __init__(self, args: argparse.Namespace, target: Any, secrets: Secrets) -> None:
        self.args, self.target, self.secrets = args, target, secrets

    def pack_path(self, action: str) -> str:
        """Packs are not looked for: the run may have been anywhere."""
        return ""


def _draw(run: Replayed, args: argparse.Namespace) -> int:
    from st2lang.commands.terminal import Paint, wants_colour
    from st2lang.drawing import DrawingError
    from st2runtime.display.path import drawn

    if run.main is None:
        raise UsageError("an action that is no workflow has no graph")
    colour = args.graph == "ascii" and wants_colour("auto", sys.stdout)
    try:
        text = drawn(run.main, args.graph, Paint(True) if colour else None)
    except DrawingError as error:
        raise UsageError(str(error)) from error
    sys.stdout.write(text)
    return 0


# -- output, tail --------------------------------------------------------------------------------


def output(store: Store, args: argparse.Namespace) -> int:
    """`output`"""
    from st2runtime.commands.run_failures import yaml_lines

    summary = store.find(args.execution)
    run = replayed(store, summary.id)
    value = run.root.result if run.main is None else run.root.output
    shown = hidden(store, summary).data(value)
    if args.format == "json":
        print_data(shown)
    elif shown is not None:
        print("\n".join(yaml_lines(shown)))
    return 1 if run.status in BAD else 0


def tail(store: Store, args: argparse.Namespace) -> int:
    """`tail`"""
    from st2lang.commands.terminal import Paint, wants_colour
    from st2runtime.display.lines import Lines

    summary = store.find(args.execution)
    reader, fold = store.reader(summary.id), Fold(store.graph)
    secrets = hidden(store, summary)
    lines = Lines(sys.stdout, Paint(wants_colour("auto", sys.stdout)), secrets.text, secrets.data)
    while True:
        held = store.find(summary.id).holder
        for entry in reader.read():
            for step in fold.take(entry).steps:
                lines.changed(step)
        assert fold.run is not None
        if fold.run.status in (*FINAL, "paused") or not (held or _waits(store, summary.id)):
            break
        secrets.add(store.secrets(summary.id))
        time.sleep(0.2)
    status = fold.run.status
    if status not in (*FINAL, "paused"):
        print(f"Its process has gone: `st2c resume {summary.id}` goes on.", file=sys.stderr)
    return 1 if status in BAD else 0


def _waits(store: Store, execution: str) -> bool:
    """Whether an execution that nobody runs waits for a worker."""
    many = of_many(store)
    return many is not None and not many.reason(execution)


# -- context -------------------------------------------------------------------------------------


def context(store: Store, args: argparse.Namespace) -> int:
    """`context`"""
    source = os.path.realpath(args.file)
    try:
        found = _run_of(store, args, source)
    except UnknownExecutionError as error:
        print(f"st2c: {error}", file=sys.stderr)
        return 1
    if found is None:
        print(
            f"st2c: no run of `{args.file}` in which `{args.task}` has begun is kept",
            file=sys.stderr,
        )
        return 1
    summary, execution, task = found
    data = {"execution": summary.id, **_seen(execution, task)}
    print_data(hidden(store, summary).data(data))
    return 0


def _run_of(
    store: Store, args: argparse.Namespace, source: str
) -> tuple[Summary, Execution, TaskRun] | None:
    """The latest run of a task in a workflow file: of a run of it, or of a sub-workflow that it was."""
    if args.execution:
        candidates = [store.find(args.execution)]
    else:
        candidates = list(store.executions(Query(source=source, limit=5)))
        if not candidates:
            raise UnknownExecutionError(f"no run of `{args.file}` is kept")
    for summary in candidates:
        run = replayed(store, summary.id)
        for begin, execution in reversed(list(zip(run.begins, run.executions, strict=False))):
            if os.path.realpath(begin.entry_point) != source:
                continue
            for task in reversed(execution.conductor.sequence):
                if task.task == args.task:
                    return summary, execution, task
    return None


def _seen(execution: Execution, task: TaskRun) -> dict[str, Any]:
    """What a task run saw and gave."""
    variables = execution.conductor.variables(task)
    return {
        "task": task.task,
        "route": task.route,
        "context": {k: v for k, v in variables.items() if not k.startswith("__")},
        "result": task.result,
        "item": _first_item(execution, task, variables),
        "status": task.status,
    }


def _first_item(execution: Execution, task: TaskRun, variables: Mapping[str, Any]) -> Any:
    """The first of the items that a task runs for; None without any."""
    from st2lang.evaluation import EvaluationError, Scope, render
    from st2runtime.conducting.orquesta import unpacked

    spec = execution.graph.tasks[task.task].items if task.task in execution.graph.tasks else None
    if spec is None:
        return None
    try:
        items = render(spec.items, Scope(variables))
    except EvaluationError:
        return None
    return unpacked(spec.names, items[0]) if isinstance(items, list) and items else None


VERBS = {"list": show_list, "get": get, "output": output, "tail": tail, "context": context}
