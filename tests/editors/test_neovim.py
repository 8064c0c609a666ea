"""The language server in a real Neovim, without a screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WORKFLOW = """version: 1.0
input:
  - guests
vars:
  - cups: two
tasks:
  brew:
    action: core.echo message=<% ctx().cups %>
    next:
      - when: <% succeeded() and task_status(serve) != 'failed' %>
        do: serve
      - when: <% failed() %>
        do: servv
  serve:
    action: core.echo message=<% ctx().guests %>
"""

RENAMED = (
    WORKFLOW.replace("task_status(serve)", "task_status(lay_the_table)")
    .replace("do: serve\n", "do: lay_the_table\n")
    .replace("  serve:\n", "  lay_the_table:\n")
)


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_journey(tmp_path: Path) -> None:
    file, out = tmp_path / "workflow.yaml", tmp_path / "seen.json"
    file.write_text(WORKFLOW, encoding="utf-8")
    script = Path(__file__).with_name("journey.lua")
    command = [sys.executable, "-m", "st2lang.commands.main", "lsp"]
    subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {script}"],
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "ST2C_FILE": str(file),
            "ST2C_OUT": str(out),
            "ST2C_COMMAND": "\n".join(command),
        },
        timeout=60,
        check=True,
        capture_output=True,
    )
    seen = json.loads(out.read_text(encoding="utf-8"))
    assert "error" not in seen, seen["error"]
    assert [(d["line"], d["code"]) for d in seen["diagnostics"]] == [(13, "undefined-task")]
    assert "did you mean `serve`?" in seen["diagnostics"][0]["message"]
    assert seen["definition"] == 14
    assert file.read_text(encoding="utf-8") == RENAMED
    assert seen["after"] == 1
