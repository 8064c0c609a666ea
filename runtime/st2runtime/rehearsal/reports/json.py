"""Rehearsals as JSON, for other programs: with all that has come of each workflow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from st2runtime.rehearsal.data import native
from st2runtime.rehearsal.outcome import Outcome, report


def write(outcomes: Sequence[Outcome], out: TextIO) -> None:
    """Print one object."""
    failed = sum(not outcome.passed for outcome in outcomes)
    data = {
        "cases": [report(outcome) for outcome in outcomes],
        "passed": len(outcomes) - failed,
        "failed": failed,
    }
    json.dump(data, out, ensure_ascii=True, indent=1, default=native)
    out.write("\n")
