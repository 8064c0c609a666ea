"""Throughput of workers on one database, and what it costs to go on with a long execution.

    python tests/benchmarks/bench_distributed.py

Needs PostgreSQL; starts a server of its own. Everything is on this machine: workers, database and actions share
its processors.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from distributed.cluster import Cluster, Worker, missing, surroundings
from st2runtime.commands import run_elsewhere, run_setup
from st2runtime.commands.stores import open_database
from st2runtime.distributed.store import PostgresStore
from st2runtime.journal.fold import Fold
from st2runtime.journal.store import Query

WORKFLOW = """version: 1.0
input: [count]
tasks:
  each:
    with: {{items: <% range(int(ctx(count))) %>, concurrency: 4}}
    action: {action}
"""
EXECUTIONS, ACTIONS = 40, 50
STEPS = 2000


class Bench:
    """A database, and a folder for everything else."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder
        self.store: PostgresStore = open_database(cluster.url)

    def submit(self, action: str, count: int) -> str:
        """An execution of so many actions; gives its id."""
        path = self.folder / "items.yaml"
        path.write_text(WORKFLOW.format(action=action), encoding="utf-8")
        plain = dict.fromkeys(
            ("params", "user", "context", "pack_dir", "config_dir", "datastore", "config", "mock", "until",
             "record", "timeout", "concurrency", "queue")
        )  # fmt: skip
        plain |= dict.fromkeys(
            ("with_dependencies", "force", "dry_run", "mock_all", "no_store"), False
        )
        own = {"target": str(path), "words": [f"count={count}"], "no_config": True, "detach": True}
        args = argparse.Namespace(**plain, **own, database=self.cluster.url)
        session = run_setup.session(args)
        assert session is not None
        return run_elsewhere.submit(self.store, session)

    def wait(self, ids: list[str]) -> None:
        """Until all of them have succeeded."""
        left = set(ids)
        while left:
            time.sleep(0.1)
            left -= {one.id for one in self.store.executions(Query(statuses=("succeeded",)))}

    def throughput(self, action: str, number: int) -> float:
        """Actions a second with a number of workers, which are there before anything is submitted."""
        workers = [Worker(self.cluster.url, self.folder) for _ in range(number)]
        self.wait([self.submit("core.noop", 1) for _ in workers])
        started = time.perf_counter()
        self.wait([self.submit(action, ACTIONS) for _ in range(EXECUTIONS)])
        took = time.perf_counter() - started
        for worker in workers:
            worker.stop()
        return EXECUTIONS * ACTIONS / took

    def replay(self) -> None:
        """A long execution, read from its beginning as a worker does that takes it over."""
        worker = Worker(self.cluster.url, self.folder)
        execution = self.submit("core.noop", STEPS)
        self.wait([execution])
        worker.stop()
        started = time.perf_counter()
        run = Fold(self.store.graph).read(self.store.entries(execution))
        took = time.perf_counter() - started
        assert len(run.root.children) == STEPS
        entries = self.store.find(execution).entries
        print(f"replay of {STEPS:,} actions ({entries:,} entries): {took:.2f} s")


def main() -> None:
    """Print all figures."""
    reason = missing()
    if reason:
        sys.exit(reason)
    with Cluster() as cluster, tempfile.TemporaryDirectory() as name:
        own = surroundings(cluster.url, Path(name))
        os.environ.update({key: value for key, value in own.items() if key.startswith("ST2C_")})
        bench = Bench(cluster, Path(name))
        for action in ("core.noop", 'core.local cmd="true"'):
            for number in (1, 2, 4):
                rate = bench.throughput(action, number)
                print(f"{action}: {number} workers, {rate:.0f} actions a second", flush=True)
        bench.replay()


if __name__ == "__main__":
    main()
