"""What is offered: ideas, and how they reach the text.

An `Idea` is something that fits, before anybody has asked how it must be written at the place. A
`Completion` is ready for the editor: its text replaces a span, escaped and quoted as the place demands.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TypeAlias

from st2lang.problem import Edit
from st2lang.record import record
from st2lang.source import Span


class Sort(Enum):
    """What an offer is; editors draw an icon for it."""

    KEY = "key"
    TASK = "task"
    COMMAND = "engine command"
    ACTION = "action"
    PACK = "pack"
    PARAMETER = "parameter"
    VALUE = "value"
    VARIABLE = "variable"
    ITEM = "item"
    FIELD = "field"
    FUNCTION = "function"
    METHOD = "method"
    FILTER = "filter"
    TEST = "test"
    KEYWORD = "keyword"
    DATASTORE_KEY = "datastore key"
    STATUS = "status"
    RUNNER = "runner"
    FILE = "file"
    SNIPPET = "snippet"


@record
class Hole:
    """A place in an inserted text that the user fills in. 0 is where the cursor ends up."""

    number: int
    default: str = ""
    choices: tuple[str, ...] = ()


Parts: TypeAlias = tuple["str | Hole", ...]
"""An inserted text: what stands, and what is to be filled in."""

Topic: TypeAlias = tuple[str, ...]
"""What an offer is about, for `completion.documentation`: a kind of thing and its name."""


@record
class Idea:
    """Something to offer. `rank` orders the kinds of offers at one place, the lowest first.

    `parts` is None where the label is what is inserted. `typed` is what the user's letters are compared
    with, the label when empty. `literal` marks a text that is YAML as it stands and must not be quoted.
    """

    label: str
    sort: Sort
    parts: Parts | None = None
    rank: int = 5
    detail: str = ""
    documentation: str = ""
    topic: Topic = ()
    typed: str = ""
    literal: bool = False
    preselect: bool = False
    deprecated: bool = False

    @property
    def text(self) -> Parts:
        """What is inserted."""
        return (self.label,) if self.parts is None else self.parts

    @property
    def filter(self) -> str:
        """What the user's letters are compared with."""
        return self.typed or self.label


@record
class Completion:
    """One offer.

    Accepting it replaces `span` (on one line, the cursor in it) by `text`, which is in the snippet syntax of
    the language server protocol when `snippet` is True, and does `edits` elsewhere. `plain` is the same
    text for editors without snippets. `sort_text` orders the offers, `filter_text` is compared with what
    has been typed in the span. `documentation` is Markdown; where it is empty and `topic` is not,
    `completion.documentation` tells it.
    """

    label: str
    sort: Sort
    span: Span
    text: str
    plain: str
    snippet: bool = False
    edits: tuple[Edit, ...] = ()
    detail: str = ""
    documentation: str = ""
    topic: Topic = ()
    sort_text: str = ""
    filter_text: str = ""
    preselect: bool = False
    deprecated: bool = False


@record
class Answer:
    """All offers at a place. `incomplete` when more letters would bring others."""

    items: tuple[Completion, ...] = ()
    incomplete: bool = False


def plain(parts: Parts) -> str:
    """The text with the defaults in its holes."""
    return "".join(part if isinstance(part, str) else _filled(part) for part in parts)


def _filled(hole: Hole) -> str:
    return hole.default or (hole.choices[0] if hole.choices else "")


def snippet(parts: Parts) -> str:
    """The text in snippet syntax."""
    return "".join(
        _escaped(part, _SPECIAL) if isinstance(part, str) else _hole(part) for part in parts
    )


def _hole(hole: Hole) -> str:
    if hole.choices:
        choices = ",".join(_escaped(choice, "\\,|$}") for choice in hole.choices)
        return f"${{{hole.number}|{choices}|}}"
    if hole.default:
        return f"${{{hole.number}:{_escaped(hole.default, _SPECIAL)}}}"
    return f"${hole.number}"


_SPECIAL = "\\$}"
"""What the snippet syntax has a meaning for."""


def _escaped(text: str, special: str) -> str:
    return "".join(f"\\{c}" if c in special else c for c in text)


def mapped(parts: Iterable[str | Hole], change: dict[str, str]) -> Parts:
    """The parts with characters replaced, also in the defaults of holes."""
    if not change:
        return tuple(parts)
    table = str.maketrans(change)
    return tuple(
        part.translate(table)
        if isinstance(part, str)
        else Hole(
            part.number,
            part.default.translate(table),
            tuple(choice.translate(table) for choice in part.choices),
        )
        for part in parts
    )
