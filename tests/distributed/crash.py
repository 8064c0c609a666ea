"""The crash suite: many executions, while workers are killed and stopped and the database crashes.

    python tests/distributed/crash.py                   # 200 executions of 20 actions, 2 and then 4 workers
    python tests/distributed/crash.py --executions 20 --workers 2 --seed 7

Every action writes the key of its attempt to a file before it does anything: so it is known how often each
was begun, whatever the journals say.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))

from distributed.cluster import Cluster, Worker, surroundings
from st2runtime.commands.stores import open_database
from st2runtime.events import ActionEnded
from st2runtime.journal.entries import Happened
from st2runtime.journal.errors import JournalError
from st2runtime.journal.fold import Fold
from st2runtime.journal.store import Query

WORKFLOW = """
version: 1.0
input: [number]
vars: [{seen: []}]
tasks:
  first:
    action: core.local
    input: {cmd: "%s; echo <% ctx(number) %>"}
    next: [{publish: [{one: <% int(result().stdout) %>}], do: [each, left, right]}]
  each:
    with: {items: <% range(12) %>, concurrency: 4}
    action: core.local
    input: {cmd: "%s; echo <% item() + ctx(one) %>"}
    next: [{publish: [{all: "<% result().select($.stdout) %>"}], do: [sum]}]
  left:
    action: core.local
    input: {cmd: "%s; echo left"}
    next: [{do: [left2]}]
  left2:
    action: core.local
    delay: 1
    input: {cmd: "%s; echo left2"}
    next: [{publish: [{two: <% result().stdout %>}], do: [sum]}]
  right:
    action: core.local
    input: {cmd: "%s; echo right"}
    next: [{do: [right2]}]
  right2:
    action: core.local
    input: {cmd: "%s; echo right2"}
    next: [{do: [sum]}]
  sum:
    join: all
    action: core.local
    input: {cmd: "%s; echo <% ctx(all).select(int($)).sum() %>"}
    next: [{publish: [{total: <% int(result().stdout) %>}], do: [last]}]
  last:
    action: core.local
    input: {cmd: "%s; echo <% ctx(total) + 1 %>"}
    next: [{publish: [{end: <% int(result().stdout) %>}], do: [after]}]
  after:
    action: core.noop
output: [{total: <% ctx(total) %>}, {end: <% ctx(end) %>}, {two: <% ctx(two) %>}]
"""
ACTIONS = 20
"""First, twelve items, two on the left, two on the right, sum, last, after."""
_PATIENCE = 600.0


@dataclass
class Count:
    """What has happened: faults, executions, and what has become of them."""

    workers: int
    executions: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    attempts: int = 0
    again: int = 0
    most: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        faults = ", ".join(f"{number} {kind}" for kind, number in sorted(self.faults.items()))
        return (
            f"{self.workers} workers: {self.executions} executions, {self.attempts} attempts; {faults}; "
            f"begun again: {self.again} (at most {self.most} times one); lost or wrong: {len(self.wrong)}; "
            f"{self.seconds:.0f} s"
        )


class Suite:
    """One round with a number of workers, of which there are as many again soon after a fault."""

    def __init__(self, cluster: Cluster, folder: Path, workers: int, seed: int) -> None:
        self.cluster, self.folder = cluster, folder
        self.chance = random.Random(seed)
        self.count = Count(workers)
        self.begun = folder / "begun"
        self.workers = [self._worker() for _ in range(workers)]
        self.over = threading.Event()
        self.store = open_database(cluster.url)
        note = f"echo $ST2C_IDEMPOTENCY_KEY >> {self.begun}; sleep 0.2"
        self.workflow = folder / "shaken.yaml"
        self.workflow.write_text(WORKFLOW.replace("%s", note))

    def _worker(self) -> Worker:
        return Worker(self.cluster.url, self.folder, "--concurrency", "8")

    def run(self, executions: int) -> Count:
        """Submit everything, with faults meanwhile and after, and look at what has come of it."""
        began = time.monotonic()
        shaking = threading.Thread(target=self._shake)
        try:
            ids = [self._submit(0)]
            shaking.start()
            ids += [self._submit(number) for number in range(1, executions)]
            self._wait(ids)
        finally:
            self.over.set()
            if shaking.ident is not None:
                shaking.join()
            for worker in self.workers:
                worker.kill()
        self.count.seconds = time.monotonic() - began
        self._judge(ids)
        return self.count

    def _submit(self, number: int) -> str:
        """Submit one, again when the database was not there; gives the id that was acknowledged."""
        from st2runtime.commands import run_elsewhere, run_setup

        words = argparse.Namespace(
            target=str(self.workflow), words=[f"number={number}"], params=None, user=None, context=None,
            pack_dir=None, config_dir=None, datastore=None, with_dependencies=False, config=None,
            no_config=True, force=False, dry_run=False, mock=None, mock_all=False, until=None, record=None,
            store=None, no_store=False, detach=True, timeout=None, concurrency=None, format="json",
            color="never", quiet=True, database=self.cluster.url, queue=None,
        )  # fmt: skip
        session = run_setup.session(words)
        assert session is not None
        while True:
            try:
                return run_elsewhere.submit(self.store, session)
            except JournalError:
                time.sleep(0.3)

    def _shake(self) -> None:
        """A fault about every second, until it is over."""
        while not self.over.wait(self.chance.uniform(0.1, 0.8)):
            kind = self.chance.choices(("killed", "stopped", "crashed"), (5, 4, 2))[0]
            self._revive()
            place = self.chance.randrange(len(self.workers))
            worker = self.workers[place]
            match kind:
                case "killed":
                    worker.kill()
                    self.over.wait(self.chance.uniform(0.0, 1.0))
                    self.workers[place] = self._worker()
                case "stopped":
                    worker.freeze()
                    self.over.wait(self.chance.uniform(0.1, 4.0))
                    worker.thaw()
                case "crashed":
                    self.cluster.crash()
            self.count.faults[_WORDS[kind]] += 1

    def _revive(self) -> None:
        """As systemd does: begin what has ended by itself anew, as without a database nothing can begin."""
        for place, worker in enumerate(self.workers):
            if worker.process.poll() is not None:
                if "cannot be" not in worker.said or "Traceback" in worker.said:
                    self.count.wrong.append(f"a worker has ended: {worker.said}")
                self.workers[place] = self._worker()

    def _wait(self, ids: Sequence[str]) -> None:
        until = time.monotonic() + _PATIENCE
        left = set(ids)
        while left and time.monotonic() < until:
            try:
                ended = {one.id for one in self.store.executions(Query(statuses=_ENDED))}
                left -= ended
            except JournalError:
                pass
            time.sleep(0.5)
        self.count.wrong += [w.said for w in self.workers if "Traceback" in w.said]

    def _judge(self, ids: Sequence[str]) -> None:
        count = self.count
        count.executions = len(ids)
        keys = Counter(self.begun.read_text(encoding="ascii").split())
        for number, execution in enumerate(ids):
            summary = self.store.find(execution)
            entries = list(self.store.entries(execution))
            output = Fold(self.store.graph).read(entries).root.output
            total = sum(range(12)) + 12 * number
            if (summary.status, output) != (
                "succeeded",
                {"total": total, "end": total + 1, "two": "left2"},
            ):
                count.wrong.append(f"{execution}: {summary.status}, {output}")
            ended = [
                one.event.id
                for one in entries
                if isinstance(one, Happened) and isinstance(one.event, ActionEnded)
            ]
            begun = sum(1 for key in keys if key.startswith(execution))
            if len(ended) != ACTIONS or len(set(ended)) != ACTIONS or begun != ACTIONS - 1:
                count.wrong.append(
                    f"{execution}: {len(ended)} outcomes of {ACTIONS}, {begun} begun"
                )
        count.attempts = len(keys)
        count.again = sum(keys.values()) - len(keys)
        count.most = max(keys.values()) - 1


_WORDS = {
    "killed": "workers killed",
    "stopped": "workers stopped and continued",
    "crashed": "crashes of the database",
}
_ENDED = ("succeeded", "failed", "canceled", "timeout", "abandoned")


def shaken(executions: int, workers: int, seed: int) -> Count:
    """One round, with a server of its own."""
    with Cluster() as cluster, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with mock.patch.dict(os.environ, surroundings(cluster.url, folder)):
            return Suite(cluster, folder, workers, seed).run(executions)


def main() -> int:
    """Run the rounds that the arguments ask for; 1 when something was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--executions", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    lost = 0
    for workers in args.workers:
        count = shaken(args.executions, workers, args.seed)
        print(count, flush=True)
        print(*count.wrong, sep="\n", end="")
        lost += len(count.wrong)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
