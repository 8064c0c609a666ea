"""What there is to say about the thing under the cursor.

Names are told about wherever they stand, in the YAML or in an expression; beside them the keys of the
languages, values of which there is a fixed set, and the fields and words of expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.query import cursor as cursors
from st2lang.query import hover_code, hover_keys, hover_names
from st2lang.query import symbol as symbols
from st2lang.query.kinds import assumed
from st2lang.query.workspace import Workspace
from st2lang.record import record
from st2lang.source import Span

if TYPE_CHECKING:
    from st2lang.document import Document


@record
class Hover:
    """Markdown about what stands at `span`."""

    span: Span
    text: str


def find(document: Document, offset: int, workspace: Workspace | None = None) -> Hover | None:
    """What is known about the thing at an offset; None where there is nothing to say. Never raises."""
    document = assumed(document)
    workspace = workspace or Workspace.around(document)
    occurrence = symbols.at(document, offset)
    if occurrence is not None:
        text = hover_names.describe(document, occurrence, workspace)
        if text:
            return Hover(occurrence.span, text)
    cursor = cursors.at(document, offset)
    found = hover_code.find(cursor) or hover_keys.find(cursor)
    return Hover(*found) if found is not None and found[1] else None
