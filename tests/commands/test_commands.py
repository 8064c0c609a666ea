"""The commands beside `check`, and what holds for all of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from st2lang.commands import reference
from st2lang.commands.main import COMMANDS, GROUP, load, main

TOP = Path(__file__).parents[2]
HEAVY = {
    "asyncio", "concurrent.futures", "importlib.metadata", "jsonschema",
    "lark", "multiprocessing", "pathspec", "platformdirs", "rich", "shtab", "tomllib", "watchfiles",
}  # fmt: skip


def test_the_table_of_commands_is_that_of_the_distribution() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"][GROUP] == COMMANDS
    assert project["scripts"]["st2c"] == "st2lang.commands.main:main"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_commands_keep_to_the_protocol(name: str) -> None:
    command = load(name)
    assert command.SUMMARY[0].islower()
    assert not command.SUMMARY.endswith(".")
    assert command.configure.__doc__
    assert command.run.__doc__


def test_checking_a_clean_file_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("version: 1.0\ntasks:\n  one:\n    action: core.noop\n")
    script = (
        "import sys; from st2lang.commands.main import main; code = main(['check', 'a.yaml']);"
        f"print(code, sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["No problems in 1 file.", "0 []"]


def test_explain_lists_all_checks(capsys: pytest.CaptureFixture[str]) -> None:
    from st2lang import checks

    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [check.id for check in checks.all()]
    assert main(["explain", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == [check.id for check in checks.all()]


def test_explain_shows_the_documentation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "undefined-task"]) == 0
    plain = capsys.readouterr().out
    assert plain.startswith("# undefined-task (error)\n")
    assert "## Bad" in plain
    assert "## Good" in plain
    assert main(["explain", "undefined-task", "--color", "always"]) == 0
    assert "\x1b[" in capsys.readouterr().out
    assert main(["explain", "undefined-task", "--format", "json"]) == 0
    assert "## Good" in json.loads(capsys.readouterr().out)["documentation"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh", "fish"])
def test_completion_knows_commands_and_options(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in (*COMMANDS, "stdin-filename", "sarif"):
        assert word in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_accepts_its_completion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_the_reference_is_fresh() -> None:
    assert reference.main(["--check"]) == 0


def test_the_pre_commit_manifest_is_valid() -> None:
    pytest.importorskip("pre_commit")
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    subprocess.run(command, cwd=TOP, check=True)
