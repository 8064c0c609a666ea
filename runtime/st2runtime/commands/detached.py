"""Background workers: processes of their own, which end when nothing is left to do.

A worker is `st2c` itself. What it says goes to a file beside the journal, and is shown when it cannot begin.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from st2lang.commands.options import UsageError
from st2runtime.commands.keeping import DETACHED
from st2runtime.engines.contexts import new_id

if TYPE_CHECKING:
    from st2runtime.journal.store import Store

_PATIENCE = 30.0


def detach_run(args: argparse.Namespace) -> int:
    """Begin a run in the background; prints its id."""
    from st2runtime.commands.stores import open_store, told
    from st2runtime.journal.errors import UnknownExecutionError

    store, execution = open_store(args), new_id()

    def begun() -> bool:
        try:
            return bool(store.find(execution))
        except UnknownExecutionError:
            return False

    words = [word for word in sys.argv[1:] if word != "--detach"]
    with told():
        _spawn([*words, "--quiet"], execution, _log(args.store, execution), begun)
    if args.format == "json":
        print(f'{{"id": "{execution}"}}')
    else:
        print(execution)
    return 0


def detach_resume(store: Store, args: argparse.Namespace, execution: str) -> None:
    """Have a worker go on with an execution; returns when it has read its mail, or has ended."""
    words = ["resume", execution, "--quiet"]
    if args.store:
        words += ["--store", args.store]
    before = store.find(execution).entries

    def begun() -> bool:
        found = store.find(execution)
        going = found.entries > before or bool(found.holder)
        return going and not store.waiting(execution)

    _spawn(words, "", _log(args.store, execution), begun)


def worker() -> bool:
    """Whether this process is one."""
    return DETACHED in os.environ


def _spawn(words: Sequence[str], execution: str, log: Path, begun: object) -> None:
    """Start a worker, and wait until it has begun. Raises `UsageError` when it ends before."""
    assert callable(begun)
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {**os.environ, DETACHED: execution, "PYTHONUNBUFFERED": "1"}
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as out:
        worker = subprocess.Popen(
            [sys.executable, "-m", "st2lang.commands.main", *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment,
            start_new_session=True,
        )
    until = time.monotonic() + _PATIENCE
    while not begun():
        if worker.poll() is not None:
            if begun() or worker.returncode == 0:
                return
            said = log.read_text(encoding="utf-8", errors="replace").strip()
            raise UsageError(said.removeprefix("st2c: error: ") or "the worker has ended at once")
        if time.monotonic() > until:
            raise UsageError(f"the worker (process {worker.pid}) does not begin; see `{log}`")
        time.sleep(0.02)
    worker.returncode = 0  # it goes on by itself: nobody waits for it here


def _log(store: str | None, execution: str) -> Path:
    from st2runtime.journal.schema import default_path

    path = Path(store) if store else default_path()
    return path.with_name(path.name + ".workers") / f"{execution}.log"
