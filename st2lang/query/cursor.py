"""Where a place in a file is: in which key or value, task, string, expression, on which name.

The common ground of everything that an editor asks about one offset. Where the text is finished the trees
say it. Where it is not (a blank line, a key without colon, an expression without end) the place is told from
what stands around: the column of a blank line says which mapping a key typed there would go to, and an
expression that was opened counts as code up to the cursor.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from st2lang.dialects.model import Piece, Task, Transition, Workflow
from st2lang.expressions.embedded import Embedded
from st2lang.problem import SpecPath
from st2lang.query import nodes, parts, symbol
from st2lang.query.blank import Spot, spot
from st2lang.query.segments import Segment, segments, tree
from st2lang.query.symbol import Occurrence
from st2lang.query.tree import path_of
from st2lang.record import field, record
from st2lang.yaml import Mapping, Node, Scalar, Sequence, node_at

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.nodes import AnyNode
    from st2lang.symbols import Place


class Where(Enum):
    """What of the YAML is under the cursor.

    `KEY`: a key. `VALUE`: a scalar that is the value of a key or an item of a list, or the empty place
    behind `key:` or `-`. `GAP`: a place where nothing stands, `Cursor.path` being the mapping or list that
    something typed there would belong to. `COMMENT`: a comment.
    """

    KEY = "key"
    VALUE = "value"
    GAP = "gap"
    COMMENT = "comment"


@record
class Fragment:
    """The code around the cursor, finished or not.

    All offsets count in `piece.text`: `segment` has the delimiters, `offset` is the cursor. `embedded` is the
    expression as the engine finds it, None while it is not closed. `stack` are the nodes around the cursor,
    the innermost first, with spans from `base`: of that expression, or of the code by itself where the
    expression does not parse; empty where that does not parse either.
    """

    piece: Piece
    segment: Segment
    offset: int
    embedded: Embedded | None
    base: int = 0
    stack: tuple[AnyNode, ...] = field(compare=False, default=())

    @property
    def language(self) -> str:
        """`yaql` or `jinja`."""
        return self.segment.language

    @property
    def code(self) -> str:
        """The text between the delimiters."""
        return self.piece.text[self.segment.base : self.segment.stop]

    @property
    def before(self) -> str:
        """The code up to the cursor."""
        return self.piece.text[self.segment.base : self.offset]


@record
class Cursor:
    """Everything about one place in a file.

    `path` leads to the entry whose key the cursor is on, to the value that it is in, or, in a gap, to what
    a thing typed there would be put into. `nodes` are the YAML nodes around, from the root to the innermost,
    keys included, aliases not followed. `scalar` is the scalar that the cursor is in or, on the same line,
    behind; `text` its decoded text up to the cursor. `task` and `transition` are the parts of the workflow
    that the place belongs to.
    """

    document: Document = field(compare=False)
    offset: int
    where: Where
    path: SpecPath
    nodes: tuple[Node, ...] = field(compare=False)
    scalar: Scalar | None = field(compare=False)
    text: str
    task: Task | None = field(compare=False)
    transition: Transition | None = field(compare=False)

    @property
    def place(self) -> Place | None:
        """The string with expressions."""
        return place_at(self.document, self.scalar, self.offset) if self.scalar else None

    @property
    def fragment(self) -> Fragment | None:
        """The code around the cursor."""
        scalar = self.scalar
        return fragment(self.document, scalar, self.place, self.offset) if scalar else None

    @property
    def occurrence(self) -> Occurrence | None:
        """The name under the cursor."""
        return symbol.at(self.document, self.offset)

    @property
    def section(self) -> str:
        """The key at the top of the file that the place is under ("" at the top itself)."""
        return str(self.path[0]) if self.path else ""

    @property
    def symbol(self) -> symbol.Symbol | None:
        """What is named under the cursor."""
        occurrence = self.occurrence
        return occurrence.symbol if occurrence else None


def at(document: Document, offset: int) -> Cursor:
    """What is at an offset of a document. Offsets beyond the text count as its end. Never raises."""
    offset = max(0, min(offset, len(document.source.text)))
    around = node_at(document.yaml, offset)
    here = _written(document, around, offset) or spot(document, offset)
    workflow = document.workflow
    task = _task(workflow, here.path) if workflow else None
    return Cursor(
        document,
        offset,
        Where(here.where),
        here.path,
        around,
        here.scalar,
        _before(here.scalar, offset),
        task,
        _transition(task, here.path),
    )


def _written(document: Document, around: tuple[Node, ...], offset: int) -> Spot | None:
    """The spot in a scalar or alias that is written there; None where nothing is."""
    inner = around[-1] if around else None
    if inner is None or isinstance(inner, Mapping | Sequence) or inner.start == inner.end:
        return None
    if isinstance(inner, Scalar) and inner.style.block and _below(inner, offset):
        return None
    path, is_key = path_of(around)
    scalar = inner if isinstance(inner, Scalar) else None
    return Spot("key" if is_key else "value", path, scalar)


def _below(scalar: Scalar, offset: int) -> bool:
    """True behind a block scalar, where its span ends with the line break but the text is over."""
    line = scalar.text.rfind("\n", 0, offset) + 1
    return offset == scalar.end and offset == line and scalar.end > scalar.start


def _before(scalar: Scalar | None, offset: int) -> str:
    """The decoded text of a scalar up to a place in it, and blanks between its end and the place."""
    if scalar is None:
        return ""
    if offset > scalar.end:
        return scalar.value + scalar.text[scalar.end : offset]
    at = scalar.offset_at(offset)
    return "" if at is None else scalar.value[:at]


def _task(workflow: Workflow, path: SpecPath) -> Task | None:
    """The task that a path leads into."""
    if len(path) < 2 or path[0] not in ("tasks", "chain"):
        return None
    if workflow.orquesta:
        return workflow.tasks.get(str(path[1]))
    nodes = (*workflow.tasks.values(), *workflow.repeated)
    return next((task for task in nodes if task.path == path[:2]), None)


def _transition(task: Task | None, path: SpecPath) -> Transition | None:
    """The transition of a task that a path leads into."""
    if task is None:
        return None
    return next((t for t in task.transitions if path[: len(t.path)] == t.path), None)


def place_at(document: Document, scalar: Scalar, offset: int) -> Place | None:
    """The string with expressions at an offset of a scalar."""
    at = scalar.offset_at(offset)
    for part in parts.near(document, offset):
        for place in part.places():
            piece = place.piece
            if piece.scalar is scalar and at is not None and piece.start <= at <= piece.end:
                return place
    return None


def fragment(
    document: Document, scalar: Scalar, place: Place | None, offset: int
) -> Fragment | None:
    """The code around an offset of a scalar; None in plain text and behind a finished expression."""
    workflow = document.workflow
    piece = place.piece if place else Piece(scalar, 0, len(scalar.value), ())
    at = scalar.offset_at(offset)
    if at is None:
        return None
    at -= piece.start
    text = piece.text
    for segment in segments(text, workflow is not None and workflow.orquesta):
        if segment.base <= at <= segment.stop and segment.opening != "{#":
            embedded = _embedded(place, segment, at)
            read = embedded if embedded and embedded.node is not None else tree(text, segment)
            stack = nodes.around(read, at) if read else ()
            return Fragment(piece, segment, at, embedded, read.base if read else 0, stack)
    return None


def _embedded(place: Place | None, segment: Segment, at: int) -> Embedded | None:
    found = place.text.expressions if place else ()
    return next((e for e in found if segment.closed and e.start <= at <= e.end), None)
