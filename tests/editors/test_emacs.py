"""The language server in a real Emacs with eglot, in batch mode, with the configuration that the page shows."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from editors.journeys import Journey
from editors.snippets import RENAMED, snippet

START = ("(package-initialize)", "(require 'yaml-mode)", "(require 'eglot)")


@cache
def missing() -> str:
    """Why it cannot be tried here; "" when it can."""
    if shutil.which("emacs") is None:
        return "Emacs is not installed"
    words = [word for form in START for word in ("--eval", form)]
    done = subprocess.run(["emacs", "--batch", *words], capture_output=True, timeout=60)
    return "Emacs has no eglot or no yaml-mode" if done.returncode else ""


def test_journey(tmp_path: Path) -> None:
    if missing():
        pytest.skip(missing())
    journey = Journey(tmp_path)
    init = journey.configured("init.el", snippet("Emacs (eglot)"))
    script = Path(__file__).with_name("journey.el")
    words = ["--eval", START[0], "-l", str(init), "--eval", START[1], "--eval", START[2]]
    seen = journey.run(["emacs", "--batch", *words, "-l", str(script)])
    assert seen["mode"] == "yaml-mode"
    ((line, text),) = seen["diagnostics"]
    assert (line, "did you mean `serve`?" in text) == (13, True)
    assert {"cups", "guests"} <= {label.strip() for label in seen["completion"]}
    assert seen["completed"] == "    action: core.echo message=<% ctx().cups %>"
    assert seen["definition"] == 14
    assert journey.file.read_text(encoding="utf-8") == RENAMED
