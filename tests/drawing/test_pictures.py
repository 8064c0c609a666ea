"""What there is to see of a graph, whatever the format."""

from __future__ import annotations

from lowering.graphs import ALL, compiled

from st2lang import graph as ir
from st2lang.drawing.picture import Picture, picture
from st2lang.drawing.words import LABEL, condition, short, wrapped


def case(name: str) -> Picture:
    kind, _, stem = name.partition("/")
    return picture(compiled(next(c for c in ALL if c.parent.name == kind and c.stem == stem)))


def edges(shown: Picture) -> list[tuple[str, str, str, str, bool]]:
    return [(e.source, e.target, e.label, e.tone, e.back) for e in shown.edges]


def test_a_loop_has_an_edge_that_goes_back() -> None:
    shown = case("orquesta/loop")
    assert [node.id for node in shown.nodes] == ["start", "task:begin", "task:step", "task:pause"]
    assert edges(shown) == [
        ("start", "task:begin", "", "plain", False),
        ("task:begin", "task:step", "", "plain", False),
        ("task:step", "task:step", "succeeded and ctx().count < 4", "success", True),
        ("task:step", "task:pause", "failed", "failure", False),
        ("task:pause", "task:step", "", "plain", True),
    ]
    assert shown.edges[2].detail == "when <% succeeded() and ctx().count < 4 %>; publishes count"


def test_commands_are_nodes_of_their_task() -> None:
    shown = case("orquesta/commands")
    assert [(node.kind, node.title) for node in shown.nodes] == [
        ("start", "start"),
        ("task", "deploy"),
        ("command", "continue"),
        ("command", "noop"),
        ("command", "retry"),
        ("command", "fail"),
        ("end", "end"),
        ("task", "roll_back"),
        ("end", "end"),
    ]
    assert ("task:deploy", "end:deploy", "failed", "failure", False) in edges(shown)


def test_in_a_chain_commands_are_names_and_a_last_success_ends_it() -> None:
    shown = case("action-chain/retry")
    assert edges(shown) == [
        ("start", "task:fetch", "", "plain", False),
        ("task:fetch", "task:retry", "failed", "failure", False),
        ("task:fetch", "end:fetch", "succeeded", "success", False),
        ("task:retry", "end:retry", "", "plain", False),
    ]


def test_what_is_broken_is_there() -> None:
    shown = case("orquesta/broken")
    assert [(node.id, node.notes) for node in shown.nodes if node.kind == "missing"] == [
        ("missing:nowhere", ("no such task",))
    ]
    chain = case("action-chain/broken")
    assert [(node.id, node.reached) for node in chain.nodes if node.kind == "task"] == [
        ("task:first", False)
    ]
    assert not any(node.kind == "start" for node in chain.nodes)


def test_tasks_say_what_is_special_about_them() -> None:
    notes = {
        node.title: node.notes
        for name in ("joins", "items", "routes", "retry_and_delay")
        for node in case(f"orquesta/{name}").nodes
        if node.kind == "task"
    }
    assert notes["all_of_them"] == ("join all 3",)
    assert notes["any_two"] == ("join 2 of 3",)
    assert notes["plain"] == ("for each item",)
    assert notes["named"] == ("for each host, port, ctx().ports.len() at once",)
    assert notes["shared"] == ("runs for each arrival",)
    assert notes["fetch"] == ("delay 5 s", "retry ctx().tries×, after 1.5 s")
    assert notes["again"] == ("delay ctx().pause", "retry 3×")


def test_tasks_come_after_those_that_lead_to_them() -> None:
    order = [node.id for node in case("orquesta/joins").nodes if node.kind == "task"]
    assert order[:3] == ["task:a", "task:b", "task:c"]
    assert set(order[3:]) == {"task:all_of_them", "task:any_two"}


def test_conditions_in_short() -> None:
    def shown(when: object, on: str = "any") -> tuple[str, str]:
        return condition(ir.Transition(0, when, on))

    assert shown("<% succeeded() %>") == ("succeeded", "success")
    assert shown("{{ failed() }}") == ("failed", "failure")
    assert shown("<% completed() %>") == ("completed", "plain")
    assert shown("<% failed() or not succeeded() %>") == ("failed or not succeeded", "failure")
    assert shown("<% succeeded()  and ctx().a %>") == ("succeeded and ctx().a", "success")
    assert shown("<% ctx().failed() %>") == ("ctx().failed()", "plain")
    assert shown("yes <% ctx().a %>") == ("yes <% ctx().a %>", "plain")
    assert shown("<% broken(") == ("<% broken(", "plain")
    assert shown(True) == ("true", "plain")
    assert shown(None) == ("", "plain")
    assert shown(None, "success") == ("succeeded", "success")
    assert shown(None, "failure") == ("failed", "failure")


def test_long_labels_take_two_lines_at_the_most() -> None:
    assert wrapped("short") == ("short",)
    long = short("failed and " + "x" * 40 + " and ctx().more_of_it is wanted by somebody else")
    assert len(long) <= 2 * LABEL
    assert wrapped(long)[0] == "failed and"
    assert all(len(line) <= LABEL for line in wrapped(long))
    assert wrapped("a" * 50) == ("a" * LABEL, "a" * (50 - LABEL))
