"""The tasks of a workflow, each read when somebody asks for it, and what they are to each other by names alone.

A task is some fifty objects with a place in the file each; where it leads and what it publishes are a few words that
stay the same wherever it stands. They are a fact of the mapping that the task is written in: after an edit, the
flow through a workflow is known without reading the tasks that the edit has not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingType
from functools import cached_property
from typing import NamedTuple

from st2lang.dialects.model import Assignment, Task
from st2lang.yaml import Mapping, Node, deref


class Exit(NamedTuple):
    """A transition in names: where it leads, what it publishes, each in the order of the file."""

    targets: tuple[str, ...]
    published: tuple[str, ...]


class Outline(NamedTuple):
    """What of a task others depend on. `join` is "all", a number, or None without a join.

    `action` is what it runs, as written.
    """

    action: str | None = None
    join: str | int | None = None
    published: tuple[str, ...] = ()
    exits: tuple[Exit, ...] = ()


def outline_of(task: Task) -> Outline:
    """A task in names."""
    join = task.join
    return Outline(
        None if task.action is None else task.action.text,
        None if join is None else "all" if join.count is None else join.count,
        _names(task.publish),
        tuple(
            Exit(tuple(target.text for target in one.targets), _names(one.publish))
            for one in task.transitions
        ),
    )


def _names(assignments: tuple[Assignment, ...]) -> tuple[str, ...]:
    return tuple(assignment.name.text for assignment in assignments)


class Tasks(MappingType[str, Task]):
    """Tasks by name, in the order of the file: the node that each is written in, and what reads it."""

    def __init__(self, written: dict[str, tuple[Node, Callable[[], Task]]]) -> None:
        self._written = written
        self._read: dict[str, Task] = {}

    def __getitem__(self, name: str) -> Task:
        task = self._read.get(name)
        if task is None:
            task = self._read[name] = self._written[name][1]()
        return task

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)

    def __contains__(self, name: object) -> bool:
        return name in self._written

    @cached_property
    def outlines(self) -> MappingType[str, Outline]:
        """The tasks in names, by their own."""
        return {name: self._outline(name, deref(node)) for name, (node, _) in self._written.items()}

    def _outline(self, name: str, node: Node) -> Outline:
        if not isinstance(node, Mapping):
            return Outline()
        facts = node.facts
        found: Outline | None = facts.get(Outline)
        if found is None:
            found = facts[Outline] = outline_of(self[name])
        return found

    @cached_property
    def publishers(self) -> MappingType[str, tuple[str, ...]]:
        """The names of the tasks that publish a variable, by its name."""
        found: dict[str, dict[str, None]] = {}
        for name, outline in self.outlines.items():
            for published in (outline.published, *(way.published for way in outline.exits)):
                for variable in published:
                    found.setdefault(variable, {})[name] = None
        return {variable: tuple(names) for variable, names in found.items()}
