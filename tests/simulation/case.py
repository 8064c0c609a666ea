"""A seeded case: a workflow, what its actions give, what goes wrong and who does what, until it has ended."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from engine.kit import Kit, workflow, write
from simulation import acts, process
from simulation.clock import Clock
from simulation.process import Fault, Process
from simulation.storage import Quick
from simulation.witness import Witness
from st2runtime import runners
from st2runtime.engines.steps import FINAL, Step
from st2runtime.journal import holders
from st2runtime.journal.errors import UnknownExecutionError
from st2runtime.journal.file import FileStore
from st2runtime.journal.fold import Fold, Replayed
from st2runtime.runners.base import Invocation, Outcome, Services

from st2lang.record import field, record

FLOWS = Path(__file__).parent / "cases"
SCRIPTS = 4
"""In how many ways the actions of a workflow turn out."""
PROCESSES = 40


@record
class Flow:
    """A file of workflows. `fails` tells how often attempts of a task fail, `compare` what must be the same in the end."""

    name: str
    about: str
    workflows: Mapping[str, str]
    given: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    fails: Mapping[str, float] = field(default_factory=dict)
    runner: str = "orquesta"
    compare: str = "output"


@cache
def flow(name: str) -> Flow:
    """The workflows of a file."""
    return Flow(name, **yaml.safe_load((FLOWS / f"{name}.yaml").read_text(encoding="utf-8")))


class Bench:
    """What all cases of one file share: its pack, and a database with a log for each."""

    def __init__(self, folder: Path, name: str) -> None:
        self.flow = flow(name)
        files: dict[str, str] = {}
        for one, text in self.flow.workflows.items():
            runner = self.flow.runner if one == "top" else "orquesta"
            files |= workflow(one, text, self.flow.parameters.get(one, "{}"), runner)
        write(folder / "packs", files)
        self.kit = Kit(folder / "packs")
        self.path = folder / "runs.db"
        self.store = FileStore(self.path, factory=Quick)
        self.graph = cache(self.store.graph)
        self.faults: Counter[str] = Counter()
        self.happened: Counter[str] = Counter()
        self.count = 0
        self.usual: Counter[str] = Counter()
        self._expected: dict[int, tuple[str, Any]] = {}

    def expected(self, script: int) -> tuple[str, Any]:
        """Status and output of the run that nothing happens to."""
        for one in range(SCRIPTS if not self._expected else 0):
            case = Case(self, -1 - one)
            self._expected[one] = case.end()
            self.usual |= case.counts
        return self._expected[script]

    def case(self, seed: int) -> None:
        """Run a case, and compare it with the run that nothing happens to."""
        self.count += 1
        status, output = self.expected(seed % SCRIPTS)
        case = Case(self, seed)
        found = case.end()
        if found[0] == "canceled" or (case.canceled and found[0] == "failed"):
            assert case.canceled
        elif self.flow.compare == "output":
            assert found == (status, output)
        else:
            assert found[0] == status


class Case:
    """One run. A seed below 0 is a run that nothing happens to, with the script of that number."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.flow, self.kit, self.path, self.store = bench.flow, bench.kit, bench.path, bench.store
        self.faults, self.happened = bench.faults, bench.happened
        self.chance = random.Random(f"{bench.flow.name}:{seed}")
        self.quiet = seed < 0
        self.script = -1 - seed if self.quiet else seed % SCRIPTS
        self.id = f"{bench.count:012x}{seed % 16**12:012x}"
        self.clock = Clock()
        self.witness = Witness(self.store, self.id, bench.graph, lambda: self.clock.now)
        self.acts = [] if self.quiet else acts.drawn(self.chance)
        self.usual, self.first = bench.usual, True
        self.left = 0 if self.quiet else self.chance.randrange(5)
        self.counts: Counter[str] = Counter()
        self.canceled = False
        self._process: Process
        self._shifts = self.chance.random() < 0.5

    def end(self) -> tuple[str, Any]:
        """Go on with it until it has ended; gives its status and its output."""
        with self._fakes():
            for _ in range(PROCESSES):
                fault = self._fault()
                self._process = Process(self, fault, self.chance)
                step = self._process.run()
                self.counts.update(self._process.counts)
                self.witness.look()
                if step is not None and self._finished(step):
                    return step.status, _without_chance(step.output)
                self._meanwhile(step)
        raise AssertionError("it does not come to an end")

    def _fault(self) -> Fault | None:
        if self.left == 0:
            return None
        self.left -= 1
        first, self.first = self.first, False
        return process.drawn(self.chance, self.usual, first)

    def _finished(self, step: Step) -> bool:
        """Whether it has ended; then all that there is to know of it must be the same everywhere."""
        run = Fold(self.store.graph).read(self.store.entries(self.id))
        seen, engine = self.witness.run, self._process.engine
        assert seen is not None
        assert engine.execution is not None
        assert state(run) == state(seen)
        main = engine.execution.conductor
        assert _text(main.serialize()) == state(run)[0]
        summary = self.store.find(self.id)
        assert summary.status == run.status == step.status
        assert (summary.ended is not None) == (step.status in FINAL)
        assert run.root.output == step.output
        drawn = {note[2] for note in self.witness.notes}
        if isinstance(step.output, dict) and "drawn" in step.output:
            assert drawn == {step.output["drawn"]}, "what was drawn is not what was kept"
        return step.status in FINAL

    def _meanwhile(self, step: Step | None) -> None:
        """What happens while nobody runs it: time goes by, machines start anew, people answer."""
        chance = self.chance
        self.clock.now += chance.choice((0.0, chance.uniform(0, 3)))
        if self._shifts and chance.random() < 0.3:
            self.clock.jump += chance.choice((-86_400.0, 86_400.0))
            self.happened["clock set"] += 1
        elif not self._shifts and chance.random() < 0.3:
            self.clock.machine += 1
            self.happened["machine started anew"] += 1
        if step is None:
            if chance.random() < 0.3 and not self.quiet:
                self.post(chance.choice(acts.PEOPLE))
            return
        questions = self.witness.resting
        for mail in acts.answers(questions, chance) if questions else ():
            self.store.post(self.id, mail)
            self.happened["answer"] += 1
        if not questions or chance.random() < 0.3:
            self.post("resume")

    def post(self, kind: str) -> None:
        """Post what somebody wants, if there is anybody to get it."""
        mail = acts.mail(kind, self.witness.questions, self.chance)
        if mail is None:
            return
        try:
            self.store.post(self.id, mail)
        except UnknownExecutionError:
            return
        self.canceled |= kind == "cancel"
        self.happened[kind] += 1

    # -- actions ---------------------------------------------------------------------------------

    def begins(self, step: str, key: str) -> None:
        """An action really begins."""
        self.witness.begins(step, key)

    def outcome(self, key: str) -> Outcome:
        """How an attempt ends: always the same, whoever runs it and when."""
        _, numbered, _, item, attempt = key.split("/")
        task = numbered.rpartition(".")[0]
        chance = random.Random(f"{self.script}/{task}/{item}/{attempt}")
        said = {"stdout": f"{task} {item} {attempt}"}
        if chance.random() < self.flow.fails.get(task, 0.0):
            return Outcome(chance.choice(("failed", "timeout")), said)
        return Outcome("succeeded", said)

    @contextmanager
    def _fakes(self) -> Iterator[None]:
        case = self

        class Runner:
            NAMES = ("any",)

            async def run(self, invocation: Invocation, services: Services) -> Outcome:
                return await case._process.perform(invocation)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runners, "find", lambda name: Runner())
            patch.setattr(holders, "lives", lambda *_: False)
            patch.setattr(holders, "boot", self.clock.boot)
            patch.setattr(holders, "tick", self.clock.tick)
            patch.setattr(time, "time", self.clock.wall)
            yield


def state(run: Replayed) -> list[str]:
    """All that a replay gives, to the byte."""
    return [_text(execution.conductor.serialize()) for execution in run.executions]


def _text(data: Any) -> str:
    return json.dumps(data)


def _without_chance(output: Any) -> Any:
    return {k: v for k, v in output.items() if k != "drawn"} if isinstance(output, dict) else output
