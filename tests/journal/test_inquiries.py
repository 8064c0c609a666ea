"""Inquiries that nobody answers in time, with the time of a clock that the test sets."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from engine.kit import workflow
from journal.kit import RUN, Bench, Table
from st2runtime.commands import open_inquiries
from st2runtime.engines.deadlines import allowed
from st2runtime.engines.steps import Step
from st2runtime.events import ActionEnded, ActionPaused
from st2runtime.journal import holders
from st2runtime.journal.entries import Happened
from st2runtime.journal.store import Mail
from st2runtime.runners.base import Outcome

from st2lang.commands.main import main

ANSWER = {"continue": True}
ASKS = """
version: 1.0
tasks:
  ask:
    action: core.ask
    input: {ttl: 1}
    next:
      - {when: <% succeeded() %>, publish: [{said: answered}]}
      - {when: <% failed() %>, publish: [{said: not answered}], do: [after]}
  after: {action: core.noop}
output: [{said: <% ctx(said) %>}]
"""
ABOVE = """
version: 1.0
tasks:
  sub:
    action: shop.below
    next:
      - {when: <% succeeded() %>, publish: [{said: answered}], do: [last]}
      - {when: <% failed() %>, publish: [{said: not answered}], do: [last]}
  last: {action: core.noop}
output: [{said: <% ctx(said) %>}]
"""
ONLY = """
version: 1.0
tasks:
  ask: {action: core.ask, input: {ttl: 1}}
"""


class Hours:
    """The clock that nobody sets, and that the test does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed = 0.0
        real = holders.tick
        monkeypatch.setattr(holders, "tick", lambda: real() + self.passed)


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    return Hours(monkeypatch)


def asked(tmp_path: Path, name: str = "asks", **more: str) -> Bench:
    """A run that waits for an answer."""
    files: dict[str, str] = {}
    for own, text in {"asks": ASKS, "below": ASKS, **more}.items():
        files |= workflow(own, text)
    bench = Bench(tmp_path, files)
    assert bench.run(f"shop.{name}", {}, Table()).status == "paused"
    return bench


@pytest.mark.parametrize(
    ("ttl", "seconds"),
    [(1, 60.0), (0, 0.0), (-5, 0.0), (None, 0.0), ("1", 0.0), (True, 0.0), (float("inf"), 0.0)],
)
def test_how_long_there_is_to_answer(ttl: Any, seconds: float) -> None:
    assert allowed({"ttl": ttl}) == seconds
    assert allowed(None) == 0.0


def test_not_answered_in_time(tmp_path: Path, hours: Hours) -> None:
    bench = asked(tmp_path)
    hours.passed = 59
    assert bench.resume(Table()).status == "paused"
    hours.passed = 61
    step = bench.resume(Table())
    assert (step.status, step.output) == ("succeeded", {"said": "not answered"})
    events = [entry.event for entry in bench.store.entries(RUN) if isinstance(entry, Happened)]
    end = next(event for event in events if isinstance(event, ActionEnded))
    assert end.status == "timeout"
    assert end.result["ttl"] == 1  # the inquiry itself, without a response
    assert bench.fold().root.output == step.output


def test_answered_before_the_end_and_read_after_it(tmp_path: Path, hours: Hours) -> None:
    bench = asked(tmp_path)
    answer = bench.answer(ANSWER)
    hours.passed = 61
    assert bench.resume(Table(), answer).output == {"said": "answered"}


def test_not_answered_by_anybody_while_its_process_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A background worker is still there when the time is over."""
    bench = Bench(tmp_path, workflow("asks", ASKS))
    monkeypatch.setattr("st2runtime.engines.local.allowed", lambda inquiry: 0.05)
    bench.stays = True
    step = bench.run("shop.asks", {}, Table())
    assert (step.status, step.output) == ("succeeded", {"said": "not answered"})


def test_a_process_does_not_stay_for_what_is_canceled(tmp_path: Path, hours: Hours) -> None:
    bench = asked(tmp_path)
    bench.stays = True
    assert bench.resume(Table(), Mail("cancel")).status == "canceled"
    hours.passed = 61
    assert bench.fold().status == "canceled"


@pytest.mark.parametrize("only", [ASKS, ONLY])
def test_not_answered_in_a_sub_workflow(tmp_path: Path, hours: Hours, only: str) -> None:
    bench = asked(tmp_path, "above", above=ABOVE, below=only)
    hours.passed = 61
    step = bench.resume(Table())
    said = "answered" if only == ASKS else "not answered"  # the first handles it
    assert (step.status, step.output) == ("succeeded", {"said": said})


class Real(Table):
    """The last task really runs."""

    def before(self, step: Step, execution: Any) -> Outcome | None:
        return None if step.task == "last" else super().before(step, execution)


def test_the_last_task_of_a_sub_workflow_is_answered(tmp_path: Path) -> None:
    """The run rests when the answer is read, and goes on only once that is kept."""
    above = ABOVE.replace("core.noop", 'core.local, input: {cmd: "true"}')
    bench = asked(tmp_path, "above", above=above, below=ONLY)
    step = bench.resume(Real(), bench.answer(ANSWER))
    assert (step.status, step.output) == ("succeeded", {"said": "answered"})


def test_what_is_said_of_it(tmp_path: Path, hours: Hours) -> None:
    bench = asked(tmp_path)
    run = bench.fold()
    (one,) = open_inquiries.of_run(run)
    assert f"st2c inquiry respond {one.step.id} continue=…" in one.how()
    assert one.waker().startswith(f"inquiry {one.step.id} until ")
    assert not one.overdue
    hours.passed = 61
    assert one.overdue
    assert f"st2c resume {RUN}" in one.how()
    assert one.until is not None
    assert one.until - run.at == pytest.approx(60, abs=1)


BOTH = """
version: 1.0
tasks:
  ask: {action: core.ask}
  first: {action: core.noop, next: [{do: [second]}]}
  second: {action: core.noop}
"""


class Pauses(Table):
    """Somebody pauses the run while its first task runs."""

    def before(self, step: Step, execution: Any) -> Outcome | None:
        if step.task == "first":
            execution.pause()
        return super().before(step, execution)


def test_whether_only_an_answer_helps(tmp_path: Path) -> None:
    bench = asked(tmp_path, "above", above=ABOVE)
    assert open_inquiries.alone(bench.fold())
    paused = Bench(tmp_path / "paused", workflow("both", BOTH))
    assert paused.run("shop.both", {}, Pauses()).status == "paused"
    assert open_inquiries.of_run(paused.fold())
    assert not open_inquiries.alone(paused.fold())


def test_the_entry_tells_the_clock(tmp_path: Path) -> None:
    bench = asked(tmp_path)
    (entry,) = (
        entry
        for entry in bench.store.entries(RUN)
        if isinstance(entry, Happened) and isinstance(entry.event, ActionPaused)
    )
    assert entry.about["tick"][0] == holders.boot()


def test_resume_takes_what_is_overdue(
    tmp_path: Path, hours: Hours, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = asked(tmp_path)
    words = ["resume", "--quiet", "--store", str(bench.store.path)]
    assert main(words) == 0
    assert "nothing to go on with" in capsys.readouterr().err
    assert main([*words, RUN]) == 1
    assert "waits for an answer until" in capsys.readouterr().err
    hours.passed = 61
    respond = ["inquiry", "respond", "last", "continue=true", "--store", str(bench.store.path)]
    assert main(respond) == 2
    assert "the time to answer was over" in capsys.readouterr().err
    assert main(words) == 0
    assert bench.fold().root.output == {"said": "not answered"}


def test_a_run_that_cannot_be_read_does_not_hide_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = asked(tmp_path)
    other = "6" * 24
    bench.run("shop.asks", {}, Table(), other)
    bench.store.close()
    with sqlite3.connect(bench.store.path) as connection:
        connection.execute("UPDATE log SET body = 'x' WHERE execution = 2 AND position = 1")
    connection.close()
    ((summary, _),) = open_inquiries.of_store(bench.store)
    assert summary.id == RUN
    assert other in capsys.readouterr().err
