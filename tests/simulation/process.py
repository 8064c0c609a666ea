"""One process that begins a run or goes on with it: the real engine and journal, with actions that do nothing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulation import acts
from simulation.clock import Loop
from simulation.storage import Crash, Fragile, Watched, full
from st2runtime.actions.secrets import Secrets
from st2runtime.commands.keeping import Keeping
from st2runtime.conductor import InvalidEvent
from st2runtime.engines.execution import Execution
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import Options
from st2runtime.engines.resuming import go_on
from st2runtime.engines.steps import Silent, Step
from st2runtime.journal.errors import JournalError
from st2runtime.journal.file import FileStore
from st2runtime.journal.fold import Fold
from st2runtime.journal.writer import Writer
from st2runtime.runners.base import Invocation, Outcome, Services

from st2lang.record import record

if TYPE_CHECKING:
    from simulation.case import Case

WRITES = ("before", "during", "after", "disk", "fenced")
"""What goes wrong with a write; `after`: it is on the disk, and nothing has been done on it."""
STEPS = ("turn", "dispatch")
"""Where else a process is killed: in a turn of its loop, or with some requests carried out and some not."""
LIMIT = 400.0
"""How many seconds a case may take by its own clock."""


@record
class Fault:
    """What goes wrong in a process, and at the how manieth time; during a write also at which statement."""

    kind: str
    count: int
    statement: int = 0


class Engine(LocalEngine):
    """The engine, where the end of an action may be `told` by somebody else before: then that has counted."""

    told: set[tuple[str, str]]

    def finish(
        self, execution: Execution | None, step: Step, outcome: Outcome, error: str = ""
    ) -> None:
        try:
            super().finish(execution, step, outcome, error)
        except InvalidEvent:
            if execution is None or (execution.step.id, step.request) not in self.told:
                raise


class Process(Silent):
    """Runs until the run rests or has ended, or until something goes wrong."""

    def __init__(self, case: Case, fault: Fault | None, chance: random.Random) -> None:
        self.case, self.fault, self.chance = case, fault, chance
        self.store = FileStore(case.path, factory=Fragile)
        self.engine: Engine
        self.dead = False
        self.under_way: list[Step] = []
        self.before = set(case.witness.ended)
        self.counts = dict.fromkeys((*STEPS, "write"), 0)
        self._steps: dict[str, Step] = {}
        self._loop = Loop(case.clock, self._turn)

    def run(self) -> Step | None:
        """The step of the run when it rests or has ended; None when something has gone wrong."""
        try:
            return self._loop.run_until_complete(self._main())
        except (Crash, JournalError):
            if self.fault is None:
                raise
            self.case.faults[self.fault.kind] += 1
            return None
        finally:
            Fragile.notice = None
            self.dead = True
            self._loop.drop()
            self.store.close()

    async def _main(self) -> Step:
        case = self.case
        new = case.witness.run is None
        log = self.store.create(case.id, Secrets()) if new else self.store.open(case.id, Secrets())
        watched = Watched(log, self)
        keeping = Keeping(self.store, watched, {})
        keeping.writer = Writer(watched, {}, lambda call, urgent: None, case.clock.wall)
        self.engine = Engine(case.kit.desk, self._serve, self, Options(journal=keeping.journal))
        self.engine.told = set()
        desk = case.kit.desk
        prepared = desk.root(desk.library.find("shop.top"), case.flow.given)
        acting = self.engine.jobs.aside(self._act)
        try:
            async with keeping.during(self.engine):
                if new:
                    return await self.engine.run(prepared, case.flow.given, case.id)
                assert keeping.mailbox is not None
                replayed = Fold(self.store.graph).read(self.store.entries(case.id))
                return await go_on(keeping.mailbox, replayed, None)
        finally:
            acting.cancel()

    @property
    def executions(self) -> list[Execution]:
        """The workflows in this process that have not ended."""
        found = (getattr(self.engine, "execution", None), *self.engine.children.values())
        return [execution for execution in found if execution is not None]

    # -- actions ---------------------------------------------------------------------------------

    def _serve(self, step: Step, line: Callable[[str, str], None]) -> Services:
        self._steps[step.id] = step
        return Services()

    async def perform(self, invocation: Invocation) -> Outcome:
        """Run an action: it takes a time drawn by this process, and gives what the case has for the attempt."""
        key = invocation.environment["ST2C_IDEMPOTENCY_KEY"]
        step = self._steps[invocation.id]
        self.case.begins(invocation.id, key)
        if invocation.runner == "inquirer":
            return Outcome("pending", {"schema": {"type": "object"}})
        self.under_way.append(step)
        await asyncio.sleep(self.chance.choice((0.0, 0.01, self.chance.uniform(0, 1.5))))
        self.under_way.remove(step)
        return self.case.outcome(key)

    # -- what happens besides --------------------------------------------------------------------

    async def _act(self) -> None:
        """What the case has in store happens in its time; what finds nothing to happen to is tried again."""
        while self.case.acts:
            now = self.case.clock.now
            await asyncio.sleep(max(self.case.acts[0].at - now, 0.05))
            act = self.case.acts.pop(0)
            if act.kind in acts.PEOPLE or act.kind == "cancel":
                self.case.post(act.kind)
            elif acts.message(act.kind, self):
                self.case.happened[act.kind] += 1

    # -- what goes wrong -------------------------------------------------------------------------

    def _turn(self) -> None:
        assert self.case.clock.now < LIMIT, "it does not come to an end"
        self._strike("turn")

    def began(self, step: Step) -> None:
        """A request is about to be carried out."""
        self.case.witness.hands_over(step)
        self._strike("dispatch")

    def _strike(self, kind: str) -> None:
        self.counts[kind] += 1
        if self.fault == Fault(kind, self.counts[kind]):
            raise Crash

    def before_write(self) -> None:
        """The journal is about to write."""
        self.counts["write"] += 1
        fault = self.fault
        if fault is None or fault.kind in STEPS or fault.count != self.counts["write"]:
            return
        match fault.kind:
            case "before":
                raise Crash
            case "fenced" if self.case.witness.run is not None:
                self.case.store.open(self.case.id, Secrets())
            case "during":
                Fragile.notice = _after(fault.statement)
            case "disk":
                Fragile.notice = _at_commit

    def after_write(self) -> None:
        """What it has written is on the disk; nothing has been done on it."""
        self.case.witness.look()
        if self.fault == Fault("after", self.counts["write"]):
            raise Crash


def _after(statements: int) -> Callable[[str], None]:
    """Kills the process at one of the next statements, the commit at the latest."""
    left = statements

    def notice(statement: str) -> None:
        nonlocal left
        if statement == "ROLLBACK":
            return
        left -= 1
        if left < 0 or statement == "COMMIT":
            raise Crash

    return notice


def _at_commit(statement: str) -> None:
    if statement == "COMMIT":
        raise full()


def drawn(chance: random.Random, usual: Mapping[str, int], first: bool) -> Fault:
    """A fault. `usual` is how often each thing happens in a run that is left alone; a later process does less."""
    kind = chance.choice((*WRITES, *STEPS))
    most = usual["write" if kind in WRITES else kind]
    if not first:
        most = int(most * chance.random())
    statement = chance.randrange(8) if kind == "during" else 0
    return Fault(kind, chance.randint(1, max(1, most)), statement)
