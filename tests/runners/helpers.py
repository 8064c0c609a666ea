"""What the tests of runners share: running one action, and looking for processes that are left."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from typing import Any

from st2runtime.runners import Invocation, Outcome, Services, find

Lines = list[tuple[str, str]]


def invocation(
    runner: str,
    parameters: Mapping[str, Any] | None = None,
    own: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> Invocation:
    """An action `tests.action` with this runner; `own` are the schemas of its own parameters."""
    given = {"id": "e1", "ref": "tests.action", "pack": "tests", **more}
    return Invocation(runner=runner, parameters=parameters or {}, schemas=own or {}, **given)


def run(
    runner: str,
    parameters: Mapping[str, Any] | None = None,
    own: Mapping[str, Mapping[str, Any]] | None = None,
    services: Services | None = None,
    **more: Any,
) -> Outcome:
    """Run one action to its end, in a loop of its own."""
    action = invocation(runner, parameters, own, **more)
    return asyncio.run(find(runner).run(action, services or Services()))


def listening() -> tuple[Lines, Services]:
    """Services that write every line down."""
    lines: Lines = []
    return lines, Services(line=lambda stream, text: lines.append((stream, text)))


LIMITS = (0.2, 1.5, 10.0)
"""Time limits to try in turn until the process has come as far as the test needs, on a busy machine, too."""


def nap(seconds: int) -> str:
    """An argument for `sleep` that no other test run has: processes are recognised by it."""
    return f"{seconds}.{os.getpid()}"


def alive(word: str) -> list[int]:
    """Processes with a word on their command line."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    if word.encode() in file.read().split(b"\0"):
                        found.append(int(name))
            except OSError:
                continue
    return found


def until(condition: Any, seconds: float = 10.0) -> bool:
    """Whether something comes true in time (for what another process does)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


async def cancel_when(task: asyncio.Task[Outcome], condition: Any) -> bool:
    """Cancel a task once a condition holds; whether it ended cancelled."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False
