"""A journey in a real editor: a pack with one workflow, a script that uses the server, and what it has seen."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from editors.snippets import PROGRAMS, WORKFLOW


class Journey:
    """What an editor is given below a folder: `pack` with `file` in it; scripts write to `out`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pack, self.out = folder, folder / "pack", folder / "seen.json"
        self.file = self.pack / "actions" / "workflows" / "workflow.yaml"
        self.file.parent.mkdir(parents=True)
        (self.pack / "pack.yaml").write_text("ref: kitchen\nname: kitchen\nversion: 1.0.0\n")
        self.file.write_text(WORKFLOW, encoding="utf-8")

    def configured(self, name: str, text: str) -> Path:
        """A file with the editor's configuration."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, command: Sequence[str]) -> dict[str, Any]:
        """What the script in the editor has seen."""
        done = subprocess.run(
            command,
            env={
                **os.environ,
                "HOME": str(self.folder),
                "PATH": os.pathsep.join((PROGRAMS, os.environ["PATH"])),
                "ST2C_FILE": str(self.file),
                "ST2C_OUT": str(self.out),
            },
            timeout=90,
            capture_output=True,
            text=True,
        )
        assert self.out.is_file(), (done.returncode, done.stderr)
        seen: dict[str, Any] = json.loads(self.out.read_text(encoding="utf-8"))
        assert "error" not in seen, (seen["error"], done.stderr)
        return seen
