"""The question that all modules of offers answer: a place with everything that is known about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from st2lang.query import variables
from st2lang.query.code import Code, of_cursor
from st2lang.query.complete.model import Idea
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import slots, unit
from st2lang.query.complete.writing import Fresh, Within
from st2lang.query.cursor import Cursor
from st2lang.source import Span
from st2lang.yaml import Mapping, Sequence

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.variables import Visible
    from st2lang.query.workspace import Workspace
    from st2lang.symbols import Place

Target: TypeAlias = Fresh | Within
"""Where an idea would be written."""

Offer: TypeAlias = tuple[Idea, Target]
Offers: TypeAlias = Iterator[Offer]


class Ask:
    """One request. `trigger` is the character that the editor asks because of, "" when the user does.

    `incomplete` is set by whoever leaves offers out because there are too many.
    """

    def __init__(self, cursor: Cursor, trigger: str, workspace: Workspace | None) -> None:
        self.cursor = cursor
        self.document: Document = cursor.document
        self.trigger = trigger
        self._workspace = workspace
        self.incomplete = False

    @cached_property
    def workspace(self) -> Workspace:
        """The files around the document."""
        from st2lang.query.workspace import Workspace

        return self._workspace or Workspace.around(self.document)

    @cached_property
    def code(self) -> Code | None:
        """The expression that the cursor is in."""
        return of_cursor(self.cursor)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """What of the YAML could be typed."""
        return slots(self.cursor)

    @property
    def unit(self) -> int:
        """By how many blanks the file indents."""
        return unit(self.document)

    @property
    def orquesta(self) -> bool:
        """Whether the document is an Orquesta workflow."""
        return self.document.kind == "orquesta"

    @cached_property
    def place(self) -> Place:
        """Where an expression stands that is typed here. Only for documents with a workflow."""
        return variables.standing(self.cursor)

    @cached_property
    def variables(self) -> tuple[Visible, ...]:
        """The variables that an expression here may use."""
        if self.document.workflow is None:
            return ()
        return variables.visible(self.document, self.place)

    @cached_property
    def in_flow(self) -> bool:
        """Whether the cursor is between brackets of the YAML."""
        around = (n for n in self.cursor.nodes if isinstance(n, Mapping | Sequence))
        return any(node.flow for node in around) or any(slot.flow for slot in self.slots)

    def target(self, code: Code) -> Within:
        """The name that is being typed in an expression."""
        if code.start == code.end:
            span = Span(self.cursor.offset, self.cursor.offset)
        else:
            span = code.scalar.locate(code.start, code.end)
        return Within(code.scalar, code.start, code.end, span, self.cursor.offset, self.in_flow)

    @cached_property
    def language(self) -> str:
        """The language that new expressions are written in: what the file uses most."""
        if not self.orquesta:
            return "jinja"
        text = self.document.source.text
        return "jinja" if text.count("{{") > text.count("<%") else "yaql"
