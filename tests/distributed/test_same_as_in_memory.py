"""Rehearsals come to the same in memory, through the journal of this machine, and through workers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from distributed.cluster import Cluster
from engine.kit import Kit
from st2runtime.actions.target import of_graph
from st2runtime.commands.keeping import Keeping
from st2runtime.commands.run_elsewhere import Submission
from st2runtime.engines.execution import Execution
from st2runtime.engines.journal import Journal, Unkept
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import Options
from st2runtime.engines.prepare import Prepared
from st2runtime.engines.resuming import go_on
from st2runtime.engines.stand_ins import Mocked
from st2runtime.engines.steps import Step
from st2runtime.journal.file import FileStore
from st2runtime.journal.fold import Fold
from st2runtime.journal.store import Store
from st2runtime.rehearsal.case import Case, run_name
from st2runtime.rehearsal.drive import rehearse
from st2runtime.rehearsal.read import read
from st2runtime.rehearsal.work import Plan, workflows

from st2lang.evaluation import Still
from st2lang.graph import Graph
from st2lang.source import Source

if TYPE_CHECKING:
    from st2runtime.distributed.store import PostgresStore

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CASES = sorted((CORPUS / "recorded" / "rehearsals").glob("*.yaml"))
PACKS = CORPUS / "packs"
SAMPLE = 50
QUEUE = "rehearsals"
_LONG = 300
"""Actions of a rehearsal that is left out: it goes round and round."""


class One:
    """A rehearsal as a run: its actions give what its mocks say, its clock stands still."""

    def __init__(self, path: Path, case: Case, graph: Graph) -> None:
        self.case, self.graph = case, graph
        self.id = blake2b(path.name.encode(), digest_size=12).hexdigest()

    def engine(self, kit: Kit, journal: Journal) -> LocalEngine:
        """An engine for it, once: mocks are used up."""
        kit.desk.world = lambda graph: Still(None, 0.0, 1)  # type: ignore[method-assign]
        mocks = Mocked(self.case.mocks, guess=True)
        options = Options(patience=0.0, stand_ins=mocks, journal=journal)
        return LocalEngine(kit.desk, kit.serve, None, options)

    async def run(self, engine: LocalEngine) -> Step:
        """From its beginning."""
        path = str(PACKS / str(self.case.workflow))
        runnable = of_graph(self.graph, path, "sample")
        given = self.case.inputs
        prepared = Prepared(runnable, given, {"user": "ada", "pack": "sample", **self.case.context})
        return await engine.run(prepared, given, self.id)

    async def in_memory(self, kit: Kit) -> Mapping[str, Any]:
        """Without a journal."""
        engine = self.engine(kit, Unkept())
        await self.run(engine)
        assert engine.execution is not None
        return told(engine.execution)

    async def kept(self, kit: Kit, store: FileStore) -> Mapping[str, Any]:
        """With a journal, from which it is read afterwards."""
        keeping = Keeping(store, store.create(self.id, kit.secrets), {})
        engine = self.engine(kit, keeping.journal)
        async with keeping.during(engine):
            await self.run(engine)
        return read_from(store, self.id)

    async def submit(self, kit: Kit, store: PostgresStore) -> None:
        """Its beginning, for workers to go on with."""
        writer = Submission(store.submission(self.id, kit.secrets, QUEUE), {})
        await writer.keep_beginning(self.run(self.engine(kit, writer)))

    async def go_on(self, kit: Kit, store: PostgresStore) -> str:
        """As a worker does."""
        log = store.open(self.id, kit.secrets)
        keeping = Keeping(store, log, {})
        engine = self.engine(kit, keeping.journal)
        run = Fold(store.graph).read(store.entries(self.id))
        async with keeping.during(engine):
            assert keeping.mailbox is not None
            return (await go_on(keeping.mailbox, run, None)).status


def told(execution: Execution) -> Mapping[str, Any]:
    """What a rehearsal compares."""
    conductor = execution.conductor
    return {
        "task_sequence": [run_name(run.task, run.route) for run in conductor.sequence],
        "routes": list(conductor.routes),
        "workflow_status": conductor.status,
        "output": conductor.output,
        "errors": list(conductor.errors),
        "term_tasks": sorted(run_name(run.task, run.route) for run in conductor.terminals),
    }


def read_from(store: Store, execution: str) -> Mapping[str, Any]:
    """What a log tells."""
    main = Fold(store.graph).read(store.entries(execution)).main
    assert main is not None
    return told(main)


def sample() -> list[One]:
    """Workflows from all over the corpus that come to an end."""
    plan = Plan(base_path=str(PACKS))
    found: list[One] = []
    for path in CASES[:: max(1, len(CASES) // (SAMPLE + 30))]:
        case = read(Source(str(path), path.read_text("utf-8")), lambda name: None).case
        assert case is not None
        graph = workflows(plan).load(str(PACKS / str(case.workflow))).graph
        if graph is None or len(rehearse(graph, case, limit=_LONG).requests) >= _LONG:
            continue
        found.append(One(path, case, graph))
    return found[:SAMPLE]


def test_a_sample_of_rehearsals(cluster: Cluster, tmp_path: Path) -> None:
    if not CASES:
        pytest.skip("the corpus is not here")
    from st2runtime.distributed.address import Address
    from st2runtime.distributed.presence import Presence
    from st2runtime.distributed.store import PostgresStore
    from st2runtime.distributed.worker import Worker

    many = PostgresStore(Address(cluster.url), key_file=str(tmp_path / "key"))
    presence = Presence(many.database, [QUEUE])
    many.worker = presence.number
    files = FileStore(tmp_path / "runs.db", key_file=tmp_path / "key")
    cases = {one.id: one for one in sample()}
    assert len(cases) == SAMPLE

    def conduct(execution: str) -> str:
        return asyncio.run(cases[execution].go_on(Kit(PACKS), many))

    worker = Worker(many, [QUEUE], 4, conduct)
    worker.start()
    for one in cases.values():
        asyncio.run(one.submit(Kit(PACKS), many))
    memory = {one.id: asyncio.run(one.in_memory(Kit(PACKS))) for one in cases.values()}
    kept = {one.id: asyncio.run(one.kept(Kit(PACKS), files)) for one in cases.values()}
    end = time.monotonic() + 120
    while any(many.find(name).ended is None for name in cases) and time.monotonic() < end:
        time.sleep(0.1)
    worker.stop()
    presence.leave()
    distributed = {name: read_from(many, name) for name in cases}
    assert kept == memory
    assert distributed == memory
    assert len({one["workflow_status"] for one in memory.values()}) > 1
