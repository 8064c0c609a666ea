"""What it costs to keep runs, as ratios that hold on any machine.

    python tests/benchmarks/bench_journal.py

CPU is that of the process and of all that it has started, the least of several runs; events a second are by the
wall, with every group of them on the disk before anything follows from it.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from st2runtime.actions.secrets import Secrets
from st2runtime.events import ActionEnded
from st2runtime.journal.entries import Begin, Happened
from st2runtime.journal.file import FileStore
from st2runtime.journal.store import Query

TASKS = (
    "version: 1.0\ntasks:\n  t:\n    with: {{items: <% range({count}) %>}}\n    action: {action}\n"
)
LOCAL = 'core.local cmd="true"'


def st2c(folder: Path, *words: str) -> tuple[float, float, int]:
    """CPU seconds, wall seconds and the most memory (kB) of a command, which must succeed."""
    environment = {**os.environ, "ST2C_STORE": str(folder / "runs.db")}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "st2lang.commands.main", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, words
    process.returncode = 0
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, used.ru_maxrss


def workflow(folder: Path, count: int, action: str) -> str:
    """A workflow of so many actions at once."""
    path = folder / f"w{count}.yaml"
    path.write_text(TASKS.format(count=count, action=action), encoding="utf-8")
    return str(path)


def beside_memory(folder: Path) -> None:
    """1,000 shell commands with and without a journal."""
    path = workflow(folder, 1000, LOCAL)
    kept, unkept = [], []
    for _ in range(3):
        unkept.append(st2c(folder, "run", path, "-q", "--no-store")[0])
        kept.append(st2c(folder, "run", path, "-q")[0])
    print(f"1,000 core.local: {min(kept):.2f} s of CPU, {min(kept) / min(unkept):.2f} times memory")


def items(folder: Path) -> None:
    """with-items that do nothing else: linear, and in bounded memory."""
    figures = {}
    for count in (2_500, 10_000):
        path = workflow(folder, count, "core.noop")
        figures[count] = min(st2c(folder, "run", path, "-q") for _ in range(2))
    (small, _, less), (large, wall, more) = figures[2_500], figures[10_000]
    print(
        f"10,000 with-items: {large:.2f} s of CPU, {large / small:.1f} times those of 2,500; "
        f"{more / 1024:.0f} MB, {more / less:.1f} times; {20_000 / wall:,.0f} events a second"
    )


def appending(folder: Path) -> None:
    """Single events, each in a transaction of its own, and in groups."""
    store = FileStore(folder / "appending.db")
    log = store.create("a" * 24, Secrets())
    log.append([Begin("a" * 24, "core.noop", "noop", {}, {}, {})], status="running")
    event = Happened(0, ActionEnded("1", "succeeded", {"stdout": "x" * 100}), asked="-")
    for group in (1, 10):
        start, number = time.perf_counter(), 2_000 // group
        for _ in range(number):
            log.append([event] * group)
        rate = number * group / (time.perf_counter() - start)
        print(f"events a second in groups of {group}: {rate:,.0f}")


def listing(folder: Path) -> None:
    """The last 20 of 10,000 runs, beside what starting costs."""
    path = folder / "many.db"
    store = FileStore(path)
    for number in range(10_000):
        name = f"{number:024x}"
        log = store.create(name, Secrets())
        log.append([Begin(name, "core.noop", "noop", {}, {}, {}, at=number)], status="succeeded")
    start = time.perf_counter()
    found = FileStore(path).executions(Query(limit=20))
    took = time.perf_counter() - start
    assert len(found) == 20
    words = ("execution", "list", "--limit", "20", "--store", str(path))
    empty = ("execution", "list", "--limit", "20", "--store", str(folder / "none.db"))
    whole, bare = (min(st2c(folder, *w)[1] for _ in range(5)) for w in (words, empty))
    print(
        f"the last 20 of 10,000 runs: {took * 1000:.1f} ms; the command {whole - bare:.3f} s more "
        f"than for none ({bare:.2f} s)"
    )
    with sqlite3.connect(path) as connection:
        (size,) = connection.execute("SELECT count(*) FROM executions").fetchone()
    connection.close()
    print(json.dumps({"runs": size, "megabytes": round(path.stat().st_size / 1e6, 1)}))


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        appending(folder)
        listing(folder)
        items(folder)
        beside_memory(folder)


if __name__ == "__main__":
    main()
