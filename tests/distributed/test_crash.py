"""A small round of the crash suite; ST2C_FUZZ makes it longer, and `crash.py` itself is the whole of it."""

from __future__ import annotations

import os

import pytest
from distributed.cluster import missing
from distributed.crash import shaken

FACTOR = int(os.environ.get("ST2C_FUZZ", "1"))


def test_nothing_is_lost() -> None:
    reason = missing()
    if reason:
        pytest.skip(reason)
    count = shaken(executions=12 * FACTOR, workers=2, seed=5)
    print(count)
    assert not count.wrong, "\n".join(count.wrong)
    assert count.executions == 12 * FACTOR
    assert sum(count.faults.values()) > 0
    # what was in hand of a worker begins again after a fault, and nothing else
    assert count.most <= sum(count.faults.values())
