"""The language server in a real Emacs with eglot, in batch mode, with the configuration that the page shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from editors.snippets import PROGRAMS, RENAMED, WORKFLOW, snippet

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
    pack, out, init = tmp_path / "pack", tmp_path / "seen.json", tmp_path / "init.el"
    file = pack / "actions" / "workflows" / "workflow.yaml"
    file.parent.mkdir(parents=True)
    (pack / "pack.yaml").write_text("ref: kitchen\nname: kitchen\nversion: 1.0.0\n")
    file.write_text(WORKFLOW, encoding="utf-8")
    init.write_text(snippet("Emacs (eglot)"), encoding="utf-8")
    script = Path(__file__).with_name("journey.el")
    words = ["--eval", START[0], "-l", str(init), "--eval", START[1], "--eval", START[2]]
    done = subprocess.run(
        ["emacs", "--batch", *words, "-l", str(script)],
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "PATH": os.pathsep.join((PROGRAMS, os.environ["PATH"])),
            "ST2C_FILE": str(file),
            "ST2C_OUT": str(out),
        },
        timeout=90,
        capture_output=True,
        text=True,
    )
    assert out.is_file(), done.stderr
    seen = json.loads(out.read_text(encoding="utf-8"))
    assert "error" not in seen, (seen["error"], done.stderr)
    assert seen["mode"] == "yaml-mode"
    ((line, text),) = seen["diagnostics"]
    assert (line, "did you mean `serve`?" in text) == (13, True)
    assert {"cups", "guests"} <= {label.strip() for label in seen["completion"]}
    assert seen["completed"] == "    action: core.echo message=<% ctx().cups %>"
    assert seen["definition"] == 14
    assert file.read_text(encoding="utf-8") == RENAMED
