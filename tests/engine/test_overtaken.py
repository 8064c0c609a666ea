"""What happens while something else is about to: pauses, rests and ends that come too late.

The simulation (`tests/simulation`) has found each of these.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.kit import Kit, tasks, until, workflow, write
from st2runtime.engines.execution import Execution
from st2runtime.engines.journal import Then, Unkept
from st2runtime.engines.options import Options
from st2runtime.engines.steps import Step
from st2runtime.events import Event
from st2runtime.requests import Request

WAITS = 'action: core.local cmd="while [ ! -e <% ctx().flag %> ]; do sleep 0.01; done"'
PARENT = """
version: 1.0
input: [flag]
tasks:
  sub:
    action: shop.below flag=<% ctx().flag %>
    next: [{when: <% succeeded() %>, do: [end]}]
  end: {action: core.noop}
"""
LINE = f"""
version: 1.0
input: [flag]
tasks:
  wait:
    {WAITS}
    next: [{{do: [after]}}]
  after: {{action: core.noop}}
"""
FAILS = f"""
version: 1.0
input: [flag]
tasks:
  bad: {{action: core.local cmd="exit 1"}}
  wait:
    {WAITS}
"""
ASKS = f"""
version: 1.0
input: [flag]
tasks:
  ask: {{action: core.ask, next: [{{do: [wait]}}]}}
  wait:
    {WAITS}
"""


class Play:
    """A run of `parent`, or of the workflow below it alone, while something else happens to it."""

    def __init__(self, folder: Path, below: str, ref: str = "shop.parent") -> None:
        flags = "{flag: {type: string}}"
        write(folder, workflow("parent", PARENT, flags) | workflow("below", below, flags))
        self.kit, self.flag, self.ref = Kit(folder), folder / "flag", ref

    def run(self, act: Callable[[], Awaitable[None]], options: Options | None = None) -> Step:
        """The step of the run when it has ended or rests; `act` happens meanwhile."""

        async def both() -> Step:
            given = {"flag": str(self.flag)}
            running = asyncio.create_task(self.kit.start(self.ref, given, options))
            async with asyncio.timeout(20):
                await until(lambda: hasattr(self.kit, "engine"))
                await act()
                await running
                return await self.kit.engine.settled()

        return asyncio.run(both())

    @property
    def execution(self) -> Execution:
        """The workflow that was asked for."""
        found = self.kit.engine.execution
        assert found is not None
        return found

    @property
    def child(self) -> Execution | None:
        """The workflow below it, once there is one."""
        return next(iter(self.kit.engine.children.values()), None)

    @property
    def waits(self) -> bool:
        """Whether the action that waits for the flag runs."""
        root = self.kit.engine.root
        steps = [] if root is None else root.walk()
        return any(step.task == "wait" and step.status == "running" for step in steps)


def test_a_sub_workflow_that_has_failed_and_still_runs_takes_no_pause(tmp_path: Path) -> None:
    play = Play(tmp_path, FAILS)

    async def act() -> None:
        await until(lambda: play.child is not None and play.child.conductor.status == "failed")
        await until(lambda: play.waits)
        play.kit.engine.pause()
        play.kit.engine.resume()
        play.flag.touch()

    step = play.run(act)
    assert (step.status, step.children[0].status) == ("failed", "failed")


def test_a_sub_workflow_does_not_stay_paused_for_a_parent_that_goes_on(tmp_path: Path) -> None:
    play = Play(tmp_path, LINE)

    async def act() -> None:
        await until(lambda: play.waits)
        play.kit.engine.pause()
        play.kit.engine.resume()
        play.flag.touch()

    step = play.run(act)
    assert (step.status, tasks(step)) == ("succeeded", ["sub", "end"])
    assert tasks(step.children[0]) == ["wait", "after"]


def test_a_parent_learns_that_what_is_below_it_goes_on_again(tmp_path: Path) -> None:
    play = Play(tmp_path, ASKS)

    async def act() -> None:
        engine = play.kit.engine
        await until(lambda: engine.root is not None and engine.root.status == "paused")
        ((_, step),) = engine.resting.items()
        assert play.child is not None
        engine.jobs.unsettle()
        engine.answer(play.child, step, {"response": {}}, {})
        await until(lambda: play.waits)
        assert play.execution.conductor.status == "running"
        play.flag.touch()

    assert play.run(act).status == "succeeded"


class Slow(Unkept):
    """A journal that takes its time while it is `held`."""

    def __init__(self) -> None:
        self.held = False
        self.thens: list[Then] = []

    def happened(
        self,
        execution: Execution,
        event: Event,
        about: Mapping[str, Any],
        requests: Sequence[Request],
        then: Then,
    ) -> None:
        self.thens.append(then)
        self.release()

    def release(self) -> None:
        """Go on with what has been kept."""
        while self.thens and not self.held:
            self.thens.pop(0)()


def test_a_rest_that_is_overtaken_is_none(tmp_path: Path) -> None:
    """Somebody resumes a run while it is being kept that it rests."""
    play, journal = Play(tmp_path, LINE, "shop.below"), Slow()

    async def act() -> None:
        await until(lambda: play.waits)
        play.kit.engine.pause()
        journal.held = True
        play.flag.touch()
        await until(lambda: play.execution.conductor.status == "paused")
        assert play.execution.completed is None
        play.kit.engine.resume()
        journal.thens.pop(0)()  # that it rests has been kept, that it goes on has not
        assert play.execution.completed is None
        assert play.execution.step.status == "running"
        journal.held = False
        journal.release()

    seen = play.run(act, Options(journal=journal))
    assert (seen.status, tasks(seen)) == ("succeeded", ["wait", "after"])
