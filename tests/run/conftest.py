"""A folder of its own for every test: nothing of the checkout is found from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from run.console import STEPS


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, with a datastore that is not there yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ST2C_DATASTORE", str(tmp_path / "datastore.db"))
    monkeypatch.delenv("ST2_API_URL", raising=False)
    return tmp_path


@pytest.fixture
def steps(work: Path) -> Path:
    """A workflow without metadata."""
    path = work / "steps.yaml"
    path.write_text(STEPS, encoding="utf-8")
    return path
