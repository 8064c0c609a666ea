"""`st2c run --database`: a run is made ready here, done by workers, and shown here as it goes.

What is submitted is the journal of the run with its first event: the compiled workflow, its inputs, and what
the workflow asks for first. The worker that takes it goes on from there, as after a crash.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2runtime.commands import stores
from st2runtime.commands.keeping import ASKED
from st2runtime.commands.run_session import Outcome, display_of, print_end, rests
from st2runtime.distributed.address import QUEUE, UnreachableError
from st2runtime.engines.contexts import new_id
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import Options
from st2runtime.engines.steps import FINAL, Step
from st2runtime.journal.fold import Fold
from st2runtime.journal.store import Mail
from st2runtime.journal.writer import Writer
from st2runtime.runners.base import Services

if TYPE_CHECKING:
    from st2runtime.actions.secrets import Secrets
    from st2runtime.commands.run_setup import Session
    from st2runtime.distributed.store import PostgresStore
    from st2runtime.journal.entries import Entry

_RATE = 10.0
_PATIENCE = 3.0
_NOT_WITH = ("mock", "record", "datastore")
REST = (*FINAL, "paused")


def run_elsewhere(session: Session) -> int:
    """Submit a run, and show it unless it is detached; gives the exit code."""
    args = session.args
    for name in _NOT_WITH:
        if getattr(args, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"a run of a database is for its workers to do: not with {option}")
    with stores.told():
        store = stores.open_database(args.database)
        execution = submit(store, session)
        if args.detach:
            print(f'{{"id": "{execution}"}}' if args.format == "json" else execution)
            return 0
        outcome = Following(store, execution, args, session.secrets).until_rest()
    print_end(session, outcome)
    if outcome.status == "paused":
        rests(store, execution)
    return outcome.code


def submit(store: PostgresStore, session: Session) -> str:
    """Keep the beginning of a run, and call for a worker, both or neither; gives its id."""
    args, execution = session.args, new_id()
    around = {name: getattr(args, name) for name in ASKED if getattr(args, name)}
    writer = Submission(store.submission(execution, session.secrets, args.queue or QUEUE), around)
    engine = LocalEngine(session.desk, _nothing_runs, None, Options(journal=writer))

    assert session.prepared is not None
    asyncio.run(writer.keep_beginning(engine.run(session.prepared, session.given, execution)))
    return execution


def _nothing_runs(step: Step, line: Callable[[str, str], None]) -> Services:
    raise AssertionError("nothing runs before it has been submitted")


class Submission(Writer):
    """Keeps the beginning of a run, and carries nothing out."""

    def __init__(self, log: Any, around: Mapping[str, Any]) -> None:
        super().__init__(log, around, self._asked_to)
        self._begun = asyncio.Event()

    def _asked_to(self, call: Callable[[], None], urgent: bool) -> None:
        self._begun.set()

    async def keep_beginning(self, run: Coroutine[Any, Any, Step]) -> None:
        """Keep what a run begins with, which ends at once as far as this process goes. Raises `JournalError`."""
        going, begun = asyncio.create_task(run), asyncio.create_task(self._begun.wait())
        await asyncio.wait((going, begun), return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if going.done():
            going.result()
        going.cancel()
        self._thens = []
        self.flush()


# -- following -----------------------------------------------------------------------------------


def call(store: PostgresStore, execution: str, wait: bool = False) -> bool:
    """Call for a worker to go on with an execution; with `wait` show it, and exit with its code."""
    store.call(execution)
    if wait:
        shown = argparse.Namespace(quiet=False, format="text", color="auto", timeout=None)
        raise SystemExit(follow(store, execution, shown))
    until = time.monotonic() + _PATIENCE
    while store.waiting(execution) and time.monotonic() < until:
        time.sleep(1 / _RATE)
    if store.waiting(execution):
        _missed(store, execution)
    return True


def follow(store: PostgresStore, execution: str, args: argparse.Namespace) -> int:
    """Show a run that goes on until it has ended, or rests; gives the exit code."""
    from st2runtime.commands.execution_show import get, hidden

    args.timeout = getattr(args, "timeout", None)
    following = Following(store, execution, args, hidden(store, store.find(execution)))
    outcome = following.until_rest()
    get(store, argparse.Namespace(execution=execution, graph=None, task=None, format=args.format))
    return outcome.code


class Following:
    """Looks into a journal that a worker writes, and shows what happens. Ctrl-C cancels the run."""

    def __init__(
        self, store: PostgresStore, execution: str, args: argparse.Namespace, secrets: Secrets
    ) -> None:
        self._store, self._execution, self._args = store, execution, args
        self._secrets = secrets
        self._display, self._live = display_of(args, secrets)
        self._fold, self._reader = Fold(store.graph), store.reader(execution)
        self._seen: set[Step] = set()
        self._presses = 0
        self._held = False

    def until_rest(self) -> Outcome:
        """Return when it has ended, or rests. Raises `JournalError`, and `UsageError` when it cannot go on."""
        began, timed_out, cancelled = time.monotonic(), False, False
        limit = self._args.timeout
        with self._listening():
            while not self._rests():
                if limit is not None and not timed_out and time.monotonic() - began > limit:
                    timed_out = True
                    self._display.note(f"The {limit:g} s are over: it is cancelled.")
                if (self._presses or timed_out) and not cancelled:
                    cancelled = True
                    self._store.post(self._execution, Mail("cancel"))
                if self._presses > 1:
                    break
                if not self._held and time.monotonic() - began > _PATIENCE:
                    self._held = True
                    _missed(self._store, self._execution)
                time.sleep(1 / _RATE)
        assert self._fold.run is not None
        outcome = Outcome(self._fold.run.root)
        outcome.timed_out, outcome.interrupted = timed_out, self._presses > 0
        return outcome

    def _rests(self) -> bool:
        """Take what has happened since; whether nothing more will."""
        try:
            summary = self._store.find(self._execution)
            entries = list(self._reader.read())
            if summary.status in REST and not self._store.waiting(self._execution):
                entries += self._reader.read()
                self._show(entries)
                return self._fold.run is not None and self._fold.run.status in REST
            reason = self._store.reason(self._execution)
        except UnreachableError as error:
            self._display.note(f"{error}: looking again")
            time.sleep(1)
            return False
        self._show(entries)
        if reason:
            raise UsageError(f"no worker can go on with {self._execution}: {reason}")
        self._held = self._held or bool(summary.holder)
        return False

    def _show(self, entries: Iterable[Entry]) -> None:
        self._secrets.add(self._store.secrets(self._execution) if entries else ())
        for entry in entries:
            for step in self._fold.take(entry).steps:
                if step not in self._seen:
                    self._seen.add(step)
                    self._display.began(step)
                self._display.changed(step)
        if self._live is not None:
            self._live.draw()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear Ctrl-C, and have the terminal for as long as this takes."""

        def heard(*_: object) -> None:
            self._presses += 1
            self._display.note(
                "Cancelling: waits for what runs; Ctrl-C again leaves it to the workers."
                if self._presses == 1
                else f"`st2c execution tail {self._execution}` follows it."
            )

        before = [(one, signal.signal(one, heard)) for one in (signal.SIGINT, signal.SIGTERM)]
        if self._live is not None:
            self._live.start()
        try:
            yield
        finally:
            if self._live is not None:
                self._live.stop()
            for one, handler in before:
                signal.signal(one, handler)


def _missed(store: PostgresStore, execution: str) -> None:
    """Say that nobody is there to do it, if so."""
    queue = store.queue(execution)
    if not store.workers(queue):
        print(
            f"st2c: no worker takes from the queue `{queue}` now: {execution} waits for one "
            "(`st2c worker --database …`)",
            file=sys.stderr,
        )
