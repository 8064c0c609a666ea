"""One run from its first event to its exit code: the loop, signals, what is shown meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from st2lang.commands.terminal import Paint, wants_colour
from st2runtime.commands.run_setup import Session
from st2runtime.engines.journal import Unkept
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import CONCURRENCY, Options
from st2runtime.engines.steps import Silent, Step, Watcher
from st2runtime.journal.errors import JournalError
from st2runtime.runners.base import Services

if TYPE_CHECKING:
    import argparse

    from st2runtime.actions.secrets import Secrets
    from st2runtime.commands.keeping import Keeping
    from st2runtime.display.live import LiveTree
    from st2runtime.journal.fold import Replayed
    from st2runtime.journal.store import Store

SUCCEEDED, FAILED, CANCELLED = 0, 1, 130


class Display(Watcher, Protocol):
    """A watcher that also has something to say."""

    def note(self, text: str) -> None:
        """A remark of the engine's."""


class _Quiet(Silent):
    """Shows nothing but remarks."""

    def note(self, text: str) -> None:
        """On standard error, where it disturbs nobody."""
        print(f"st2c: {text}", file=sys.stderr)


class Outcome:
    """What has come of a run. `timed_out` and `interrupted` tell why it was ended, if it was."""

    def __init__(self, root: Step) -> None:
        self.root = root
        self.timed_out = self.interrupted = False

    @property
    def status(self) -> str:
        """The status of the run as a whole."""
        return "timeout" if self.timed_out else self.root.status

    @property
    def code(self) -> int:
        """The exit code."""
        if self.status == "succeeded":
            return SUCCEEDED
        return CANCELLED if self.status == "canceled" else FAILED


def run_session(
    session: Session, keeping: Keeping | None = None, replayed: Replayed | None = None
) -> int:
    """Run, show it, record it; gives the exit code. With `replayed` it goes on from there."""
    try:
        outcome = asyncio.run(_Run(session, keeping, replayed).main())
    except BrokenPipeError:
        raise  # whoever reads has gone away, which `main` knows how to end
    except JournalError as error:
        return _not_kept(error, keeping)
    except Exception as error:
        return _broken(error)
    if session.args.until:
        from st2runtime.commands import run_until

        return run_until.print_result(session, outcome)
    print_end(session, outcome)
    if keeping is not None and outcome.status in ("paused", "pending"):
        rests(keeping.store, keeping.log.id)
    return outcome.code


def print_end(session: Session, outcome: Outcome) -> None:
    """Show what has come of a run, and record it if that is wanted."""
    from st2runtime.commands import run_json, run_report

    if session.args.record:
        from st2runtime.commands.run_record import record

        record(session, outcome)
    if session.args.format == "json":
        run_json.print_result(session, outcome)
    else:
        run_report.print_result(session, outcome)


def rests(store: Store, execution: str) -> None:
    """Say what a run that rests waits for."""
    from st2runtime.commands.execution_control import tell, waits_for_answers

    asks = waits_for_answers(store, store.find(execution))
    print(f"It is kept as {execution}.", file=sys.stderr)
    if asks:
        tell(asks)
    else:
        print(f"`st2c resume {execution}` goes on.", file=sys.stderr)


def _not_kept(error: JournalError, keeping: Keeping | None) -> int:
    """What is not kept does not count: the run has ended, and can go on later."""
    from st2runtime.journal.errors import FencedError

    print(f"st2c: error: {error}", file=sys.stderr)
    if keeping is not None and not isinstance(error, FencedError):
        print(
            f"The run has ended, with all that it had started; `st2c resume {keeping.log.id}` goes on "
            "from what is kept.",
            file=sys.stderr,
        )
    return FAILED


def _broken(error: Exception) -> int:
    """A bug of ours is told without a traceback."""
    if os.environ.get("ST2C_DEBUG"):
        import traceback

        traceback.print_exception(error)
    told = " ".join(f"{type(error).__name__}: {error}".split())
    print(
        f"st2c: error: the run broke off: {told}\nthis is a bug in st2c, please report it; "
        "ST2C_DEBUG=1 shows the traceback",
        file=sys.stderr,
    )
    return 2


class _Run:
    """A run in progress."""

    def __init__(
        self, session: Session, keeping: Keeping | None, replayed: Replayed | None
    ) -> None:
        self.session, self.args = session, session.args
        self.keeping, self.replayed = keeping, replayed
        self.display, self.live = display_of(self.args, session.secrets)
        self.presses = 0
        self.engine: LocalEngine
        self.asking = asyncio.Lock()

    async def main(self) -> Outcome:
        """Run to the end; whatever happens, the terminal is given back."""
        self.engine = LocalEngine(self.session.desk, self._services, self.display, self._options())
        restore = self._listen()
        drawing = asyncio.create_task(self._draw()) if self.live else None
        timer = self._timer()
        try:
            if self.keeping is None:
                root = await self._go()
            else:
                async with self.keeping.during(self.engine):
                    root = await self._go()
        finally:
            restore()
            if timer is not None:
                timer.cancel()
            if drawing is not None:
                drawing.cancel()
            if self.live is not None:
                self.live.stop()
        outcome = Outcome(root)
        outcome.timed_out = bool(self.timed_out)
        outcome.interrupted = self.presses > 0
        return outcome

    async def _go(self) -> Step:
        """Begin the run, or go on with it."""
        keeping, replayed = self.keeping, self.replayed
        if keeping is None or replayed is None:
            assert self.session.prepared is not None
            own = keeping.log.id if keeping is not None else ""
            return await self.engine.run(self.session.prepared, self.session.given, own)
        from st2runtime.engines.resuming import go_on

        assert keeping.mailbox is not None
        return await go_on(keeping.mailbox, replayed, self.session.prepared)

    # What the engine is given.

    def _options(self) -> Options:
        args = self.args
        return Options(
            concurrency=args.concurrency or CONCURRENCY,
            patience=0.0 if args.dry_run or args.mock_all else 1.0,
            stand_ins=self.session.stand_ins,
            journal=self.keeping.journal if self.keeping else Unkept(),
            interpreter=interpreter if args.with_dependencies else None,
            stays=self.keeping is not None and self.keeping.stays,
        )

    def _services(self, step: Step, line: Callable[[str, str], None]) -> Services:
        async def ask(schema: Mapping[str, Any], about: Mapping[str, Any]) -> Any:
            return await self._ask(step, schema, str(about.get("error") or ""))

        person = sys.stdin.isatty() and (sys.stdout.isatty() or sys.stderr.isatty())
        return Services(
            line=line,
            ask=ask if person else None,
            config=self.session.desk.configs.get,
            datastore=self.session.store.path if step.runner == "python-script" else "",
        )

    async def _ask(self, step: Step, schema: Mapping[str, Any], error: str) -> Any:
        """Put questions at the terminal, one inquiry after the other."""
        from st2runtime.actions.parameters import secrets_inside
        from st2runtime.display.asking import InterruptedAskingError, ask
        from st2runtime.display.lines import path

        async with self.asking:
            if self.live is not None:
                self.live.stop()
            try:
                answers = await ask(schema, path(step), error)
                self.session.secrets.add(secrets_inside(schema, answers))
                return answers
            except InterruptedAskingError:
                self.interrupt()
                return None
            finally:
                if self.live is not None:
                    self.live.start()

    # What is shown meanwhile.

    async def _draw(self) -> None:
        from st2runtime.display.live import RATE

        assert self.live is not None
        self.live.start()
        while True:
            await asyncio.sleep(1 / RATE)
            self.live.draw()

    # What ends it early.

    timed_out = False

    def _timer(self) -> asyncio.TimerHandle | None:
        if self.args.timeout is None:
            return None
        return asyncio.get_running_loop().call_later(self.args.timeout, self._time_is_over)

    def _time_is_over(self) -> None:
        self.timed_out = True
        self.display.note(f"The {self.args.timeout:g} s are over: it is ended.")
        self.engine.kill()

    def _listen(self) -> Callable[[], None]:
        """Hear SIGINT and SIGTERM; gives what undoes that."""
        loop = asyncio.get_running_loop()
        wanted = [signal.SIGINT, signal.SIGTERM]
        try:
            for number in wanted:
                loop.add_signal_handler(number, self.interrupt)
        except NotImplementedError:  # Windows: a handler of Python's, which the loop is woken for
            before = [
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.interrupt))
                for number in wanted
            ]

            def restore() -> None:
                for number, handler in zip(wanted, before, strict=True):
                    signal.signal(number, handler)

            return restore

        def remove() -> None:
            for number in wanted:
                loop.remove_signal_handler(number)

        return remove

    def interrupt(self) -> None:
        """Ctrl-C: the first cancels, the second ends everything at once."""
        self.presses += 1
        if self.presses > 1:
            self.display.note("Everything is ended.")
            self.engine.kill()
            return
        if self.engine.execution is None:
            self.engine.kill()
            return
        self.engine.cancel()
        running = self.engine.active
        if running:
            what = "1 action that runs" if running == 1 else f"{running} actions that run"
            self.display.note(f"Cancelling: waits for {what}; Ctrl-C again ends them at once.")


def display_of(args: argparse.Namespace, secrets: Secrets) -> tuple[Display, LiveTree | None]:
    """Who shows a run as it happens; the tree on a terminal, which has to be drawn, is there twice."""
    out: TextIO = sys.stderr if args.format == "json" else sys.stdout
    lively = out.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
    still = getattr(args, "dry_run", False) or getattr(args, "until", None)
    if args.quiet or still or (args.format == "json" and not lively):
        return _Quiet(), None
    colour = wants_colour(args.color, out)
    if lively:
        from rich.console import Console

        from st2runtime.display.live import LiveTree

        console = Console(file=out, no_color=not colour, highlight=False, markup=False)
        tree = LiveTree(console, secrets.text)
        return tree, tree
    from st2runtime.display.lines import Lines

    return Lines(out, Paint(colour), secrets.text, secrets.data), None


async def interpreter(pack_path: str, line: Callable[[str, str], None]) -> str:
    """The interpreter that has what a pack requires. Raises `ActionError`."""
    from st2runtime.actions.errors import ActionError
    from st2runtime.runners import environments

    try:
        return await environments.ensure(pack_path, line=line)
    except environments.DependencyError as error:
        raise ActionError(str(error)) from error
