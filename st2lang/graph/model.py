"""The records that a graph is made of. What they mean is said once, here; the schema repeats the shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from st2lang.record import field, record

VERSION = 1
"""Of the written form. A reader refuses what it does not know."""

ORQUESTA, CHAIN = "orquesta", "action-chain"

COMMANDS = ("continue", "noop", "fail", "retry")
"""Targets that are no tasks but commands to the engine (Orquesta)."""


class GraphError(ValueError):
    """Data that is no graph, or one of another version; the message says what and where."""


@record
class Place:
    """Where something stands in the source: lines and columns from 1, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@record
class Assignment:
    """A name given a value: an input with its default, a variable, a published value, an output.

    `given` is False for an input without a default.
    """

    name: str
    value: Any = None
    given: bool = True
    place: Place | None = field(default=None, compare=False)


@record
class Action:
    """What a task runs. `text` is the reference as written, and may be an expression.

    `ref`, `runner` and `parameters` (the JSON schema of each, those of the runner included) are known when
    the action was found at compile time; `parameters` is None when it was not.
    """

    text: str
    ref: str | None = None
    runner: str | None = None
    parameters: Mapping[str, Mapping[str, Any]] | None = None
    place: Place | None = field(default=None, compare=False)


@record
class Items:
    """With-items. `names` are what an item is unpacked into; none when it is one value."""

    names: tuple[str, ...]
    items: Any
    concurrency: Any = None
    place: Place | None = field(default=None, compare=False)


@record
class Retry:
    """Further tries. `when` None means: when the task has failed. Delays are in seconds."""

    when: Any = None
    count: Any = None
    delay: Any = None
    place: Place | None = field(default=None, compare=False)


@record
class Transition:
    """A way out of a task. `on` is `any`, or ActionChain's `success` or `failure`.

    `index` is its position among the task's transitions as written. `targets` are tasks or `COMMANDS`; no
    target means that the branch ends here. A target that is no task of the graph stands as written.
    """

    index: int
    when: Any = None
    on: str = "any"
    publish: tuple[Assignment, ...] = ()
    targets: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)


@record
class Task:
    """A node of the graph.

    `input` is a mapping of parameters, or one expression that gives it. `join` is None, "all" or a count
    of inbound tasks. `split`: every arrival runs the task on a route of its own. `cyclic`: it is part of a
    loop. `publish` happens whatever the outcome (ActionChain). `notify` is what the source says.

    `place` is that of the name; `places` are those of `join`, `delay`, `notify`, of `input` as a whole
    (when it is one expression) and of each parameter (`input.NAME`).
    """

    name: str
    action: Action | None = None
    input: Any = None
    items: Items | None = None
    join: str | int | None = None
    delay: Any = None
    retry: Retry | None = None
    publish: tuple[Assignment, ...] = ()
    transitions: tuple[Transition, ...] = ()
    split: bool = False
    cyclic: bool = False
    notify: Any = None
    place: Place | None = field(default=None, compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)


@record(slots=False)
class Graph:
    """A compiled workflow.

    `parameters` are the schemas of the action that the workflow is, by name, where its metadata was
    found: what values are cast to, and which are secret. `start` are the tasks it begins with, in the
    order of the source; none, when a loop has no way in or an ActionChain's `default` names no node: then
    nothing can run. `source` is the path of the file, for messages alone.
    """

    semantics: str
    name: str
    tasks: Mapping[str, Task]
    start: tuple[str, ...] = ()
    input: tuple[Assignment, ...] = ()
    vars: tuple[Assignment, ...] = ()
    output: tuple[Assignment, ...] = ()
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: int = VERSION
    source: str = field(default="", compare=False)

    @property
    def orquesta(self) -> bool:
        """True for the meaning of Orquesta, False for that of ActionChain."""
        return self.semantics == ORQUESTA

    @cached_property
    def inbound(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """For every task the (task, index of the transition) that lead to it, each once."""
        found: dict[str, dict[tuple[str, int], None]] = {name: {} for name in self.tasks}
        for name, task in self.tasks.items():
            for transition in task.transitions:
                for target in transition.targets:
                    if target in found and not self.is_command(target):
                        found[target][name, transition.index] = None
        return {name: tuple(edges) for name, edges in found.items()}

    def is_command(self, target: str) -> bool:
        """Whether a target is a command to the engine."""
        return target in COMMANDS and self.orquesta

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the graph means: the same whatever the workflow is called and where it stands.

        What stands in the metadata that was found counts: it decides what values are cast to.
        """
        from st2lang.graph.writer import digest

        return digest(self)

    def to_json(self) -> dict[str, Any]:
        """The graph as JSON data, its hash included. Empty members are left out."""
        from st2lang.graph.writer import written

        return {"hash": self.hash, **written(self)}

    def to_text(self) -> str:
        """The graph as it is written to a file: the same graph gives the same text (and UTF-8)."""
        from st2lang.graph.writer import text

        return text(self.to_json())
