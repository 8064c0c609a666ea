"""Which tasks ran and which transitions were taken, over all cases of a workflow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from st2lang.graph import Graph, Task, Transition
from st2lang.record import field, record
from st2runtime.rehearsal.case import Actual


@record
class Covered:
    """A task or a transition: its name for people, the line it stands on, how often it was reached."""

    name: str
    line: int
    hits: int
    index: int = 0


@record
class Coverage:
    """One workflow. `path` is as shown, `text` its source ("" when there is none).

    The `index` of a transition is its number among those of its task; `task_of` names that task.
    """

    path: str
    tasks: tuple[Covered, ...]
    transitions: tuple[Covered, ...]
    text: str = field(default="", compare=False)
    tasks_of: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Covered, ...]:
        """Tasks and transitions."""
        return self.tasks + self.transitions


class Hits:
    """Counts of one workflow, added up over cases."""

    def __init__(self) -> None:
        self.tasks: Counter[str] = Counter()
        self.transitions: Counter[tuple[str, int]] = Counter()

    def add(self, actual: Actual) -> None:
        """Count a run."""
        self.tasks.update(actual.tasks)
        self.transitions.update(actual.transitions)


def cover(path: str, graph: Graph, hits: Hits, text: str = "") -> Coverage:
    """The coverage of a workflow by these hits, in the order of its source."""
    pairs = [(task, one) for task in graph.tasks.values() for one in task.transitions]
    return Coverage(
        path,
        tuple(
            Covered(task.name, _line(task), hits.tasks[task.name]) for task in graph.tasks.values()
        ),
        tuple(
            Covered(
                describe(task, one),
                _line(one, task),
                hits.transitions[task.name, one.index],
                one.index,
            )
            for task, one in pairs
        ),
        text,
        tuple(task.name for task, _ in pairs),
    )


def describe(task: Task, transition: Transition) -> str:
    """A transition for people: `build → deploy, notify when <% succeeded() %>`."""
    targets = ", ".join(transition.targets) or "(end)"
    if transition.when is not None:
        return f"{task.name} → {targets} when {' '.join(str(transition.when).split())}"
    on = "" if transition.on == "any" else f" on {transition.on}"
    return f"{task.name} → {targets}{on}"


def _line(node: Task | Transition, above: Task | None = None) -> int:
    place = node.place or (above.place if above is not None else None)
    return place.line if place is not None else 1


def reached(covered: Iterable[Covered]) -> tuple[int, int]:
    """How many of them were reached, and how many there are."""
    known = tuple(covered)
    return sum(one.hits > 0 for one in known), len(known)


def percent(part: int, whole: int) -> float:
    """Of nothing, everything was reached."""
    return 100.0 * part / whole if whole else 100.0


def total(coverages: Iterable[Coverage]) -> float:
    """The percentage of all tasks and transitions together that were reached."""
    return percent(*reached(one for coverage in coverages for one in coverage.all))
