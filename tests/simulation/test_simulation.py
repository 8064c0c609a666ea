"""Thousands of runs, each killed, disturbed and gone on with at seeded moments, end as if nothing had happened.

`ST2C_SEED=joins:17` repeats one case; `ST2C_FUZZ=50` runs fifty times as many.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from simulation.case import FLOWS, Bench

CASES = 40
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
