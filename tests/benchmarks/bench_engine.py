"""How much time the local engine takes beyond what it runs.

    python tests/benchmarks/bench_engine.py

1,000 tasks that do nothing, in a sequence, all at once, and as items of one task; 200 shell commands as tasks
against the same 200 commands started directly, as many at a time. The last column is the ratio, or the
budget that it is held against.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from st2runtime.actions.config import Configs
from st2runtime.actions.library import Library
from st2runtime.actions.runnable import Runnable
from st2runtime.actions.secrets import Secrets
from st2runtime.actions.workflows import Workflows
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import CONCURRENCY
from st2runtime.engines.prepare import Desk
from st2runtime.engines.steps import Step
from st2runtime.runners.base import Services

from st2lang.catalog import Catalog
from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.source import Source

TASKS, COMMANDS = 1000, 200
NOOP_BUDGET = 0.5
COMMAND = "exit 0"
ROUNDS = 3


def main() -> int:
    noops = {
        "1,000 noop tasks in a sequence": sequence(TASKS),
        "1,000 noop tasks at once, and a join": fan_out(TASKS, "core.noop"),
        "1,000 noop items": items(TASKS),
        "1,000 turns of a loop": loop(TASKS),
    }
    for name, text in noops.items():
        seconds = best(lambda text=text: run(text))
        print(f"{name:<40} {seconds:6.3f} s   {seconds / NOOP_BUDGET:5.2f} of {NOOP_BUDGET} s")
    alone = best(lambda: asyncio.run(commands(COMMANDS)))
    tasks = best(lambda: run(fan_out(COMMANDS, f"core.local cmd='{COMMAND}'")))
    print(f"{'200 commands alone':<40} {alone:6.3f} s")
    print(f"{'200 core.local tasks':<40} {tasks:6.3f} s   {tasks / alone:5.2f} times")
    one_by_one = best(
        lambda: [subprocess.run(COMMAND, shell=True, check=True) for _ in range(COMMANDS)]
    )
    print(f"{'200 commands, one after the other':<40} {one_by_one:6.3f} s")
    started = best(lambda: st2c("run", "core.noop", "-q"))
    bare = best(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    print(
        f"{'st2c run core.noop':<40} {started:6.3f} s   {started / bare:5.1f} times `python -c pass`"
    )
    return 0


def best(call: Callable[[], Any]) -> float:
    """The least of a few times, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def sequence(count: int) -> str:
    """Tasks one after the other."""
    lines = ["version: 1.0", "tasks:"]
    for index in range(count):
        lines += [f"  t{index}:", "    action: core.noop"]
        if index < count - 1:
            lines += ["    next:", f"      - do: t{index + 1}"]
    return "\n".join(lines)


def fan_out(count: int, action: str) -> str:
    """Tasks all at once, and one that waits for them."""
    lines = ["version: 1.0", "tasks:"]
    for index in range(count):
        lines += [f"  t{index}:", f"    action: {action}", "    next:", "      - do: last"]
    return "\n".join([*lines, "  last:", "    join: all", "    action: core.noop"])


def items(count: int) -> str:
    """The items of one task."""
    return f"version: 1.0\ntasks:\n  t:\n    with: <% range({count}).toList() %>\n    action: core.noop"


def loop(count: int) -> str:
    """A task that leads to itself."""
    return f"""version: 1.0
vars:
  - n: 0
tasks:
  first:
    next:
      - do: t
  t:
    action: core.noop
    next:
      - when: <% ctx().n < {count - 1} %>
        publish:
          - n: <% ctx().n + 1 %>
        do: t
"""


def run(text: str) -> None:
    """Run a workflow to its end."""
    asyncio.run(_run(text))


async def _run(text: str) -> None:
    catalog = Catalog(installed=None)
    graph = compile_document(Document(Source("bench.yaml", text), kind="orquesta", catalog=catalog))
    desk = Desk(
        Library(catalog), Workflows(catalog), Configs(catalog), Secrets(), {"user": "bench"}
    )
    runnable = Runnable("bench.w", "bench", "orquesta", graph=graph)
    step = await LocalEngine(desk, serve).run(desk.root(runnable, {}), {})
    assert step.status == "succeeded", (step.status, step.errors)


def serve(step: Step, line: Callable[[str, str], None]) -> Services:
    return Services(line=line)


async def commands(count: int) -> None:
    """The commands alone, as many at a time as the engine runs."""
    slots = asyncio.Semaphore(CONCURRENCY)

    async def one() -> None:
        async with slots:
            process = await asyncio.create_subprocess_shell(
                COMMAND, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
            await process.communicate()

    await asyncio.gather(*(one() for _ in range(count)))


def st2c(*arguments: str) -> None:
    command = [sys.executable, "-m", "st2lang.commands.main", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
