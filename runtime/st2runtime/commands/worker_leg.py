"""What a worker does with an execution: goes on with it from its journal until it has ended, or rests."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2lang.commands.terminal import printable
from st2lang.record import record
from st2runtime.actions import target
from st2runtime.actions.errors import ActionError
from st2runtime.actions.secrets import Secrets
from st2runtime.commands import run_setup
from st2runtime.commands.keeping import ASKED, Keeping
from st2runtime.commands.run_session import interpreter
from st2runtime.distributed.address import UnreachableError
from st2runtime.engines import results
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import CONCURRENCY, Options
from st2runtime.engines.resuming import go_on
from st2runtime.journal.errors import (
    BusyError,
    FencedError,
    JournalError,
    UnknownExecutionError,
)
from st2runtime.journal.fold import Fold, Replayed
from st2runtime.runners.base import Outcome, Services

if TYPE_CHECKING:
    from st2runtime.distributed.store import PostgresStore
    from st2runtime.engines.prepare import Prepared
    from st2runtime.engines.steps import Step

_AGAIN = 0.5
ELSEWHERE = "elsewhere"


class Legs:
    """The executions that this worker has in hand, each in a thread with an event loop of its own.

    `args` are the worker's: where packs and configurations are.
    """

    def __init__(self, store: PostgresStore, args: argparse.Namespace) -> None:
        self._store, self._args = store, args
        self._stopped = threading.Event()
        self._running: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = {}
        self._setting_up = threading.Lock()

    def conduct(self, execution: str) -> str:
        """Go on with an execution; gives its status, or what else has come of it."""
        while not self._stopped.is_set():
            try:
                return self._leg(execution)
            except UnreachableError:
                self._stopped.wait(_AGAIN)
            except (BusyError, FencedError, UnknownExecutionError):
                return ELSEWHERE
            except asyncio.CancelledError:
                break
            except (JournalError, UsageError) as error:
                return self._given_up(execution, str(error))
            except Exception as error:
                return self._given_up(execution, f"a bug in st2c: {type(error).__name__}: {error}")
        return "stopped"

    def stop(self) -> None:
        """End everything at once: others go on with it."""
        self._stopped.set()
        for loop, task in list(self._running.values()):
            loop.call_soon_threadsafe(task.cancel)

    def _given_up(self, execution: str, reason: str) -> str:
        print(f"st2c: error: {execution}: {printable(reason)}", file=sys.stderr, flush=True)
        try:
            self._store.give_up(execution, reason)
        except JournalError:
            return ELSEWHERE  # it is found again, and given up then
        return "given up"

    def _leg(self, execution: str) -> str:
        secrets = Secrets()
        log = self._store.open(execution, secrets)
        try:
            run = Fold(self._store.graph).read(self._store.entries(execution))
            made = self._surroundings(run.begins[0].around, secrets)
            keeping = Keeping(self._store, log, run.begins[0].around)
            return asyncio.run(self._go_on(execution, keeping, run, made)).status
        finally:
            self._running.pop(execution, None)
            if execution in self._store.held:  # it has not come so far as to let go of it
                self._store.held.discard(execution)
                log.release()

    def _surroundings(self, around: Mapping[str, Any], secrets: Secrets) -> _Made:
        """What is around a run: as it was asked for, with what is on this machine."""
        own = {name: around[name] for name in ASKED if name in around}
        args = argparse.Namespace(**{**vars(self._args), **own})
        with self._setting_up:  # the catalog of packs is shared
            found = run_setup.surroundings(args, secrets)
        if found is None:
            raise UsageError("the configuration of the worker cannot be read")
        return _Made(args, found)

    async def _go_on(self, execution: str, keeping: Keeping, run: Replayed, made: _Made) -> Step:
        task = asyncio.current_task()
        assert task is not None
        self._running[execution] = asyncio.get_running_loop(), task
        options = Options(
            concurrency=made.args.concurrency or CONCURRENCY,
            journal=keeping.journal,
            interpreter=interpreter if made.args.with_dependencies else None,
        )
        engine = LocalEngine(made.found.desk, made.services, None, options)
        async with keeping.during(engine):
            assert keeping.mailbox is not None
            if run.main is not None:
                return await go_on(keeping.mailbox, run, None)
            try:
                prepared = made.action(run)
            except ActionError as error:
                keeping.writer.took_up([], None, "running")
                engine.root = run.root
                message = f"{error.kind}: {error}"
                engine.finish(None, run.root, Outcome("failed", results.failure(message)), message)
                return await engine.settled()
            return await go_on(keeping.mailbox, run, prepared)


@record
class _Made:
    """What is around a run here."""

    args: argparse.Namespace
    found: run_setup.Surroundings

    def action(self, run: Replayed) -> Prepared:
        """The action that was asked for, which is no workflow. Raises `ActionError`."""
        begin = run.begins[0]
        desk = self.found.desk
        runnable = target.find(begin.action, desk.library, desk.workflows).runnable
        return desk.root(runnable, begin.given)

    def services(self, step: Step, line: Callable[[str, str], None]) -> Services:
        """What a runner is given: nobody is here to answer."""
        python = step.runner == "python-script"
        return Services(
            line=line,
            config=self.found.desk.configs.get,
            datastore=self.found.store.path if python else "",
        )
