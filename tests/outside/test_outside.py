"""What expressions read of the world is noted, and the notes alone give the same requests again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from st2runtime.conductor import Conductor
from st2runtime.events import ActionEnded, Event, Start
from st2runtime.outside import Noting, ReplayError, Replaying, ReplayMismatch
from st2runtime.rehearsal.case import Case
from st2runtime.rehearsal.drive import rehearse
from st2runtime.rehearsal.read import read
from st2runtime.requests import Complete, RunAction

from st2lang.compile import compile_document
from st2lang.document import Document
from st2lang.evaluation import EvaluationError, Scope, Still, World, evaluate_yaql, render
from st2lang.graph import Graph
from st2lang.source import Source

LOTTERY = """
version: 1.0
vars:
  - begun: <% now().timestamp %>
  - zone: <% localtz().seconds %>
  - today: <% datetime("10:00").day %>
tasks:
  draw:
    action: core.noop
    input:
      number: <% random(1, 1000000) %>
      share: <% random() %>
      name: "{{ [1, 2, 3, 4, 5, 6, 7, 8, 9] | random }}"
      words: "{{ lipsum(1) }}"
      key: <% st2kv("system.prize") %>
      secret: <% st2kv("system.code", decrypt => true) %>
      missing: <% st2kv("system.nothing", default => "none") %>
    next:
      - publish: end=<% now().timestamp %>
output:
  - end: <% ctx(end) %>
"""


def graph_of(text: str) -> Graph:
    return compile_document(Document(Source("lottery.yaml", text)))


def find(key: str, decrypt: bool) -> Any:
    return {"system.prize": "a bicycle", "system.code": "1234" if decrypt else "sealed"}[key]


def conduct(graph: Graph) -> tuple[list[tuple[Event, Any]], list[str]]:
    """A run with its notes as JSON data, and the requests as text."""
    outside = Noting(World(find))
    conductor = Conductor(graph, outside)
    log, asked = [], []
    event: Event = Start({}, {})
    while True:
        requests = conductor.handle(event)
        log.append((event, json.loads(json.dumps(outside.taken()))))
        asked.append(repr(requests))
        if isinstance(requests[-1], Complete):
            return log, asked
        event = ActionEnded(requests[0].id, "succeeded")


def test_notes_alone_give_the_same_requests() -> None:
    graph = graph_of(LOTTERY)
    log, asked = conduct(graph)
    assert {note[0] for _, notes in log for note in notes} == {
        "now",
        "zone",
        "chance",
        "between",
        "find",
    }
    assert "succeeded" in asked[-1]
    outside = Replaying(keys=True)
    conductor = Conductor(graph, outside)
    again = []
    for event, notes in log:
        outside.expect(notes)
        again.append(repr(conductor.handle(event)))
        outside.finish()
    assert again == asked


def test_another_question_is_told_loudly() -> None:
    log, _ = conduct(graph_of(LOTTERY))
    outside = Replaying(keys=True)
    outside.expect(log[0][1])
    other = graph_of(LOTTERY.replace("now()", "random()"))
    with pytest.raises(ReplayMismatch, match=r"asks the outside for `chance`.* asked for `now`"):
        Conductor(other, outside).handle(log[0][0])


def test_a_question_that_was_not_asked_and_one_that_is_not_asked_again() -> None:
    graph = graph_of(LOTTERY)
    log, _ = conduct(graph)
    outside = Replaying(keys=True)
    outside.expect([])
    with pytest.raises(ReplayMismatch, match="the run did not"):
        Conductor(graph, outside).handle(log[0][0])
    outside.expect([*log[0][1], ["now", [], 1]])
    Conductor(graph, outside).handle(log[0][0])
    with pytest.raises(ReplayError, match="the replay does not"):
        outside.finish()


@pytest.mark.parametrize(
    "expression",
    ["random(5, 1)", "random('a', 2)", "st2kv('system.gone')", "st2kv('system.broken')"],
)
def test_errors_are_answers_too(expression: str) -> None:
    def broken(key: str, decrypt: bool) -> Any:
        if key == "system.broken":
            raise ValueError("the disk has gone")
        raise KeyError(key)

    noting = Noting(World(broken))
    with pytest.raises(EvaluationError) as first:
        evaluate_yaql(expression, scope=Scope(outside=noting))
    replaying = Replaying(keys=True)
    replaying.expect(json.loads(json.dumps(noting.taken())))
    with pytest.raises(EvaluationError) as second:
        evaluate_yaql(expression, scope=Scope(outside=replaying))
    assert second.value.message == first.value.message


def test_a_full_date_needs_no_clock() -> None:
    noting = Noting(World())
    assert evaluate_yaql("datetime('2026-03-29 10:00').day", scope=Scope(outside=noting)) == 29
    assert noting.taken() == []


def test_a_still_world() -> None:
    scope = Scope(outside=Still(None, 86_400.5, 7))
    assert evaluate_yaql("[now().day, now().microsecond, localtz().days]", scope=scope) == [
        2,
        500_000,
        0,
    ]
    text = "<% random() %> {{ lipsum(2) }} {{ 'abc' | random }}"
    first, second = (render(text, Scope(outside=Still(None, None, 7))) for _ in range(2))
    assert first == second
    assert first != render(text, Scope(outside=Still(None, None, 8)))


def test_rehearsals_with_a_time_and_a_seed() -> None:
    graph = graph_of(LOTTERY.replace('<% st2kv("system.prize") %>', "none"))
    case = Case(
        time=1_774_773_000.0, seed=1, datastore={"system.code": ("1234", True)}, given=frozenset()
    )
    first, second = rehearse(graph, case), rehearse(graph, case)
    assert first.output == {"end": 1_774_773_000.0}
    assert [one.input for one in first.requests] == [one.input for one in second.requests]


def test_chains_read_the_same_outside() -> None:
    text = (
        "chain:\n  - name: a\n    ref: core.echo\n    parameters:\n"
        "      message: '{{ [1, 2, 3] | random }} {{ st2kv.system.prize }}'\n"
    )
    outside = Noting(World(find))
    conductor = Conductor(graph_of(text), outside)
    (request,) = conductor.handle(Start({}, {}))
    assert isinstance(request, RunAction)
    assert [note[0] for note in outside.taken()] == ["between", "find"]


def test_a_time_that_there_is_not_is_told() -> None:
    text = 'workflow: w.yaml\ntime: "2026-02-30T08:30:00Z"\nexpected_task_sequence: [a]\n'
    (problem,) = read(Source("case.yaml", text), lambda name: None).problems
    assert problem.message == "there is no such time as `2026-02-30T08:30:00Z`"
