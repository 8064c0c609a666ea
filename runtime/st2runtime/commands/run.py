"""`st2c run`: an action or a workflow, here, as StackStorm would run it."""

from __future__ import annotations

import argparse
import gc
from typing import Any

from st2lang.commands.options import (
    Parser,
    choice,
    colour_option,
    config_options,
    count,
    pack_option,
)
from st2runtime.commands.stores import database, database_option

SUMMARY = "run an action or a workflow here, without a server"

FORMATS = ("text", "json")
EPILOG = """examples:
  st2c run core.local cmd='uname -a'
  st2c run breakfast.make_breakfast guests=Ada,Grace --pack-dir docs/examples
  st2c run actions/workflows/deploy.yaml --params staging.yaml
  st2c run deploy.yaml --dry-run                      what would run, with which input
  st2c run deploy.yaml --mock answers.yaml            results for some tasks or actions
  st2c run deploy.yaml --until restart --mock-all     what `restart` would begin with
  st2c run deploy.yaml --record tests/deploy.yaml     keep the run as a case for st2c test
  st2c run graph.json --format json | jq .output      a compiled workflow
  st2c run deploy.yaml --database postgresql://st2c@db/st2c     on the machines of its workers

Values are read by the types that the action declares: lists as JSON or a,b, mappings as JSON or k=v,k=v;
@name=FILE is the content of a file.
Ctrl-C cancels as StackStorm does: what runs may finish. A second one ends everything at once.
exit codes: 0 succeeded, 1 failed, 2 wrong use, 130 cancelled"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "target",
        metavar="ACTION|FILE",
        help="`pack.action`, or a workflow, action metadata or compiled graph",
    )
    parser.add_argument(
        "words", nargs="*", default=[], metavar="NAME=VALUE", help="parameters, as for `st2 run`"
    )
    _given(parser.add_argument_group("what it is given"))
    _found(parser.add_argument_group("where things are"))
    _done(parser.add_argument_group("what is done"))
    _shown(parser.add_argument_group("how it is shown"))
    if isinstance(parser, Parser):
        parser.intermixed = True


def unasked() -> dict[str, Any]:
    """The arguments as they are when none is given."""
    parser = Parser()
    configure(parser)
    return vars(parser.parse([""]))


def _given(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--params", metavar="FILE", help="parameters from JSON or YAML; - for stdin")
    group.add_argument("--user", metavar="NAME", help="who runs it (default: stanley)")
    group.add_argument(
        "--context",
        action="append",
        metavar="NAME=VALUE",
        help="more of the execution's context, such as api_user or source_channel (repeatable)",
    )


def _found(group: argparse._ArgumentGroup) -> None:
    place_options(group)
    group.add_argument("--datastore", metavar="FILE", help="the datastore that `st2kv` reads")
    group.add_argument(
        "--with-dependencies",
        action="store_true",
        help="run Python actions with their pack's requirements, installed once in an environment",
    )
    config_options(group)


PLACES = ("pack_dir", "config_dir", "config", "no_config")
"""The arguments that say where things are on a machine."""


def place_options(group: argparse._ActionsContainer) -> None:
    """Options for the packs and their configurations."""
    pack_option(group)
    group.add_argument(
        "--config-dir",
        action="append",
        metavar="FOLDER",
        help="a folder of pack configurations, PACK.yaml (repeatable; default: StackStorm's)",
    )


def _done(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--force", action="store_true", help="run a workflow in which the checks find errors"
    )
    group.add_argument(
        "--dry-run", action="store_true", help="run nothing; print what would run, with its input"
    )
    group.add_argument(
        "--mock", metavar="FILE", help="results of tasks and actions, which are not run then"
    )
    group.add_argument(
        "--mock-all",
        action="store_true",
        help="run nothing: all that is not mocked succeeds, with what it gave in the last run that is kept, else a sample",
    )
    group.add_argument(
        "--until", metavar="TASK", help="stop before this task, and show its context and input"
    )
    group.add_argument(
        "--record", metavar="FILE", help="write the run as a rehearsal case, secrets masked"
    )
    group.add_argument(
        "--store", metavar="FILE", help="the journal to keep the run in (ST2C_STORE names one too)"
    )
    database_option(group)
    group.add_argument(
        "--queue", metavar="NAME", help="the queue of --database to put it into (default: default)"
    )
    group.add_argument("--no-store", action="store_true", help="do not keep the run")
    group.add_argument(
        "--detach", action="store_true", help="run it in the background, and print its id"
    )
    group.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="end it when it takes longer"
    )
    group.add_argument(
        "--concurrency", type=count, metavar="N", help="actions that run at a time (default: 32)"
    )


def _shown(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--format",
        type=choice(*FORMATS),
        choices=FORMATS,
        default="text",
        metavar="FORMAT",
        help="text (default), or json: only the result",
    )
    colour_option(group)
    group.add_argument(
        "-q", "--quiet", action="store_true", help="only the output, and what has failed"
    )


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of seconds")
    return found


def run(args: argparse.Namespace) -> int:
    """Run it; see EPILOG for the exit codes."""
    from st2lang.commands.options import UsageError
    from st2runtime.commands import keeping
    from st2runtime.commands.run_session import run_session
    from st2runtime.commands.run_setup import refused, session
    from st2runtime.journal.errors import JournalError

    gc.set_threshold(50_000)  # analysis and evaluation make many small objects and few cycles
    args.database = "" if args.no_store else database(args)
    made = session(args)
    if made is None:
        return 2
    if made.errors and not args.force:
        return refused(made)
    if args.queue and not args.database:
        raise UsageError("--queue names a queue of a database: give --database too")
    _ = made.stand_ins  # a task that there is not is told before anything begins
    if args.database and not (args.dry_run or args.mock_all or args.until):
        from st2runtime.commands.run_elsewhere import run_elsewhere

        return run_elsewhere(made)
    if args.detach:
        from st2runtime.commands.detached import detach_run

        return detach_run(args)
    try:
        return run_session(made, keeping.begin(args, made.secrets))
    except JournalError as error:
        raise UsageError(f"{error} (`--no-store` runs without a journal)") from error
