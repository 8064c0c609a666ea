"""Cancelling, killing, pausing and resuming from outside, on real processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from engine.kit import Kit, tasks, until, workflow, write
from st2runtime.engines.steps import Step

SLEEPER = """
version: 1.0
input: [flag]
tasks:
  wait:
    action: core.local cmd="while [ ! -e <% ctx().flag %> ]; do sleep 0.01; done; echo free"
    next:
      - do: after
  after:
    action: core.noop
  later:
    delay: 600
    action: core.noop
"""
PARENT = """
version: 1.0
input: [flag]
tasks:
  sub:
    action: shop.sleeper flag=<% ctx().flag %>
    next:
      - do: end
  end:
    action: core.noop
"""
FLAG = "{flag: {type: string}}"


def play(folder: Path, ref: str, act: Callable[[Kit, Path], Awaitable[None]]) -> Step:
    """Run an action while something else happens to it."""
    files = workflow("sleeper", SLEEPER, FLAG) | workflow("parent", PARENT, FLAG)
    write(folder, files)
    kit, flag = Kit(folder), folder / "flag"

    async def both() -> Step:
        running = asyncio.create_task(kit.start(ref, {"flag": str(flag)}))
        await act(kit, flag)
        async with asyncio.timeout(10):
            return await running

    return asyncio.run(both())


def waits(kit: Kit) -> bool:
    """Whether the action that waits for the flag runs."""
    root = getattr(kit, "engine", None) and kit.engine.root
    return bool(root) and any(s.task == "wait" and s.status == "running" for s in root.walk())


def test_cancel_lets_finish_what_runs(tmp_path: Path) -> None:
    async def act(kit: Kit, flag: Path) -> None:
        await until(lambda: waits(kit))
        kit.engine.cancel()
        await asyncio.sleep(0.05)
        assert waits(kit)
        flag.touch()

    step = play(tmp_path, "shop.sleeper", act)
    assert (step.status, tasks(step)) == ("canceled", ["wait"])
    assert step.children[0].result["stdout"] == "free"


def test_cancel_reaches_sub_workflows(tmp_path: Path) -> None:
    async def act(kit: Kit, flag: Path) -> None:
        await until(lambda: waits(kit))
        kit.engine.cancel()
        flag.touch()

    step = play(tmp_path, "shop.parent", act)
    (sub,) = step.children
    assert (step.status, sub.status) == ("canceled", "canceled")
    assert tasks(sub) == ["wait"]


def test_kill_ends_at_once_at_any_depth(tmp_path: Path) -> None:
    async def act(kit: Kit, flag: Path) -> None:
        await until(lambda: waits(kit))
        kit.engine.kill()

    step = play(tmp_path, "shop.parent", act)
    (sub,) = step.children
    assert (step.status, sub.status, sub.children[0].status) == ("canceled",) * 3


def test_an_action_alone_is_ended_by_cancel(tmp_path: Path) -> None:
    kit = Kit(tmp_path)

    async def both() -> Step:
        running = asyncio.create_task(kit.start("core.local", {"cmd": "sleep 60"}))
        await until(lambda: getattr(kit, "engine", None) and kit.engine.active)
        kit.engine.cancel()
        async with asyncio.timeout(10):
            return await running

    assert asyncio.run(both()).status == "canceled"


def test_what_waits_for_a_place_never_begins_after_cancel(tmp_path: Path) -> None:
    many = """
    version: 1.0
    input: [flag]
    tasks:
      t:
        with: <% range(5).toList() %>
        action: core.local cmd="while [ ! -e <% ctx().flag %> ]; do sleep 0.01; done"
    """
    write(tmp_path, workflow("many", many, FLAG))
    kit, flag = Kit(tmp_path), tmp_path / "flag"

    async def both() -> Step:
        from st2runtime.engines.options import Options

        given = {"flag": str(flag)}
        running = asyncio.create_task(kit.start("shop.many", given, Options(concurrency=2)))
        await until(lambda: getattr(kit, "engine", None) and kit.engine.active == 2)
        kit.engine.cancel()
        flag.touch()
        async with asyncio.timeout(10):
            return await running

    step = asyncio.run(both())
    assert step.status == "canceled"
    assert sorted(child.status for child in step.children) == ["canceled"] * 3 + ["succeeded"] * 2
    assert sum(child.started is not None for child in step.children) == 2


def test_kill_after_the_workflow_has_failed(tmp_path: Path) -> None:
    failed = """
    version: 1.0
    tasks:
      bad:
        action: core.local cmd="exit 1"
      long:
        action: core.local cmd="sleep 60"
      late:
        delay: 600
        action: core.noop
    """
    write(tmp_path, workflow("failed", failed))
    kit = Kit(tmp_path)

    async def both() -> Step:
        running = asyncio.create_task(kit.start("shop.failed", {}))
        await until(
            lambda: (
                getattr(kit, "engine", None)
                and kit.engine.execution
                and kit.engine.execution.conductor.status == "failed"
            )
        )
        kit.engine.cancel()  # no use any more
        kit.engine.kill()
        async with asyncio.timeout(10):
            return await running

    step = asyncio.run(both())
    assert step.status == "failed"
    assert {child.task: child.status for child in step.children} == {
        "bad": "failed",
        "long": "canceled",
        "late": "canceled",
    }


def test_pause_and_resume_with_a_sub_workflow(tmp_path: Path) -> None:
    write(tmp_path, workflow("sleeper", SLEEPER.replace("delay: 600", "delay: 0"), FLAG))
    write(tmp_path, workflow("parent", PARENT, FLAG))
    kit, flag = Kit(tmp_path), tmp_path / "flag"

    async def both() -> Step:
        running = asyncio.create_task(kit.start("shop.parent", {"flag": str(flag)}))
        await until(lambda: waits(kit))
        kit.engine.pause()
        flag.touch()
        async with asyncio.timeout(10):
            step = await running
        sub = step.children[0]
        assert (step.status, sub.status, tasks(sub)) == ("paused", "paused", ["later", "wait"])
        kit.engine.resume()
        async with asyncio.timeout(10):
            return await kit.engine.settled()

    step = asyncio.run(both())
    assert (step.status, tasks(step)) == ("succeeded", ["sub", "end"])
    assert tasks(step.children[0]) == ["later", "wait", "after"]


def test_an_inquiry_that_nobody_answers_leaves_the_workflow_at_rest(tmp_path: Path) -> None:
    asks = """
    version: 1.0
    tasks:
      ask:
        action: core.ask
        next:
          - do: end
      other:
        action: core.noop
      end:
        action: core.noop
    """
    write(tmp_path, workflow("asks", asks))
    step = Kit(tmp_path).run("shop.asks")
    assert (step.status, tasks(step)) == ("paused", ["ask", "other"])
    assert step.children[0].status == "pending"
