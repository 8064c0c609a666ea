"""What goes on in the background of a run: tasks and timers of asyncio, and the bug that has ended it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from st2runtime.engines.steps import Step

Key = tuple[str, str]
"""The id of an execution's step, and that of one of its requests."""

Work = Callable[[], Coroutine[Any, Any, None]]


def key_of(step: Step) -> Key:
    """What names the request that a step stands for, among all of a run."""
    return (step.parent.id if step.parent else "", step.request)


class Jobs:
    """Tasks and timers by key. Whatever is raised in one of them ends the run, and is raised by `wait`."""

    def __init__(self) -> None:
        self.tasks: dict[Key, asyncio.Task[None]] = {}
        self._timers: dict[Key, tuple[asyncio.TimerHandle, Callable[[], None]]] = {}
        self._over = asyncio.Event()
        self._broken: BaseException | None = None

    def spawn(self, key: Key, work: Work, cancelled: Callable[[], None]) -> None:
        """Begin a task. `cancelled` is called when it was cancelled, be it before it has begun."""

        def done(task: asyncio.Task[None]) -> None:
            if self.tasks.get(key) is task:
                del self.tasks[key]
            if task.cancelled():
                self._guarded(cancelled)()

        task = self.tasks[key] = self.aside(work)
        task.add_done_callback(done)

    def aside(self, work: Work) -> asyncio.Task[None]:
        """Begin a task that is none of the run's own: nobody waits for it, and its maker ends it."""

        async def guarded() -> None:
            try:
                await work()
            except Exception as error:
                self._break(error)

        return asyncio.get_running_loop().create_task(guarded())

    def later(self, call: Callable[..., None], *arguments: Any) -> None:
        """Call something soon, from the loop."""
        asyncio.get_running_loop().call_soon(self._guarded(lambda: call(*arguments)))

    def timer(self, key: Key, seconds: float, call: Callable[[], None]) -> None:
        """Call something after a time."""

        def fire() -> None:
            self._timers.pop(key, None)
            call()

        guarded = self._guarded(fire)
        handle = asyncio.get_running_loop().call_later(seconds, guarded)
        self._timers[key] = handle, guarded

    def hurry(self) -> None:
        """All timers are over now."""
        for handle, fire in tuple(self._timers.values()):
            handle.cancel()
            fire()

    def _guarded(self, call: Callable[[], None]) -> Callable[[], None]:
        def guarded() -> None:
            try:
                call()
            except Exception as error:
                self._break(error)

        return guarded

    def _break(self, error: BaseException) -> None:
        self._broken = self._broken or error
        self._over.set()

    def settle(self) -> None:
        """The run has ended, or rests."""
        self._over.set()

    def unsettle(self) -> None:
        """The run goes on."""
        self._over.clear()

    async def wait(self) -> None:
        """Wait until the run has ended, or rests. Raises what is a bug."""
        await self._over.wait()
        if self._broken is not None:
            raise self._broken
