"""Goes on with a run from its journal, in this process."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2runtime.actions import target
from st2runtime.actions.errors import ActionError
from st2runtime.actions.target import Target, of_graph
from st2runtime.commands.keeping import Keeping, in_background

if TYPE_CHECKING:
    from st2runtime.commands.run_setup import Session
    from st2runtime.journal.fold import Replayed
    from st2runtime.journal.store import Store


def go_on(store: Store, execution: str, args: argparse.Namespace) -> int:
    """Hold an execution and go on with it to its end, or until it rests; gives the exit code.

    `args` says how it is shown. Raises `JournalError`, and `UsageError` when what it needs is not there.
    """
    from st2runtime.actions.secrets import Secrets
    from st2runtime.commands.run_session import run_session
    from st2runtime.journal.fold import Fold

    secrets = Secrets()
    log = store.open(execution, secrets)
    try:
        replayed = Fold(store.graph).read(store.entries(execution))
        around = replayed.begins[0].around
        keeping = Keeping(store, log, around, in_background())
        session = _session(replayed, {**around}, args, secrets)
    except BaseException:
        log.release()
        raise
    return run_session(session, keeping, replayed)


def _session(
    replayed: Replayed, around: Mapping[str, Any], shown: argparse.Namespace, secrets: Any
) -> Session:
    """What is around the run, as it was when it began."""
    from st2runtime.commands import run_setup

    folder = around.get("cwd")
    if folder and os.path.isdir(folder):
        os.chdir(folder)
    args = _arguments(around, shown)
    made = run_setup.surroundings(args, secrets)
    if made is None:
        raise UsageError("the configuration of the run cannot be read")
    begin = replayed.begins[0]
    try:
        found = target.find(args.target, made.library, made.workflows)
    except ActionError as error:
        if replayed.main is None:
            raise UsageError(str(error)) from error
        found = Target(of_graph(replayed.main.graph, begin.entry_point, begin.pack))
    prepared = None
    if replayed.main is None:
        try:
            prepared = made.desk.root(found.runnable, begin.given)
        except ActionError as error:
            raise UsageError(str(error)) from error
    return run_setup.Session(
        args, found, made.desk, begin.given, prepared, secrets, made.store, run_setup.mocks(args)
    )


def _arguments(around: Mapping[str, Any], shown: argparse.Namespace) -> argparse.Namespace:
    """The arguments of the run: what was kept of them, and how it is shown now."""
    from st2runtime.commands.run import unasked

    plain = unasked()
    own = {name: value for name, value in vars(shown).items() if name in plain}
    kept = {name: value for name, value in around.items() if name in plain}
    return argparse.Namespace(**{**plain, **own, **kept})
