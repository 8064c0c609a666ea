"""Graphs at random for the tests of drawing: like workflows, with everything that can go wrong in one."""

from __future__ import annotations

from hypothesis import strategies as st

from st2lang import graph as ir
from st2lang.record import replace

CONDITIONS = (
    None,
    "<% succeeded() %>",
    "<% failed() %>",
    "<% failed() and ctx().a_rather_long_name > ctx().another_of_those %>",
)


@st.composite
def workflows(draw: st.DrawFn, most: int = 14) -> ir.Graph:
    """Tasks with transitions to any tasks, to commands, to nowhere and to tasks that do not exist."""
    names = [
        f"task_{i}" * draw(st.sampled_from((1, 1, 3))) for i in range(draw(st.integers(0, most)))
    ]
    targets = st.sampled_from([*names, *names, *names, *ir.COMMANDS, "nowhere"])

    def transition(index: int) -> ir.Transition:
        found = draw(st.lists(targets, max_size=3, unique=draw(st.booleans())))
        return ir.Transition(index, draw(st.sampled_from(CONDITIONS)), targets=tuple(found))

    def task(name: str) -> ir.Task:
        ways = tuple(transition(i) for i in range(draw(st.sampled_from((0, 1, 1, 2, 3)))))
        made = ir.Task(name, ir.Action("core.noop"), transitions=ways)
        if draw(st.booleans()):
            return made
        items = ir.Items(("x",), "<% ctx().xs %>", 3)
        return replace(made, items=items, join="all", retry=ir.Retry(count=2))

    graph = ir.Graph(ir.ORQUESTA, "random", {name: task(name) for name in names})
    return replace(graph, start=tuple(name for name in names if not graph.inbound[name]))
