"""`st2c run` on a terminal and under signals: the live tree, questions, Ctrl-C once and twice."""

from __future__ import annotations

import re
import signal
import sys
import time
from pathlib import Path

import pytest
from run.console import Terminal, spawn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals of Unix")

SLOW = """\
version: 1.0
tasks:
  quick:
    action: core.echo message="done soon"
  slow:
    action: core.local cmd="echo going; touch begun; while [ ! -e go ]; do sleep 0.02; done; touch gone"
    next:
      - do: after
  after:
    action: core.local cmd="touch after"
"""
ASK = """\
version: 1.0
tasks:
  ask:
    action: core.ask
    input:
      schema:
        type: object
        properties:
          count: {type: integer, description: How many?, required: true}
          sure: {type: boolean, default: false}
          pin: {type: string, secret: true, required: true}
output:
  - answers: <% task(ask).result.response %>
"""


@pytest.fixture
def slow(work: Path) -> Path:
    """A workflow that goes on when the file `go` is there."""
    path = work / "slow.yaml"
    path.write_text(SLOW, encoding="utf-8")
    return path


def there(path: Path) -> None:
    """Wait for a file."""
    end = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_live_tree_then_the_final_one(slow: Path) -> None:
    terminal = Terminal("run", "slow.yaml")
    terminal.until(lambda seen: "1 succeeded, 1 running" in seen)
    (slow.parent / "go").touch()
    code, seen = terminal.end()
    assert code == 0
    live, final = seen.split("\x1b[?25h")  # the cursor is shown again
    assert set("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏") & set(live)
    assert "├─ " in live
    assert "done soon" in live
    assert "going" in live
    lines = final.splitlines()
    assert any("✓" in line and "slow" in line and "going" in line for line in lines)
    assert "Succeeded" in lines[-1]
    assert "● running" not in final  # no lines of events


def test_ctrl_c_lets_finish_what_runs(slow: Path) -> None:
    terminal = Terminal("run", "slow.yaml")
    there(slow.parent / "begun")
    terminal.type("\x03")
    terminal.until(
        lambda seen: re.search(
            "Cancelling: waits for (1 action that runs|2 actions that run)", seen
        )
    )
    (slow.parent / "go").touch()
    code, seen = terminal.end()
    assert (code, (slow.parent / "gone").exists()) == (130, True)
    assert not (slow.parent / "after").exists()
    assert "Cancelled" in seen.splitlines()[-1]


def test_ctrl_c_twice_ends_everything(slow: Path) -> None:
    terminal = Terminal("run", "slow.yaml")
    there(slow.parent / "begun")
    terminal.type("\x03")
    terminal.until(lambda seen: "Ctrl-C again ends them at once" in seen)
    terminal.type("\x03")
    code, seen = terminal.end()
    (slow.parent / "go").touch()
    time.sleep(0.1)
    assert (code, (slow.parent / "gone").exists()) == (130, False)
    assert "Cancelled" in seen.splitlines()[-1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_in_a_pipe(slow: Path, number: signal.Signals) -> None:
    with spawn("run", "slow.yaml", cwd=slow.parent) as process:
        there(slow.parent / "begun")
        process.send_signal(number)
        assert process.stdout is not None
        lines = []
        while not lines or "Cancelling" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        (slow.parent / "go").touch()
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")
    assert "⊘ Cancelled in " in out


def test_questions_are_asked_until_the_answers_fit(work: Path) -> None:
    (work / "ask.yaml").write_text(ASK, encoding="utf-8")
    terminal = Terminal("run", "ask.yaml")
    terminal.until(lambda seen: "How many?" in seen)
    terminal.until(lambda seen: "count (a whole number)" in seen)
    terminal.type("many\r")
    terminal.until(lambda seen: "count expects a whole number" in seen)
    terminal.type("3\r")
    terminal.until(lambda seen: "sure (true or false, default false)" in seen)
    terminal.type("y\r")
    terminal.until(lambda seen: "pin (text)" in seen)
    terminal.type("1234\r")
    code, seen = terminal.end()
    assert code == 0
    final = seen.rpartition("output:")[2]
    assert "count: 3" in final
    assert "sure: true" in final
    assert "1234" not in seen


def test_ctrl_c_instead_of_an_answer(work: Path) -> None:
    (work / "ask.yaml").write_text(ASK, encoding="utf-8")
    terminal = Terminal("run", "ask.yaml")
    terminal.until(lambda seen: "count (a whole number)" in seen)
    terminal.type("\x03")
    code, seen = terminal.end()
    assert code == 130
    assert "Traceback" not in seen


def test_a_long_run_fits_on_the_screen(work: Path) -> None:
    (work / "many.yaml").write_text(
        "version: 1.0\ntasks:\n  t:\n    with: <% range(200).toList() %>\n"
        '    action: core.local cmd="echo <% item() %>"\n  last:\n'
        '    action: core.local cmd="while [ ! -e go ]; do sleep 0.02; done"\n',
        encoding="utf-8",
    )
    terminal = Terminal("run", "many.yaml", rows=20)
    terminal.until(lambda seen: "200 succeeded, 1 running" in seen)
    frame = terminal.seen.rpartition("many")[2].splitlines()
    assert len(frame) <= 20
    assert "lines not shown" in terminal.seen
    (work / "go").touch()
    code, seen = terminal.end()
    assert code == 0
    assert "… 189 more items" in seen
