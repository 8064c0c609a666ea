"""The VS Code client: what it says about itself, and, when asked for, the client in a real VS Code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from st2server.features.execute_command import COMMANDS

CLIENT = Path(__file__).parents[2] / "vscode-client"


def contributes() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
    return found["contributes"]  # type: ignore[no-any-return]


def test_commands_are_not_the_servers() -> None:
    """The language client registers what the server announces: the same name twice is an error there."""
    own = {command["command"] for command in contributes()["commands"]}
    assert own
    assert own.isdisjoint(COMMANDS)


def test_commands_of_menus_exist() -> None:
    own = {command["command"] for command in contributes()["commands"]}
    named = {item["command"] for menu in contributes()["menus"].values() for item in menu}
    assert named <= own


def test_what_the_client_intercepts_is_announced() -> None:
    source = (CLIENT / "src" / "extension.ts").read_text(encoding="utf-8")
    handled = [line.split('"')[1] for line in source.splitlines() if ".set(" in line]
    assert handled
    assert set(handled) <= set(COMMANDS)


def test_settings_are_documented() -> None:
    readme = (CLIENT / "README.md").read_text(encoding="utf-8")
    settings = contributes()["configuration"]["properties"]
    assert [name for name in settings if f"`{name}`" not in readme] == []
    for name, setting in settings.items():
        assert setting.get("description") or setting.get("markdownDescription"), name


def missing() -> str:
    """Why the client cannot be used in VS Code here; empty when it can."""
    if not os.environ.get("ST2C_VSCODE"):
        return ".ci/vscode does this; ST2C_VSCODE=1 does it here as well"
    for program in ("node", "chromium", "rg"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not (CLIENT / "node_modules").is_dir() or not (CLIENT / "st2lang.vsix").is_file():
        return "vscode-client is not built: npm ci && npm run package"
    return ""


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_in_vscode() -> None:
    done = subprocess.run(
        ["npm", "run", "--silent", "test:live"],
        cwd=CLIENT,
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
