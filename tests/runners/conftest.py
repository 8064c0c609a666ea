"""Fixtures of the runners' tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from st2runtime.runners import _family

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]

FAKE_SUDO = """#!/bin/sh
# Stands for sudo: tells its flags on descriptor 2, wants the password `right` when it has to read one.
echo "sudo $*" | sed 's/ -- .*//' >&2
while [ "$1" != "--" ]; do
    [ "$1" = "-S" ] && read -r password && [ "$password" != right ] && {
        echo "[sudo] password for bar: Sorry, try again." >&2
        echo "sudo: 1 incorrect password attempt" >&2
        exit 1
    }
    shift
done
shift
exec "$@"
"""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes get little time to end by themselves."""
    monkeypatch.setattr(_family, "GRACE", 0.2)


@pytest.fixture
def sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program `sudo` that comes before the system's."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "sudo").write_text(FAKE_SUDO)
    (programs / "sudo").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
