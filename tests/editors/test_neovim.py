"""The language server in a real Neovim, without a screen, with the configurations that the page shows.

`ST2C_NEOVIM` names programs besides `nvim`, separated as in PATH.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from editors.journeys import Journey
from editors.snippets import RENAMED, WORKFLOW, snippet

NAMES = ["nvim", *filter(None, os.environ.get("ST2C_NEOVIM", "").split(os.pathsep))]


def version(program: str) -> tuple[int, ...]:
    told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(map(int, re.findall(r"\d+", told.splitlines()[0])[:2]))


@pytest.mark.parametrize("name", NAMES)
def test_journey(name: str, tmp_path: Path) -> None:
    program = shutil.which(name)
    if program is None:
        pytest.skip("Neovim is not installed")
    journey = Journey(tmp_path)
    journey.file.with_name("other.yaml").write_text(WORKFLOW, encoding="utf-8")
    lines = snippet("Neovim", 0 if version(program) >= (0, 11) else 1)
    init = journey.configured("init.lua", lines)
    script = Path(__file__).with_name("journey.lua")
    words = ["--headless", "-u", str(init), "-i", "NONE", "-c", f"luafile {script}"]
    seen = journey.run([program, *words])
    assert [(d["line"], d["code"]) for d in seen["diagnostics"]] == [(13, "undefined-task")]
    assert "did you mean `serve`?" in seen["diagnostics"][0]["message"]
    assert {"cups", "guests"} <= set(seen["completion"])
    assert seen["completed"] == "    action: core.echo message=<% ctx().cups %>"
    assert seen["definition"] == 14
    assert journey.file.read_text(encoding="utf-8") == RENAMED
    assert (Path(seen["root"]), seen["clients"]) == (journey.pack, 1)
