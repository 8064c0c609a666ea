"""The language server in a real Kate, without a screen, with the configuration that the page shows.

Kate cannot be told by a script what to do: the log of the server tells what it has asked and been given.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from editors.journeys import Journey
from editors.snippets import PROGRAMS, snippet

ALLOWED = """[Kate Plugins]
lspclientplugin=true

[lspclient]
AllowedServerCommandLines={0}/st2c lsp
"""
"""What Kate keeps once somebody has said yes to its question whether the server may be started."""

LOGGED = """#!/bin/sh
exec '{0}/st2c' "$@" --log-level debug --log-file '{1}'
"""


def test_it_attaches_and_shows_the_mistake(tmp_path: Path) -> None:
    if shutil.which("kate") is None:
        pytest.skip("Kate is not installed")
    journey, log, programs = Journey(tmp_path), tmp_path / "server.log", tmp_path / "programs"
    configuration, run = tmp_path / "config", tmp_path / "run"
    for folder in (programs, run, configuration / "kate" / "lspclient"):
        folder.mkdir(parents=True, mode=0o700)
    journey.configured("programs/st2c", LOGGED.format(PROGRAMS, log)).chmod(0o755)
    journey.configured("config/kate/lspclient/settings.json", snippet("Kate"))
    journey.configured("config/katerc", ALLOWED.format(programs))
    kate = subprocess.Popen(
        ["kate", "--new", "--block", str(journey.file)],
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(configuration),
            "XDG_RUNTIME_DIR": str(run),
            "QT_QPA_PLATFORM": "offscreen",
            "PATH": os.pathsep.join((str(programs), os.environ["PATH"])),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while "did you mean `serve`?" not in (text := _read(log)):
            assert time.monotonic() < end, text
            assert kate.poll() is None
            time.sleep(0.1)
    finally:
        kate.terminate()
        kate.wait(timeout=30)
    assert "textDocument/publishDiagnostics" in text
    assert journey.file.as_uri() in text
    assert "Traceback" not in _read(log)


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8") if log.exists() else ""
