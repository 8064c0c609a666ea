"""What the README shows is what really happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(*args: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "CI")}
    return subprocess.run(
        [sys.executable, "-m", "st2lang.commands.main", *args],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=environment, check=False,
    )  # fmt: skip


def test_the_excerpt_is_what_st2c_prints() -> None:
    shown = re.search(r"```console\n\$ st2c (check docs/problems.*?)\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    done = run(*shown[1].split())
    assert done.returncode == 1
    assert shown[2] == done.stdout


def test_the_run_shown_is_what_st2c_prints() -> None:
    shown = re.search(r"```console\n\$ st2c (run breakfast.*?)\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    done = run(*shown[1].split())
    assert done.returncode == 0, done.stderr
    assert timeless(shown[2]) in timeless(done.stdout)


def timeless(text: str) -> str:
    """Without durations, and without the space that lines them up."""
    return re.sub(r" +", " ", re.sub(r"\d+(\.\d+)? (ms|s)\b", "0 s", text))


def test_the_examples_are_clean() -> None:
    done = run("check", "docs/examples")
    assert (done.returncode, done.stdout) == (0, done.stdout)
    assert done.stdout.startswith("No problems in ")


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_the_configuration_shown_is_understood(tmp_path: Path) -> None:
    from st2lang.commands import config

    shown = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    path = tmp_path / "st2c.toml"
    path.write_text(shown[1], encoding="utf-8")
    _, _, problems = config.load(str(path))
    assert problems == ()


def test_the_hook_shown_exists() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "id: st2c-check" in README
    assert "id: st2c-check" in hooks
