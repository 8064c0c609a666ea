"""Every runner is found by its names, and no name is without its module."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import st2runtime.runners as package
from st2runtime.runners import find, names

from st2lang.catalog import builtin

FOLDER = Path(package.__file__).parent
NO_RUNNERS = {"base", "environments"}


def test_table_and_modules_agree() -> None:
    stems = {path.stem for path in FOLDER.glob("*.py")} - NO_RUNNERS
    modules = {stem for stem in stems if not stem.startswith("_")}
    found = {name: find(name) for name in names()}
    assert {runner.__name__.rpartition(".")[2] for runner in found.values()} == modules  # type: ignore[attr-defined]
    for name, runner in found.items():
        assert name in runner.NAMES
    told = [name for runner in {id(r): r for r in found.values()}.values() for name in runner.NAMES]
    assert sorted(told) == sorted(names())


def test_every_runner_of_stackstorm_is_here_or_is_a_workflow() -> None:
    assert set(builtin.runner_names()) - set(names()) == {"action-chain", "orquesta"}


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("run-local", "local-shell-cmd"),
        ("run-local-script", "local-shell-script"),
        ("run-remote", "remote-shell-cmd"),
        ("run-remote-script", "remote-shell-script"),
        ("run-python", "python-script"),
        ("http-runner", "http-request"),
        ("local_shell_cmd", "local-shell-cmd"),
    ],
)
def test_aliases(alias: str, name: str) -> None:
    assert find(alias) is find(name)


def test_unknown_name() -> None:
    with pytest.raises(
        LookupError, match=r"no runner `local-shel-cmd`.*did you mean `local-shell-cmd`"
    ):
        find("local-shel-cmd")


@pytest.mark.parametrize("name", ["orquesta", "orchestra", "action-chain"])
def test_workflows_are_the_engines(name: str) -> None:
    with pytest.raises(LookupError, match="the engine"):
        find(name)


def test_a_local_command_imports_no_other_runner() -> None:
    code = (
        "import sys; from st2runtime.runners import find; find('local-shell-cmd');"
        "print(sorted({'httpx', 'asyncssh', 'jsonschema', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
