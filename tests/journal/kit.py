"""Runs that are kept, in this process and without any others: actions give what a table says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.kit import Kit, workflow, write
from st2runtime.actions.secrets import Secrets
from st2runtime.commands import open_inquiries
from st2runtime.commands.keeping import Keeping
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import Options, StandIns
from st2runtime.engines.resuming import go_on
from st2runtime.engines.steps import Step
from st2runtime.journal.entries import Begin, Entry, Happened
from st2runtime.journal.file import FileStore
from st2runtime.journal.fold import Fold, Replayed
from st2runtime.journal.store import Mail
from st2runtime.runners.base import Outcome

RUN = "5" * 24
"""The id of a run."""

Give = Callable[[Step], Outcome | None]

JOINS = """
version: 1.0
input: [names]
vars: [{drawn: <% random() %>}]
tasks:
  first:
    action: core.noop
    next: [{publish: [{one: <% result() %>}], do: [left, right]}]
  left:
    action: core.echo
    input: {message: left}
    retry: {count: 2, delay: 1}
    next: [{do: [both]}]
  right:
    with: {items: <% ctx(names) %>, concurrency: 2}
    action: core.echo
    input: {message: <% item() %>}
    next: [{publish: [{all: <% result() %>}], do: [both]}]
  both:
    join: all
    delay: 2
    action: shop.below
    input: {word: <% ctx(drawn) %>}
    next: [{publish: [{inner: <% result().output %>}], do: [ask]}]
  ask:
    action: core.ask
    next: [{publish: [{answer: <% result().response %>}]}]
output:
  - drawn: <% ctx(drawn) %>
  - all: <% ctx(all) %>
  - inner: <% ctx(inner) %>
  - answer: <% ctx(answer) %>
"""
BELOW = """
version: 1.0
input: [word]
tasks:
  a: {action: core.noop, next: [{do: [b, c]}]}
  b: {action: core.noop, delay: 1, next: [{do: [d]}]}
  c: {action: core.noop, next: [{do: [d]}]}
  d: {join: all, action: core.echo, input: {message: <% ctx(word) %>}}
output: [{said: <% ctx(word) %>}]
"""


class Table:
    """What actions give, and how often each attempt was begun, by its key."""

    def __init__(self, results: Mapping[str, Sequence[Outcome]] | None = None) -> None:
        self.results = results or {}
        self.begun: list[str] = []

    def before(self, step: Step, execution: Any) -> Outcome | None:
        """The outcome of an action that is no workflow and asks nobody."""
        if step.action in ("core.ask", "shop.below"):
            return None
        self.begun.append(step.key)
        given = self.results.get(step.task)
        if given:
            return given[min(step.attempt, len(given) - 1)]
        return Outcome("succeeded", {"stdout": f"{step.task} {step.item}"})

    def instead(self, step: Step, prepared: Any) -> Outcome | None:
        """Nothing else."""
        return None


def files() -> dict[str, str]:
    """The pack: a workflow with everything, and one below it."""
    return {
        **workflow("top", JOINS, "{names: {type: array}}"),
        **workflow("below", BELOW, "{word: {}}"),
    }


class Bench:
    """A pack, a store, and runs in it."""

    def __init__(self, folder: Path, more: Mapping[str, str] | None = None, **store: Any) -> None:
        write(folder / "packs", more or files())
        self.folder, self.stays = folder, False
        self.store = FileStore(folder / "runs.db", key_file=folder / "key", **store)

    def engine(self, keeping: Keeping, table: StandIns) -> tuple[Kit, LocalEngine]:
        """An engine that waits for nothing."""
        kit = Kit(self.folder / "packs")
        options = Options(patience=0.0, stand_ins=table, journal=keeping.journal, stays=self.stays)
        return kit, LocalEngine(kit.desk, kit.serve, None, options)

    def run(self, ref: str, given: Mapping[str, Any], table: StandIns, run: str = RUN) -> Step:
        """Run it to its end, or until it rests."""

        async def main() -> Step:
            keeping = Keeping(self.store, self.store.create(run, Secrets()), {})
            kit, engine = self.engine(keeping, table)
            prepared = kit.desk.root(kit.desk.library.find(ref), given)
            async with keeping.during(engine):
                return await engine.run(prepared, given, run)

        return asyncio.run(main())

    def resume(self, table: StandIns, *mail: Mail, run: str = RUN) -> Step:
        """Go on with it to its end, or until it rests."""
        for one in mail:
            self.store.post(run, one)

        async def main() -> Step:
            log = self.store.open(run, Secrets())
            replayed = self.fold(run)
            keeping = Keeping(self.store, log, {})
            kit, engine = self.engine(keeping, table)
            prepared = None
            if replayed.main is None:
                found = kit.desk.library.find(replayed.root.action)
                prepared = kit.desk.root(found, replayed.root.input)
            async with keeping.during(engine):
                assert keeping.mailbox is not None
                return await go_on(keeping.mailbox, replayed, prepared)

        return asyncio.run(main())

    def fold(self, run: str = RUN) -> Replayed:
        """The run as its log tells it."""
        return Fold(self.store.graph).read(self.store.entries(run))

    def cut(self, other: Bench, number: int, run: str = RUN) -> None:
        """Put the first entries of a run into another store, as if it had been killed then."""
        entries = list(self.store.entries(run))[:number]
        put(
            other.store, entries, [self.store.graph(e.copy) for e in begins(entries) if e.copy], run
        )

    def answer(self, response: Any, run: str = RUN) -> Mail:
        """The mail that answers the one question of a run."""
        (one,) = open_inquiries.of_run(self.fold(run))
        return Mail("answer", {"inquiry": one.step.id, "response": response})


def put(store: FileStore, entries: Sequence[Entry], graphs: Iterable[Any], run: str = RUN) -> None:
    """Write a log."""
    log = store.create(run, Secrets())
    for graph in graphs:
        log.keep(graph)
    log.append(entries, status="running")
    log.release()


def begins(entries: Iterable[Entry]) -> list[Begin]:
    """The beginnings among entries."""
    return [entry for entry in entries if isinstance(entry, Begin)]


def outcomes(entries: Iterable[Entry]) -> list[tuple[int, str]]:
    """The attempts whose outcome is recorded: number of the execution, id of the request."""
    return [
        (entry.of, entry.event.id)
        for entry in entries
        if isinstance(entry, Happened) and type(entry.event).__name__ == "ActionEnded"
    ]
