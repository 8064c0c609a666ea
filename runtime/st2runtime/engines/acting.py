"""The actions of a run that are no workflows: each waits for a place, and runs in its turn."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from st2lang.record import replace
from st2runtime.actions.errors import ActionError
from st2runtime.engines import results
from st2runtime.engines.jobs import Key, Work, key_of
from st2runtime.runners.base import Outcome

if TYPE_CHECKING:
    from st2runtime.engines.execution import Execution
    from st2runtime.engines.local import LocalEngine
    from st2runtime.engines.prepare import Prepared
    from st2runtime.engines.steps import Step

_FREE = frozenset(("noop", "inquirer", "announcement"))
"""Runners that take no place: they do nothing, or wait for a person."""


class Actions:
    """What runs here and now, and what waits for its turn. The engine is told how each begins and ends."""

    def __init__(self, engine: LocalEngine) -> None:
        self._engine = engine
        self._slots = asyncio.Semaphore(engine.options.concurrency)
        self._queued: set[Key] = set()
        self._asking: set[Key] = set()

    @property
    def active(self) -> int:
        """How many run now, those that wait for a place not counted."""
        return len(self._engine.jobs.tasks) - len(self._queued)

    def queue(self, step: Step, prepared: Prepared, execution: Execution | None = None) -> None:
        """Have an action run as soon as there is a place for it."""
        self._queued.add(key_of(step))
        self._spawn(step, execution, lambda: self._act(step, prepared, execution))

    def at_once(self, execution: Execution | None, step: Step, outcome: Outcome) -> None:
        """End a step that needs no running, as if it had run."""

        async def end() -> None:
            self._engine.running(step, execution)
            self._engine.finish(execution, step, outcome)

        self._spawn(step, execution, end)

    def stop(self, key: Key) -> None:
        """End an action that has not begun, or that waits for a person; all else runs to its end."""
        if key in self._queued or key in self._asking:
            self._engine.jobs.tasks[key].cancel()

    async def _act(self, step: Step, prepared: Prepared, execution: Execution | None) -> None:
        if prepared.runnable.runner in _FREE:
            if prepared.runnable.runner == "inquirer":
                # nobody needs to answer once the workflow is canceled
                self._asking.add(key_of(step))
            outcome = await self._perform(step, prepared, execution)
        else:
            async with self._slots:
                outcome = await self._perform(step, prepared, execution)
        self._engine.finish(execution, step, outcome)

    async def _perform(
        self, step: Step, prepared: Prepared, execution: Execution | None
    ) -> Outcome:
        from st2runtime import runners

        engine = self._engine
        self._queued.discard(key_of(step))
        engine.running(step, execution)

        def line(stream: str, text: str) -> None:
            step.hears(stream, text)
            engine.watcher.line(step, stream, text)

        runnable, services = prepared.runnable, engine.serve(step, line)
        try:
            if engine.options.interpreter is not None and runnable.runner == "python-script":
                python = await engine.options.interpreter(runnable.pack_path, line)
                services = replace(services, python=lambda pack: python)
            runner = runners.find(runnable.runner)
            return await runner.run(engine.desk.invocation(prepared, step), services)
        except (LookupError, ActionError) as error:
            return Outcome("failed", results.failure(str(error)))

    def _spawn(self, step: Step, execution: Execution | None, work: Work) -> None:
        def cancelled() -> None:
            self._queued.discard(key_of(step))
            self._engine.finish(execution, step, Outcome("canceled"))

        self._engine.jobs.spawn(key_of(step), work, cancelled)
