"""Mocks that were used up before a crash are used up after it."""

from __future__ import annotations

from pathlib import Path

from engine.kit import workflow
from journal.kit import RUN, Bench
from st2runtime.engines.stand_ins import Mocked
from st2runtime.journal.entries import Begin
from st2runtime.rehearsal.case import Mock

TURNS = """
version: 1.0
vars: [{said: []}]
tasks:
  begin: {action: core.noop, next: [{do: [turn]}]}
  turn:
    action: core.noop
    next:
      - when: <% result() != last %>
        publish: [{said: "<% ctx(said) + [result()] %>"}]
        do: turn
      - when: <% result() = last %>
        publish: [{said: "<% ctx(said) + [result()] %>"}]
output: [{said: <% ctx(said) %>}]
"""
SAID = {"said": ["one", "two", "two", "three", "last"]}


def mocked() -> Mocked:
    given = (("one", 1), ("two", 2), ("three", 1), ("last", 1))
    turns = [Mock(task="turn", result=text, times=times) for text, times in given]
    return Mocked([*turns, Mock(action="core.noop")])


def test_cut_off_after_every_entry(tmp_path: Path) -> None:
    whole = Bench(tmp_path, workflow("turns", TURNS))
    assert whole.run("shop.turns", {}, mocked()).output == SAID
    assert all(step.mocked for step in whole.fold().root.children)
    entries = list(whole.store.entries(RUN))
    for cut in range(2, len(entries)):
        if isinstance(entries[cut - 1], Begin):
            continue  # kept together with the start that follows it
        bench = Bench(tmp_path / str(cut), workflow("turns", TURNS))
        whole.cut(bench, cut)
        assert bench.resume(mocked()).output == SAID, cut
