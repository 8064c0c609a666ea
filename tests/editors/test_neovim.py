"""The language server in a real Neovim, without a screen, with the configurations that the page shows.

`ST2C_NEOVIM` names programs besides `nvim`, separated as in PATH.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from editors.snippets import PROGRAMS, RENAMED, WORKFLOW, snippet

NAMES = ["nvim", *filter(None, os.environ.get("ST2C_NEOVIM", "").split(os.pathsep))]


def version(program: str) -> tuple[int, ...]:
    told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(map(int, re.findall(r"\d+", told.splitlines()[0])[:2]))


@pytest.mark.parametrize("name", NAMES)
def test_journey(name: str, tmp_path: Path) -> None:
    program = shutil.which(name)
    if program is None:
        pytest.skip("Neovim is not installed")
    pack, out, init = tmp_path / "pack", tmp_path / "seen.json", tmp_path / "init.lua"
    file = pack / "actions" / "workflows" / "workflow.yaml"
    file.parent.mkdir(parents=True)
    (pack / "pack.yaml").write_text("ref: kitchen\nname: kitchen\nversion: 1.0.0\n")
    for path in (file, file.with_name("other.yaml")):
        path.write_text(WORKFLOW, encoding="utf-8")
    init.write_text(snippet("Neovim", 0 if version(program) >= (0, 11) else 1), encoding="utf-8")
    script = Path(__file__).with_name("journey.lua")
    done = subprocess.run(
        [program, "--headless", "-u", str(init), "-i", "NONE", "-c", f"luafile {script}"],
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "PATH": os.pathsep.join((PROGRAMS, os.environ["PATH"])),
            "ST2C_FILE": str(file),
            "ST2C_OUT": str(out),
        },
        timeout=90,
        check=True,
        capture_output=True,
        text=True,
    )
    assert out.is_file(), done.stderr
    seen = json.loads(out.read_text(encoding="utf-8"))
    assert "error" not in seen, (seen["error"], done.stderr)
    assert [(d["line"], d["code"]) for d in seen["diagnostics"]] == [(13, "undefined-task")]
    assert "did you mean `serve`?" in seen["diagnostics"][0]["message"]
    assert {"cups", "guests"} <= set(seen["completion"])
    assert seen["completed"] == "    action: core.echo message=<% ctx().cups %>"
    assert seen["definition"] == 14
    assert file.read_text(encoding="utf-8") == RENAMED
    assert (Path(seen["root"]), seen["clients"]) == (pack, 1)
