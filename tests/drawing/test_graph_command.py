"""`st2c graph`: of what it draws, in which format, and what it refuses."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from st2lang.commands.main import main

GOOD = "version: 1.0\ntasks:\n  a:\n    action: core.noop\n    next:\n      - do: b\n  b:\n    action: core.noop\n"
DRAWN = "a · Orquesta · 2 tasks\n\n   ● a  core.noop\n╭──── → b\n╰──▶ b  core.noop\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ST2C_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(GOOD)
    return tmp_path


def run(*arguments: str | Path) -> int:
    return main(["graph", *map(str, arguments)])


def test_a_workflow_and_its_graph_give_the_same_drawing(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("a.yaml") == 0
    assert capfd.readouterr().out == DRAWN
    assert main(["compile", "a.yaml", "-o", "a.json"]) == 0
    assert run("a.json") == 0
    assert capfd.readouterr() == (DRAWN, "")


@pytest.mark.parametrize(
    ("suffix", "start"),
    [
        ("svg", "<svg "),
        ("mmd", "---\ntitle"),
        ("dot", "digraph "),
        ("gv", "digraph "),
        ("json", "{"),
        ("txt", "a · Orquesta"),
        ("other", "a · Orquesta"),
    ],
)
def test_the_suffix_says_the_format(here: Path, suffix: str, start: str) -> None:
    assert run("a.yaml", "-o", f"x.{suffix}") == 0
    assert (here / f"x.{suffix}").read_text(encoding="utf-8").startswith(start)
    assert run("a.yaml", "-o", f"x.{suffix}", "--format", "dot") == 0
    assert (here / f"x.{suffix}").read_text(encoding="utf-8").startswith("digraph ")


def test_the_terminal_s_own(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("a.yaml", "--plain") == 0
    assert capfd.readouterr().out.isascii()
    assert run("a.yaml", "--color", "always") == 0
    assert "\x1b[1m" in capfd.readouterr().out
    (here / "a.yaml").write_text(GOOD.replace("core.noop", "core." + "x" * 200))
    assert run("a.yaml", "--width", "40") == 0
    assert max(map(len, capfd.readouterr().out.splitlines())) == 40


def test_the_standard_input_may_be_either(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", "a.yaml"]) == 0
    for text in (GOOD, capfd.readouterr().out):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert run("-") == 0
        assert capfd.readouterr().out.endswith("╰──▶ b  core.noop\n")


def test_broken_workflows_are_drawn_as_far_as_they_go(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "a.yaml").write_text(GOOD.replace("do: b", "do: [b, c]") + "  d: {action: [\n")
    assert run("a.yaml") == 0
    out, err = capfd.readouterr()
    assert "→ b, c (no such task)" in out
    assert err == "st2c: not all of `a.yaml` could be read: `st2c check a.yaml` tells why\n"


def test_what_cannot_be_drawn(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "no.json").write_text("{}")
    (here / "torn.json").write_text("{")
    (here / "data.yaml").write_text("a: 1\n")
    for name, message in (
        ("no.json", "`no.json`: this is no compiled graph: `st2c compile FILE` makes one"),
        ("torn.json", "`torn.json`: this is no JSON: "),
        ("gone.json", "cannot read `gone.json`: "),
        (".", "`.` is a folder: one workflow is drawn at a time"),
        ("data.yaml", "`data.yaml` is no workflow"),
    ):
        assert run(name) == 2
        assert capsys.readouterr().err.startswith(f"st2c: error: {message}")
    assert run("gone.yaml") == 2
    assert "gone.yaml:1:1: error: cannot be read" in capsys.readouterr().err


def test_without_the_package_for_layouts(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)
    assert run("a.yaml", "-o", "x.svg") == 2
    assert "svg and json need the package graphlay" in capsys.readouterr().err
    assert not (here / "x.svg").exists()


def test_drawing_for_a_terminal_imports_nothing_heavy(here: Path) -> None:
    heavy = {"asyncio", "graphlay", "jsonschema", "rich", "lark", "jinja2"}
    script = (
        "import sys; from st2lang.commands.main import main; code = main(['graph', 'a.yaml']);"
        f"print(code, sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == DRAWN + "0 []\n"


def test_json_is_the_drawing_as_data(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("a.yaml", "--format", "json") == 0
    data = json.loads(capfd.readouterr().out)
    assert [(node["kind"], node.get("line")) for node in data["nodes"]] == [
        ("start", None),
        ("task", 3),
        ("task", 7),
        ("end", 7),
    ]
