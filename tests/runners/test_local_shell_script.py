"""`local-shell-script` with real files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from runners.helpers import run

SCRIPT = "local-shell-script"


def file(folder: Path, text: str, mode: int = 0o755, name: str = "script.sh") -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(mode)
    return path


def outcome_of(path: Path, parameters: dict[str, Any] | None = None, **more: Any) -> Any:
    return run(SCRIPT, parameters, entry_point=str(path), **more)


def test_arguments(tmp_path: Path) -> None:
    script = file(tmp_path, '#!/bin/sh\nfor a in "$@"; do echo "<$a>"; done\n')
    schemas: dict[str, dict[str, Any]] = {
        "named": {"type": "string"},
        "flag": {"type": "boolean"},
        "text": {"type": "string", "position": 0},
        "truth": {"type": "boolean", "position": 1},
        "list": {"type": "array", "position": 2},
        "data": {"type": "object", "position": 3},
    }
    given = {
        "named": "it's $HOME",
        "flag": True,
        "text": "a  b\n*",
        "truth": True,
        "list": [1, "x"],
        "data": {"k": "v"},
    }
    assert outcome_of(script, given, own=schemas).result["stdout"].splitlines() == [
        "<--named=it's $HOME>",
        "<--flag>",
        "<a  b",
        "*>",
        "<1>",
        "<1,x>",
        '<{"k":"v"}>',
    ]


def test_not_executable_becomes_it(tmp_path: Path) -> None:
    script = file(tmp_path, "#!/bin/sh\necho ran\n", 0o644)
    assert outcome_of(script).result["stdout"] == "ran"
    assert os.access(script, os.X_OK)


def test_without_a_first_line_the_shell_runs_it(tmp_path: Path) -> None:
    script = file(tmp_path, 'echo "$0 $1"\n', name="with space.sh")
    result = outcome_of(script, {"a": "x"}, own={"a": {"position": 0}}).result
    assert result["stdout"] == f"{script} x"


def test_missing_interpreter(tmp_path: Path) -> None:
    outcome = outcome_of(file(tmp_path, "#!/no/such/program\n"))
    assert (outcome.status, outcome.result["return_code"]) == ("failed", 127)
    assert "not found" in outcome.result["stderr"]


def test_missing_file(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path / "none.sh")
    assert (outcome.status, outcome.result["return_code"]) == ("failed", 127)


def test_no_entry_point() -> None:
    assert "`entry_point`" in run(SCRIPT).result["error"]


def test_missing_working_directory(tmp_path: Path) -> None:
    script = file(tmp_path, "#!/bin/sh\n")
    assert "/no/such" in outcome_of(script, {"cwd": "/no/such"}).result["error"]


@pytest.mark.usefixtures("sudo")
def test_sudo(tmp_path: Path) -> None:
    script = file(tmp_path, '#!/bin/sh\necho "$@"\n', name="with space.sh")
    result = outcome_of(script, {"a": "it's", "sudo": True}, own={"a": {}}).result
    assert (result["stdout"], result["stderr"]) == ("--a=it's", "sudo -E")


def repository(folder: Path) -> Path:
    """A repository whose folder `pack` has the script in two versions; the path of the pack."""
    pack = folder / "pack"
    (pack / "actions").mkdir(parents=True)

    def git(*arguments: str) -> None:
        options = [
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.org",
            "-c",
            "commit.gpgsign=false",
        ]
        subprocess.run(
            ["git", "-C", str(folder), *options, *arguments], check=True, capture_output=True
        )

    git("init", "-q")
    for version in ("one", "two"):
        file(pack / "actions", f"#!/bin/sh\necho {version}\n")
        git("add", ".")
        git("commit", "-q", "-m", version)
        git("tag", version)
    return pack


def test_content_version(tmp_path: Path) -> None:
    pack = repository(tmp_path)
    script = pack / "actions" / "script.sh"
    for version, expected in ((None, "two"), ("one", "one")):
        outcome = outcome_of(script, {"content_version": version}, pack_path=str(pack))
        assert outcome.result["stdout"] == expected
    unknown = outcome_of(script, {"content_version": "three"}, pack_path=str(pack))
    assert unknown.status == "failed"
    assert "three" in unknown.result["error"]
    trees = ["git", "-C", str(tmp_path), "worktree", "list"]
    assert len(subprocess.run(trees, capture_output=True, check=True).stdout.splitlines()) == 1
