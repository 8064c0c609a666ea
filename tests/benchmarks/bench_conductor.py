"""What conducting costs: events in, requests out, without an engine.

    python tests/benchmarks/bench_conductor.py

Microseconds of CPU a task (an item, a turn) at 100, 1,000 and 10,000 of them, and bytes of saved state a task.
The ratio compares 10,000 with 100: about 1 means that a step costs the same however long the workflow is.
The collector of cycles is set as `st2c run` sets it.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from st2runtime.conductor import Conductor
from st2runtime.events import ActionEnded, Start
from st2runtime.requests import RunAction

from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.graph import Graph
from st2lang.source import Source

SIZES = (100, 1000, 10_000)
BUDGET = 60.0
ROUNDS = 3
RESULT = {"stdout": "done", "return_code": 0}


def main() -> int:
    gc.set_threshold(50_000)
    shapes: dict[str, Callable[[int], str]] = {
        "sequence": sequence,
        "fan-out and join": fan_out,
        "items": items,
        "items, 10 at a time": lambda count: items(count, 10),
        "turns of a loop": loop,
        "nodes of a chain": chain,
    }
    sizes = "".join(f"{size:>9,}" for size in SIZES)
    print(f"{'µs a task':<22}{sizes}   ratio  of {BUDGET:.0f} µs   bytes a task")
    for name, shape in shapes.items():
        times, states = [], []
        for size in SIZES:
            graph = compiled(shape(size), "action-chain" if shape is chain else "orquesta")
            seconds, state = best(graph, size)
            times.append(seconds / size * 1e6)
            states.append(state / size)
        shown = "".join(f"{one:9.1f}" for one in times)
        grown = "".join(f"{one:9.0f}" for one in states)
        print(f"{name:<22}{shown}{times[-1] / times[0]:8.2f}{times[-1] / BUDGET:9.2f}{grown}")
    return 0


def best(graph: Graph, count: int) -> tuple[float, int]:
    """The least CPU time of a few runs, and the length of the saved state."""
    times = []
    for _ in range(ROUNDS * (10 if count < 1000 else 1)):
        gc.collect()
        start = time.process_time()
        conductor = conduct(graph)
        times.append(time.process_time() - start)
    assert conductor.status == "succeeded"
    assert len(conductor.sequence) >= count or conductor.sequence[0].items is not None
    return min(times), len(json.dumps(conductor.serialize()))


def conduct(graph: Graph) -> Conductor:
    """A run in which every action ends with the same result, one event at a time."""
    conductor = Conductor(graph)
    waiting: deque[Any] = deque(conductor.handle(Start()))
    while waiting:
        request = waiting.popleft()
        if isinstance(request, RunAction):
            waiting.extend(conductor.handle(ActionEnded(request.id, "succeeded", RESULT)))
    return conductor


def compiled(text: str, kind: str) -> Graph:
    return compile_document(Document(Source("bench.yaml", text), kind=kind))


def sequence(count: int) -> str:
    """Tasks one after the other; each publishes, and each renders its input."""
    lines = ["version: 1.0", "vars: [{last: none}]", "tasks:"]
    for index in range(count):
        lines += [f"  t{index}:", "    action: core.echo message=<% ctx().last %>"]
        if index < count - 1:
            lines += ["    next:", "      - when: <% succeeded() %>"]
            lines += [
                "        publish: [{last: <% result().stdout %>}]",
                f"        do: t{index + 1}",
            ]
    return "\n".join(lines)


def fan_out(count: int) -> str:
    """A task that many follow, and one that waits for all of these."""
    names = ", ".join(f"t{index}" for index in range(count - 2))
    lines = ["version: 1.0", "tasks:", "  first:", "    action: core.noop", "    next:"]
    lines += [f"      - do: [{names}]", "  last:", "    join: all", "    action: core.noop"]
    for index in range(count - 2):
        lines += [f"  t{index}:", "    action: core.noop", "    next:"]
        lines += ["      - when: <% succeeded() %>", "        do: last"]
    return "\n".join(lines)


def items(count: int, concurrency: int | None = None) -> str:
    """The items of one task."""
    limit = "" if concurrency is None else f"\n      concurrency: {concurrency}"
    return f"""version: 1.0
tasks:
  t:
    with:
      items: <% range({count}).toList() %>{limit}
    action: core.echo message=<% item() %>
"""


def loop(count: int) -> str:
    """A task that leads to itself, and counts."""
    return f"""version: 1.0
vars: [{{n: 0}}]
tasks:
  first:
    action: core.noop
    next: [{{do: t}}]
  t:
    action: core.echo message=<% ctx().n %>
    next:
      - when: <% ctx().n < {count - 1} %>
        publish: [{{n: <% ctx().n + 1 %>}}]
        do: t
"""


def chain(count: int) -> str:
    """The nodes of an ActionChain."""
    lines = ["vars: {word: begin}", "chain:"]
    for index in range(count):
        lines += [f"  - name: n{index}", "    ref: core.echo"]
        lines += ["    parameters:", "      message: '{{ word }}'"]
        if index < count - 1:
            lines += [f"    on-success: n{index + 1}"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
