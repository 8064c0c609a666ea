"""A datastore in a folder of its own, and a clock that stands still until it is told otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from st2runtime.datastore import Datastore

_IMPORTS = """
import os, sys, tempfile
from st2runtime.datastore import *
with tempfile.TemporaryDirectory() as folder, Datastore(folder + "/keys.db") as store:
    store.set("a", "b", secret=True)
    store.lookup("system.a", True)
"""
"""Imports everything, for a user who may not be able to read this checkout afterwards."""


class Clock:
    """A time that tests set."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ST2C_KEY_FILE", raising=False)
    monkeypatch.setenv("ST2C_DATASTORE", str(tmp_path / "from-the-environment.db"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "keys.db"


@pytest.fixture
def store(path: Path, clock: Clock) -> Iterator[Datastore]:
    with Datastore(path, now=clock) as found:
        yield found


@pytest.fixture
def ordinary() -> Iterator[tuple[Path, Callable[..., subprocess.CompletedProcess[str]]]]:
    """A folder, and a way to run Python there as a user whom permissions bind."""
    if os.name != "posix":
        pytest.skip("permissions of files mean something else on Windows")
    user = 65534 if os.geteuid() == 0 else os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chown(folder, user, -1)
        folder.chmod(0o755)

        def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
            start = f"{_IMPORTS}\nos.chdir('/')\nos.setuid({user})\n"
            command = [sys.executable, "-c", start + code, *arguments]
            return subprocess.run(command, capture_output=True, text=True)

        try:
            yield folder, run
        finally:
            for each in (folder, *folder.rglob("*")):
                each.chmod(0o755)
