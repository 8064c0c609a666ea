"""Thousands of runs, each killed, disturbed and gone on with at seeded moments, end as if nothing had happened.

`ST2C_SEED=joins:17` repeats one case; `ST2C_FUZZ=50` runs fifty times as many.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from simulation.case import FLOWS, Bench, Case
from st2runtime.journal.entries import Happened, to_text
from st2runtime.journal.writer import Writer

CASES = 25
NAMES = sorted(path.stem for path in FLOWS.glob("*.yaml"))
ONE = os.environ.get("ST2C_SEED", "")


@pytest.mark.parametrize("name", NAMES)
def test_whatever_happens_it_ends_the_same(name: str, tmp_path: Path, fuzz_factor: int) -> None:
    wanted, _, seed = ONE.partition(":")
    if wanted and wanted != name:
        pytest.skip("another case is asked for")
    bench = Bench(tmp_path, name)
    for number in [int(seed)] if wanted else range(CASES * fuzz_factor):
        try:
            bench.case(number)
        except BaseException as error:
            error.add_note(f"repeat it with ST2C_SEED={name}:{number}")
            raise
    print(f"{name}: {bench.count} cases", dict(bench.faults), dict(bench.happened))


@pytest.mark.parametrize("seed", [3, 8])
def test_a_seed_tells_all_of_a_case(seed: int, tmp_path: Path) -> None:
    logs = []
    for folder in ("one", "other"):
        bench = Bench(tmp_path / folder, "inquiry")
        bench.expected(0)
        case = Case(bench, seed)
        case.end()
        entries = bench.store.entries(case.id)
        logs.append([to_text(entry) for entry in entries if isinstance(entry, Happened)])
    assert logs[0] == logs[1]


def test_what_is_done_before_it_is_kept_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = Writer._keep

    def hasty(self: Writer, entry: Any, then: Any, urgent: bool) -> None:
        keep(self, entry, lambda: None, urgent)
        then()

    monkeypatch.setattr(Writer, "_keep", hasty)
    with pytest.raises(AssertionError, match="before it is asked for on the disk"):
        Bench(tmp_path, "joins").expected(0)
