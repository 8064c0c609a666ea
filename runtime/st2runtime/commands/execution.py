"""`st2c execution`: the runs that are kept, in the words of `st2 execution`."""

from __future__ import annotations

import argparse
from typing import Any

from st2lang.commands.options import choice, count
from st2runtime.commands import stores

SUMMARY = "look at runs that are kept, and control them"

STATUSES = (
    "requested", "running", "pausing", "paused", "resuming", "canceling",
    "canceled", "succeeded", "failed", "timeout", "abandoned",
)  # fmt: skip
GRAPHS = ("ascii", "svg", "mermaid", "dot")
EPILOG = """examples:
  st2c execution list --status failed
  st2c execution get last                        the tree, what has failed, the output
  st2c execution get 5f3c --format json | jq .tasks
  st2c execution get 5f3c --graph                the path that was taken
  st2c execution tail 5f3c                       what happens, as it happens
  st2c execution pause 5f3c; st2c execution resume 5f3c
  st2c execution rerun 5f3c --tasks build,deploy --no-reset build
  st2c execution export 5f3c --as rehearsal -o tests/deploy.yaml
  st2c execution replay 5f3c --result check='{"stdout": "down"}'
  st2c execution diff 5f3c 8a01                  where two runs parted
  st2c execution purge --older-than 30d

ID is what the id of a run begins with, or `last`. Times are written 90s, 15m, 12h, 30d or 2w.
exit codes: 0 found or done, 1 it has failed (get, tail, rerun --wait), differs (diff) or is not there
(context), 2 wrong use or unusable journal"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the commands and their arguments."""
    parser.epilog = EPILOG
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    _reading(verbs)
    _controlling(verbs)
    _comparing(verbs)


def _reading(verbs: Any) -> None:
    show = stores.verb(verbs, "list", "list the runs, latest first")
    show.add_argument(
        "-n", "--limit", type=count, metavar="N", help="at most so many (default: 50)"
    )
    show.add_argument("--action", metavar="REF", help="only runs of this action")
    show.add_argument(
        "--status", type=choice(*STATUSES), choices=STATUSES, action="append", metavar="STATUS",
        help="only runs with this status (repeatable)",
    )  # fmt: skip
    show.add_argument("--since", metavar="AGE", help="only runs that began within this time")

    get = _of_one(verbs, "get", "show a run: its tasks, what has failed, its output")
    get.add_argument(
        "--graph", nargs="?", const="ascii", choices=GRAPHS, type=choice(*GRAPHS), metavar="FORMAT",
        help="draw the path that was taken: ascii (default), svg, mermaid, dot",
    )  # fmt: skip
    get.add_argument("--task", metavar="NAME", help="only the runs of this task")
    _of_one(verbs, "output", "print the output of a run, or the result of an action")
    _of_one(verbs, "tail", "follow a run until it ends or rests")
    context = stores.verb(verbs, "context", "what a task of a workflow file last saw and gave")
    context.add_argument("file", metavar="FILE", help="the workflow file")
    context.add_argument("--task", metavar="NAME", required=True, help="the task")
    context.add_argument(
        "--execution", metavar="ID", help="this run (default: the latest of the file)"
    )


def _controlling(verbs: Any) -> None:
    _of_one(verbs, "pause", "let what runs finish, and start nothing new")
    resume = _of_one(verbs, "resume", "go on after a pause, in the background")
    resume.add_argument("--wait", action="store_true", help="go on here, until it ends or rests")
    _of_one(verbs, "cancel", "end it as StackStorm does: what runs may finish")
    rerun = _of_one(verbs, "rerun", "run again what has failed, in the background")
    rerun.add_argument(
        "--tasks", metavar="NAME,…", help="run these tasks again (name, or name__r1)"
    )
    rerun.add_argument(
        "--no-reset", metavar="NAME,…", help="of these tasks with items run only the failed items"
    )
    rerun.add_argument("--wait", action="store_true", help="run here, until it ends or rests")
    _of_one(verbs, "delete", "forget a run that does not go on")
    purge = stores.verb(verbs, "purge", "forget runs that have ended")
    purge.add_argument(
        "--older-than", metavar="AGE", required=True, help="that began before this time"
    )
    purge.add_argument("--status", type=choice(*STATUSES), choices=STATUSES, action="append",
                       metavar="STATUS", help="only those with this status (repeatable)")  # fmt: skip


def _comparing(verbs: Any) -> None:
    export = _of_one(verbs, "export", "write a run for another use")
    export.add_argument(
        "--as", dest="form", choices=("rehearsal", "log"), type=choice("rehearsal", "log"),
        default="rehearsal", metavar="FORM",
        help="rehearsal (default): a case for `st2c test`, secrets masked; log: its entries, a line each",
    )  # fmt: skip
    export.add_argument(
        "-o", "--output", metavar="FILE", help="where to (default: standard output)"
    )
    replay = _of_one(verbs, "replay", "conduct a run again, step by step; nothing is run")
    replay.add_argument(
        "--result", action="append", metavar="TASK=JSON",
        help="what a task gives instead (repeatable); the run goes on from there as far as it is known",
    )  # fmt: skip
    replay.add_argument(
        "--status",
        action="append",
        metavar="TASK=STATUS",
        help="how a task ends instead (repeatable)",
    )
    diff = stores.verb(verbs, "diff", "where two runs parted")
    diff.add_argument("first", metavar="ID", help="a run")
    diff.add_argument("second", metavar="ID", help="another one")


def _of_one(verbs: Any, name: str, summary: str) -> argparse.ArgumentParser:
    parser = stores.verb(verbs, name, summary)
    parser.add_argument("execution", metavar="ID", help="the run")
    return parser


def run(args: argparse.Namespace) -> int:
    """Do it; see EPILOG for the exit codes."""
    from st2runtime.commands import execution_compare, execution_control, execution_show

    verbs = {**execution_show.VERBS, **execution_control.VERBS, **execution_compare.VERBS}
    with stores.told():
        return verbs[args.verb](stores.open_store(args), args)
