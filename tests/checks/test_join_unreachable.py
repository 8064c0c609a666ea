"""Ambiguous joins, found in one pass, are those that a walk over every single way finds.

The walk is what the reference does: it visits a task once for each way that leads there and gathers the
splits that it came through. Loops are left out here: which ways into a loop the reference sees depends on
the order of its visits (`cases/join-unreachable/in-a-loop.yaml`).
"""

from __future__ import annotations

from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.analysis import analyse
from st2lang.flow import Flow
from st2lang.source import Source

NAMES = "abcdefg"


@st.composite
def workflows(draw: st.DrawFn) -> str:
    """A few tasks with transitions at random, some of them joins."""
    text = "version: 1.0\ntasks:\n"
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    for i, name in enumerate(names):
        later = names[i + 1 :]
        targets = draw(st.lists(st.sampled_from(later), max_size=3)) if later else []
        text += f"  {name}:\n    action: core.noop\n"
        if draw(st.booleans()):
            text += "    join: all\n"
        text += "    next:\n" + "".join(f"      - do: {t}\n" for t in targets) if targets else ""
    return text


def walked(flow: Flow) -> set[str]:
    """The joins that are ambiguous, by walking every way."""
    splits: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = {}
    queue: deque[tuple[str, str, frozenset[str]]] = deque(
        ("", name, frozenset()) for name in sorted(flow.starts)
    )
    while queue:
        source, name, seen = queue.popleft()
        if flow.is_split(name):
            seen |= {name}
        splits.setdefault(name, set()).update(seen)
        sources.setdefault(name, set()).update({source} - {""})
        for target in sorted(edge.to for edge in flow.out[name]):
            queue.append((name, target, seen))
    return {
        name
        for name in splits
        if flow.workflow.tasks[name].join is not None
        and any(splits[name] != splits[source] for source in sources[name])
    }


@settings(max_examples=300)
@given(workflows())
def test_finds_what_a_walk_over_every_way_finds(text: str) -> None:
    analysis = analyse(Source("actions/workflows/x.yaml", text), kind="orquesta")
    found = {str(p.path[-1]) for p in analysis.problems if p.check == "join-unreachable"}
    assert found == walked(analysis.document.flow)
