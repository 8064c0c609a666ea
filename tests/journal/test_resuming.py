"""A run that is cut off anywhere goes on to the same end, and no attempt is recorded twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.kit import workflow
from journal.kit import RUN, Bench, Table, outcomes
from st2runtime.engines.steps import Step
from st2runtime.journal.entries import Begin
from st2runtime.journal.store import Mail, Query
from st2runtime.runners.base import Outcome

GIVEN = {"names": ["ada", "grace", "linus"]}
ANSWER = {"continue": True}


def table() -> Table:
    return Table({"left": [Outcome("failed"), Outcome("succeeded", {"stdout": "left"})]})


def finish(bench: Bench, step: Step, used: Table) -> Step:
    """Answer what the run asks."""
    assert step.status == "paused"
    return bench.resume(used, bench.answer(ANSWER))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench(tmp_path_factory.mktemp("whole"))
    used = table()
    step = finish(bench, bench.run("shop.top", GIVEN, used), used)
    assert step.status == "succeeded"
    assert step.output["answer"] == ANSWER
    return bench


def test_a_run_is_kept(whole: Bench) -> None:
    run = whole.fold()
    assert run.status == "succeeded"
    assert run.main is not None
    assert run.root.output == run.main.conductor.output
    (summary,) = whole.store.executions(Query())
    assert (summary.id, summary.action, summary.status) == (RUN, "shop.top", "succeeded")
    assert summary.ended is not None
    assert not summary.holder


def test_cut_off_after_every_entry(whole: Bench, tmp_path: Path) -> None:
    expected = whole.fold().root.output
    entries = list(whole.store.entries(RUN))
    assert len(entries) > 30
    for cut in range(2, len(entries)):
        if isinstance(entries[cut - 1], Begin):
            continue  # kept together with the start that follows it
        bench = Bench(tmp_path / str(cut))
        whole.cut(bench, cut)
        used = table()
        step = bench.resume(used)
        if step.status == "paused":
            step = finish(bench, step, used)
        assert step.status == "succeeded", cut
        assert step.output == expected, cut
        ended = outcomes(bench.store.entries(RUN))
        assert len(ended) == len(set(ended)), cut
        assert bench.fold().root.output == step.output


def test_what_has_ended_is_not_run_again(whole: Bench, tmp_path: Path) -> None:
    entries = list(whole.store.entries(RUN))
    cut = len(entries) - 6
    bench = Bench(tmp_path)
    whole.cut(bench, cut)
    done = {name for of, name in outcomes(entries[:cut]) if of == 0}
    used = table()
    step = bench.resume(used)
    if step.status == "paused":
        finish(bench, step, used)
    again = {key.split("/")[1].partition(".")[2] for key in used.begun}
    assert done
    assert not again & {name.partition(".")[0] for name in done}


def test_cancelled_while_nobody_runs_it(whole: Bench, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    whole.cut(bench, 8)
    step = bench.resume(table(), Mail("cancel"))
    assert step.status == "canceled"
    assert bench.store.find(RUN).status == "canceled"


def test_a_rerun_of_what_has_failed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, workflow("two", TWO))
    step = bench.run("shop.two", {}, Table({"b": [Outcome("failed", {"stderr": "no"})]}))
    assert step.status == "failed"
    used = Table()
    step = bench.resume(used, Mail("rerun", {"tasks": []}))
    assert (step.status, step.output) == ("succeeded", {"said": {"stdout": "b None"}})
    assert [key.split("/")[1] for key in used.begun] == ["b.2"]  # its second run, the third of all
    assert bench.store.find(RUN).status == "succeeded"
    assert bench.fold().root.output == step.output


TWO = """
version: 1.0
tasks:
  a: {action: core.noop, next: [{when: <% succeeded() %>, do: [b]}]}
  b: {action: core.noop, next: [{when: <% succeeded() %>, publish: [{said: <% result() %>}]}]}
output: [{said: <% ctx(said) %>}]
"""


def test_an_answer_after_which_it_waits(tmp_path: Path) -> None:
    """The answer leads to a wait that the log does not have yet."""
    bench = Bench(tmp_path, workflow("two", ASKS))
    assert bench.run("shop.two", {}, Table()).status == "paused"
    assert bench.resume(Table(), bench.answer(ANSWER)).status == "succeeded"


ASKS = """
version: 1.0
tasks:
  ask: {action: core.ask, next: [{do: [later]}]}
  later: {action: core.noop, delay: 1}
"""


def test_an_action_that_is_no_workflow(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    step = bench.run("core.noop", {}, Table())
    assert step.status == "succeeded"
    other = Bench(tmp_path / "other")
    bench.cut(other, 1)
    assert other.store.find(RUN).status == "running"
    assert other.resume(Table()).status == "succeeded"
    assert other.store.find(RUN).status == "succeeded"


def test_a_sub_workflow_that_has_failed_while_some_of_it_runs_has_not_ended(tmp_path: Path) -> None:
    """Cut off between the failure and the end of what still ran: nobody is told of an end before."""
    files = workflow("top", ABOVE) | workflow("below", HALF)
    whole = Bench(tmp_path / "whole", files)
    used = {"bad": [Outcome("failed")]}
    assert whole.run("shop.top", {}, Table(used)).status == "failed"
    entries = list(whole.store.entries(RUN))
    ended = [number for number, one in enumerate(entries) if outcomes([one])]
    bench = Bench(tmp_path / "cut", files)
    whole.cut(bench, ended[0] + 1)
    below = bench.fold().executions[1]
    assert (below.conductor.status, below.step.over) == ("failed", False)
    again = Table(used)
    assert bench.resume(again).status == "failed"
    assert [key.split("/")[1] for key in again.begun] == ["other.1"]
    assert outcomes(bench.store.entries(RUN)) == outcomes(entries)


ABOVE = """
version: 1.0
tasks:
  sub: {action: shop.below}
"""
HALF = """
version: 1.0
tasks:
  bad: {action: core.noop}
  other: {action: core.noop}
"""
