"""A workflow as written, with a place for every part: what both dialects are read into.

Reading never fails: what a file does not have, or has in a wrong shape, is left out here (the shape
check tells about it), so that the rest of the file keeps its analysis while it is being typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from typing import TYPE_CHECKING

from st2lang.problem import SpecPath
from st2lang.record import field, record
from st2lang.source import Span
from st2lang.yaml import Alias, Mapping, Node, Scalar, Sequence, deref
from st2lang.yaml.walk import to_data

if TYPE_CHECKING:
    from st2lang.dialects.tasks import Tasks

MAX_DEPTH = 64
"""Aliases may make a value contain itself; values are walked this deep and no deeper."""


@record
class Name:
    """A name written in the file: of a task, a variable, a parameter."""

    text: str
    span: Span = field(compare=False)
    path: SpecPath = field(compare=False)


@record
class Piece:
    """A string inside a value: the characters `start:end` of a scalar's decoded text."""

    scalar: Scalar
    start: int
    end: int
    path: SpecPath

    @property
    def text(self) -> str:
        """The decoded characters."""
        return self.scalar.value[self.start : self.end]

    def locate(self, start: int, end: int) -> Span:
        """The place in the file of the piece's characters `start:end`."""
        return self.scalar.locate(self.start + start, self.start + end)

    @property
    def span(self) -> Span:
        """The place of the whole piece; the scalar with its quotes if it is all of it."""
        if self.start == 0 and self.end == len(self.scalar.value):
            return self.scalar.span
        return self.scalar.locate(self.start, self.end)


@record
class Value:
    """A value that may hold expressions: a YAML node, or (inline forms) a part of a scalar.

    For an inline part `data` is what the engine reads it as (JSON where it is JSON, else text).
    """

    node: Node
    path: SpecPath
    inline: Piece | None = None
    inline_data: object = None

    @property
    def span(self) -> Span:
        """Where the value stands."""
        return self.inline.span if self.inline else self.node.span

    @property
    def data(self) -> object:
        """The value as the engine loads it, expressions as text."""
        return self.inline_data if self.inline else to_data(self.node)

    def pieces(self) -> Iterator[Piece]:
        """Every string in the value: keys and values, at any depth, in the order of the file."""
        if self.inline:
            yield self.inline
        else:
            yield from _pieces(self.node, self.path, 0)


def _pieces(node: Node, path: SpecPath, depth: int) -> Iterator[Piece]:
    if depth > MAX_DEPTH:
        return
    match node:
        case Scalar():
            if node.is_string:
                yield Piece(node, 0, len(node.value), path)
        case Mapping():
            for entry in node.entries:
                key = deref(entry.key)
                name = key.value if isinstance(key, Scalar) else "?"
                if isinstance(key, Scalar) and key.is_string:
                    yield Piece(key, 0, len(name), (*path, name))
                yield from _pieces(entry.value, (*path, name), depth + 1)
        case Sequence():
            for i, item in enumerate(node.items):
                yield from _pieces(item, (*path, i), depth + 1)
        case Alias():
            if node.target is not None:
                yield from _pieces(deref(node), path, depth + 1)


@record
class Assignment:
    """A name given a value: an input with its default, a variable, a parameter, an output."""

    name: Name
    value: Value | None


@record
class Transition:
    """What happens after a task: `when` it holds, `publish` and go to `targets`.

    `outcome` is "any" for Orquesta; "success" or "failure" for ActionChain's two ways out.
    """

    index: int
    path: SpecPath
    span: Span = field(compare=False)
    when: Value | None = None
    publish: tuple[Assignment, ...] = ()
    targets: tuple[Name, ...] = ()
    outcome: str = "any"


@record
class With:
    """With-items: the names that an item is bound to, the list, the concurrency."""

    path: SpecPath
    names: tuple[Name, ...]
    items: Value | None
    concurrency: Value | None


@record
class Join:
    """`join: all` (count None) or `join: 2`."""

    count: int | None
    path: SpecPath
    span: Span = field(compare=False)


@record
class Task:
    """A task of an Orquesta workflow or a node of an ActionChain.

    `publish` is ActionChain's: done whatever the outcome. `retry` maps `when`, `count` and `delay`.
    """

    name: Name
    path: SpecPath
    node: Node
    action: Name | None = None
    action_value: Value | None = None
    inputs: tuple[Assignment, ...] = ()
    input_value: Value | None = None
    items: With | None = None
    join: Join | None = None
    delay: Value | None = None
    retry: MappingType[str, Value] = field(default_factory=dict)
    transitions: tuple[Transition, ...] = ()
    publish: tuple[Assignment, ...] = ()
    notify: Value | None = None


@record
class Workflow:
    """A whole workflow file. `repeated` holds ActionChain nodes whose name was taken already."""

    kind: str
    root: Mapping
    tasks: Tasks
    inputs: tuple[Assignment, ...] = ()
    vars: tuple[Assignment, ...] = ()
    output: tuple[Assignment, ...] = ()
    default: Name | None = None
    repeated: tuple[Task, ...] = ()

    @property
    def orquesta(self) -> bool:
        """True for Orquesta, False for ActionChain."""
        return self.kind == "orquesta"

    def calling(self, action: str) -> Iterator[Task]:
        """The tasks among which all are that run an action, in the order of the file."""
        for name, outline in self.tasks.outlines.items():
            if outline.action == action:
                yield self.tasks[name]
        yield from self.repeated

    def publishing(self, variable: str) -> Iterator[Task]:
        """The tasks among which all are that publish a variable, in the order of the file."""
        for name in self.tasks.publishers.get(variable, ()):
            yield self.tasks[name]
        yield from self.repeated
