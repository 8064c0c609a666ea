"""What holds after every entry of every log: something will wake what has not ended, and delays are right."""

from __future__ import annotations

from pathlib import Path

import pytest
from journal.kit import RUN, Bench, Table
from st2runtime.engines.steps import FINAL
from st2runtime.journal import holders
from st2runtime.journal.fold import Fold, Waiting
from st2runtime.runners.base import Outcome

DAY = 86_400.0


def test_what_has_not_ended_has_something_that_wakes_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    used = Table({"left": [Outcome("failed"), Outcome("succeeded")]})
    bench.run("shop.top", {"names": ["ada", "grace"]}, used)
    bench.resume(used, bench.answer({"continue": True}))
    fold, seen = Fold(bench.store.graph), set()
    for entry in bench.store.entries(RUN):
        fold.take(entry)
        assert fold.run is not None
        for execution in fold.run.executions:
            status, wakers = execution.conductor.status, execution.wakers
            if status != "requested":  # its start is kept together with its beginning
                assert wakers, (entry, status)
                assert execution.completed is None or wakers[-1] == status
            seen.update(name.partition(" ")[0] for name in wakers)
    assert {"action", "timer", "paused", "succeeded"} <= seen
    assert fold.run is not None
    assert fold.run.status in FINAL


@pytest.mark.parametrize("jump", [-DAY, 0.0, DAY])
def test_delays_when_the_clock_is_set(jump: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holders, "boot", lambda: "this")
    monkeypatch.setattr(holders, "tick", lambda: 1_004.0)
    waiting = Waiting(10.0, 5_000.0, ("this", 1_000.0))
    assert waiting.left(5_004.0 + jump) == 6.0


def test_delays_after_the_machine_has_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holders, "boot", lambda: "another")
    waiting = Waiting(10.0, 5_000.0, ("this", 1_000.0))
    assert waiting.left(5_004.0) == 6.0
    assert waiting.left(5_004.0 - DAY) == 10.0  # never longer than it was meant to
    assert waiting.left(5_004.0 + DAY) == 0.0
