"""`st2c execution pause|resume|cancel|rerun|delete|purge`: what is wanted goes by mail to whoever runs it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from st2lang.commands.options import UsageError
from st2lang.commands.terminal import printable
from st2runtime.commands import open_inquiries
from st2runtime.commands.execution_show import age, replayed
from st2runtime.commands.run_json import print_data
from st2runtime.commands.stores import of_many
from st2runtime.engines.steps import FINAL
from st2runtime.journal.store import Mail, Query, Store, Summary

if TYPE_CHECKING:
    from st2runtime.commands.open_inquiries import Inquiry
    from st2runtime.events import RerunTask

_PATIENCE = 15.0


def pause(store: Store, args: argparse.Namespace) -> int:
    """`pause`"""
    summary = store.find(args.execution)
    _refuse(summary, (*FINAL, "paused", "pausing"), "paused")
    if not summary.holder and of_many(store) is None:
        raise UsageError(
            f"nobody runs {summary.id} now, so there is nothing to pause: its process has gone "
            f"(`st2c resume {summary.id}` goes on)"
        )
    return _told(store, args, summary, _taken(store, args, summary, Mail("pause")))


def resume(store: Store, args: argparse.Namespace) -> int:
    """`resume`"""
    summary = store.find(args.execution)
    _refuse(summary, FINAL, "resumed")
    if summary.status != "paused" and summary.holder and summary.status != "pausing":
        raise UsageError(f"{summary.id} is {summary.status}, and {summary.holder} runs it")
    if summary.status == "paused":
        asks = waits_for_answers(store, summary)
        if asks and not any(one.overdue for one in asks):
            tell(asks)
            return _told(store, args, summary, False)
        taken = bool(asks and summary.holder) or (not asks and send(store, summary, Mail("resume")))
    else:
        taken = summary.status == "pausing" and send(store, summary, Mail("resume"))
    return _told(store, args, summary, taken or wake(store, args, summary.id))


def waits_for_answers(store: Store, summary: Summary) -> list[Inquiry]:
    """The inquiries without whose answers a paused run does not go on; none when it can."""
    run = replayed(store, summary.id)
    asks = open_inquiries.of_run(run)
    return asks if asks and open_inquiries.alone(run) else []


def tell(asks: Sequence[Inquiry]) -> None:
    """Say what a run waits for, and how to answer."""
    for one in asks:
        print(printable(one.how()), file=sys.stderr)


def cancel(store: Store, args: argparse.Namespace) -> int:
    """`cancel`"""
    from st2runtime.commands.going_on import go_on

    summary = store.find(args.execution)
    _refuse(summary, FINAL, "canceled")
    if of_many(store) is not None:
        return _told(store, args, summary, _taken(store, args, summary, Mail("cancel")))
    if not send(store, summary, Mail("cancel")):
        quiet = argparse.Namespace(quiet=True, format="text", color="never", store=args.store)
        go_on(store, summary.id, quiet)
    return _told(store, args, summary, True)


def rerun(store: Store, args: argparse.Namespace) -> int:
    """`rerun`"""
    summary = store.find(args.execution)
    if summary.status not in FINAL:
        raise UsageError(f"{summary.id} has not ended: it is {summary.status}")
    tasks = _tasks(args)
    _check_rerun(store, summary, tasks)
    mailed = [[one.task, one.route, one.reset_items] for one in tasks]
    taken = send(store, summary, Mail("rerun", {"tasks": mailed}))
    return _told(store, args, summary, taken or wake(store, args, summary.id))


def _tasks(args: argparse.Namespace) -> tuple[RerunTask, ...]:
    """The task runs to repeat."""
    from st2runtime.events import RerunTask

    kept = _names(args.no_reset)
    names = _names(args.tasks)
    unknown = [name for name in kept if name not in names]
    if unknown:
        raise UsageError(f"--no-reset: `{unknown[0]}` is not among the --tasks")
    found: list[RerunTask] = []
    for name in names:
        task, mark, route = name.rpartition("__r")
        numbered = bool(mark) and route.isdecimal()
        own = (task, int(route)) if numbered else (name, 0)
        found.append(RerunTask(*own, reset_items=name not in kept))
    return tuple(found)


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _check_rerun(store: Store, summary: Summary, tasks: tuple[RerunTask, ...]) -> None:
    """Say at once what the conductor would refuse."""
    from st2runtime.conductor import InvalidEvent
    from st2runtime.events import Rerun

    main = replayed(store, summary.id).main
    if main is None:
        raise UsageError("an action that is no workflow has no tasks: run it anew")
    try:
        main.conductor.handle(Rerun(tasks))
    except InvalidEvent as error:
        raise UsageError(str(error)) from error


def delete(store: Store, args: argparse.Namespace) -> int:
    """`delete`"""
    summary = store.find(args.execution)
    store.delete(summary.id)
    if args.format == "json":
        print_data({"id": summary.id, "deleted": True})
    else:
        print(f"{summary.id} is forgotten.")
    return 0


def purge(store: Store, args: argparse.Namespace) -> int:
    """`purge`"""
    before = time.time() - age(args.older_than)
    number = store.purge(Query(before=before, statuses=args.status or ()))
    if args.format == "json":
        print_data({"deleted": number})
    else:
        print(f"{number} {'run is' if number == 1 else 'runs are'} forgotten.")
    return 0


# -- mail ----------------------------------------------------------------------------------------


def send(store: Store, summary: Summary, mail: Mail) -> bool:
    """Put it into the mailbox; whether a process that runs it has taken it within a while."""
    number = store.post(summary.id, mail)
    until = time.monotonic() + _PATIENCE
    while store.find(summary.id).holder:
        if number not in store.waiting(summary.id):
            return True
        if time.monotonic() > until:
            print(
                f"st2c: {summary.holder} does not look into its mailbox; it will, when it goes on",
                file=sys.stderr,
            )
            return True
        time.sleep(0.05)
    return number not in store.waiting(summary.id)


def _taken(store: Store, args: argparse.Namespace, summary: Summary, mail: Mail) -> bool:
    """Put it into the mailbox; who runs it takes it, or somebody is called."""
    return send(store, summary, mail) or (
        of_many(store) is not None and wake(store, args, summary.id)
    )


def wake(store: Store, args: argparse.Namespace, execution: str) -> bool:
    """Have somebody go on with it: a worker, this process with `--wait`, else one in the background."""
    from st2runtime.commands.detached import detach_resume
    from st2runtime.commands.going_on import go_on

    many = of_many(store)
    if many is not None:
        from st2runtime.commands.run_elsewhere import call

        return call(many, execution, wait=getattr(args, "wait", False))
    if getattr(args, "wait", False):
        shown = argparse.Namespace(quiet=False, format=args.format, color="auto", store=args.store)
        raise SystemExit(go_on(store, execution, shown))
    detach_resume(store, args, execution)
    return True


def _refuse(summary: Summary, statuses: tuple[str, ...] | frozenset[str], wanted: str) -> None:
    if summary.status in statuses:
        raise UsageError(f"{summary.id} cannot be {wanted}: it is {summary.status}")


def _told(store: Store, args: argparse.Namespace, summary: Summary, done: bool) -> int:
    """Say what it is now."""
    now = store.find(summary.id)
    if args.format == "json":
        print_data({"id": now.id, "status": now.status})
    else:
        print(f"{now.id} is {now.status}.")
    return 0 if done else 1


VERBS = {
    "pause": pause,
    "resume": resume,
    "cancel": cancel,
    "rerun": rerun,
    "delete": delete,
    "purge": purge,
}
