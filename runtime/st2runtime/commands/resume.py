"""`st2c resume`: goes on with runs that a crash has cut off, or that rest."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from st2lang.commands.options import UsageError, colour_option
from st2runtime.commands import stores

if TYPE_CHECKING:
    from st2runtime.journal.store import Store, Summary

SUMMARY = "go on with a run after a crash or a pause"

EPILOG = """examples:
  st2c resume                      all runs whose process has gone, one after the other
  st2c resume 5f3c                 one of them, or a run that was paused
  st2c resume 5f3c --detach        in the background

What has ended stays as it is; actions that were under way begin again, with the same ST2C_IDEMPOTENCY_KEY. Where only
an answer helps, it says how to give one; with --detach a worker waits until the time to answer is over.
exit codes: as for `st2c run`; 0 when there is nothing to go on with, 2 when it cannot go on"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "execution", nargs="?", metavar="ID", help="the run, or what its id begins with"
    )
    parser.add_argument("--detach", action="store_true", help="go on in the background")
    stores.options(parser)
    colour_option(parser)
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="only the output, and what has failed"
    )


def run(args: argparse.Namespace) -> int:
    """Go on; see EPILOG for the exit codes."""
    with stores.told():
        store = stores.open_store(args)
        chosen = [store.find(args.execution)] if args.execution else _cut_off(store)
        if not chosen:
            print("There is nothing to go on with.", file=sys.stderr)
        if args.execution:
            return _one(store, chosen[0], args)
        return max((_among_others(store, summary, args) for summary in chosen), default=0)


def _cut_off(store: Store) -> list[Summary]:
    """The runs that no process holds and that were under way, or wait for an answer that comes too late now."""
    from st2runtime.commands.open_inquiries import of_store
    from st2runtime.journal.store import Query

    active = ("requested", "running", "pausing", "canceling", "resuming")
    found = {one.id: one for one in store.executions(Query(statuses=active))}
    found |= {run.id: run for run, one in of_store(store, ("paused",)) if one.overdue}
    return sorted((one for one in found.values() if not one.holder), key=lambda one: one.began)


def _among_others(store: Store, summary: Summary, args: argparse.Namespace) -> int:
    """One of several: those after it go on whatever is wrong with it."""
    from st2lang.commands.terminal import printable
    from st2runtime.journal.errors import JournalError

    try:
        return _one(store, summary, args)
    except (UsageError, JournalError) as error:
        print(f"st2c: error: {summary.id}: {printable(str(error))}", file=sys.stderr)
        return 2


def _one(store: Store, summary: Summary, args: argparse.Namespace) -> int:
    from st2runtime.commands.detached import detach_resume, worker
    from st2runtime.commands.execution_control import tell, waits_for_answers
    from st2runtime.commands.going_on import go_on
    from st2runtime.engines.steps import FINAL
    from st2runtime.journal.store import Mail

    if summary.holder:
        raise UsageError(
            f"the execution {summary.id} is being run by {summary.holder}: "
            f"`st2c execution tail {summary.id}` follows it"
        )
    wanted = store.waiting(summary.id)  # an answer, a rerun: they say what is to come of it
    if summary.status in FINAL and not wanted:
        raise UsageError(
            f"the execution {summary.id} has ended as {summary.status}: `st2c execution rerun "
            f"{summary.id}` runs what has failed again"
        )
    if summary.status == "paused" and not wanted and not worker():
        asks = waits_for_answers(store, summary)
        if not asks:
            store.post(summary.id, Mail("resume"))
        elif not any(one.overdue for one in asks):
            tell(asks)
            if not args.detach or all(one.left is None for one in asks):
                return 1
    many = stores.of_many(store)
    if many is not None:
        from st2runtime.commands.run_elsewhere import call, follow

        call(many, summary.id)
        if args.detach:
            print(summary.id)
            return 0
        return follow(many, summary.id, args)
    if args.detach:
        detach_resume(store, args, summary.id)
        print(summary.id)
        return 0
    return go_on(store, summary.id, args)
