"""The reference engine's own findings, on the recorded corpus. Skipped where that is not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def score(corpus: Path, config: Path | None) -> subprocess.CompletedProcess[str]:
    """Run the score tool that lies beside the corpus."""
    tool = corpus.parent / "tools" / "score.py"
    if not tool.is_file():
        pytest.skip("the score tool (../shared/tools/score.py) is not here")
    environment = {**os.environ, **({"ST2C_CONFIG": str(config)} if config else {})}
    command = f"{sys.executable} -m st2lang.commands.main"
    return subprocess.run(
        [sys.executable, str(tool), "inspect", str(corpus), "--st2c", command, "--show", "1000"],
        capture_output=True, text=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip


def test_all_differences_to_the_reference_are_intended(corpus: Path) -> None:
    done = score(corpus, HERE / "without-stackstorm.toml")
    missed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  missed")]
    alarms = [line for line in done.stdout.splitlines() if line.startswith("  false alarm")]
    intended = json.loads((HERE / "intended.json").read_text())
    assert alarms == []
    assert sorted(missed) == sorted(intended)


def test_stackstorms_own_variable_is_the_only_other_difference(corpus: Path) -> None:
    done = score(corpus, None)
    missed = [line for line in done.stdout.splitlines() if line.startswith("  missed")]
    intended = json.loads((HERE / "intended.json").read_text())
    others = [m for m in missed if 'Variable "st2"' not in m and m.split()[1] not in intended]
    assert others == []
    assert not [line for line in done.stdout.splitlines() if line.startswith("  false alarm")]
