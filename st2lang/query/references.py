"""Every place that names the thing under the cursor: in its file, and where it is known in other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang.query import symbol as symbols
from st2lang.query.family import family
from st2lang.query.symbol import Access
from st2lang.query.target import Location
from st2lang.query.workspace import Workspace

if TYPE_CHECKING:
    from st2lang.document import Document


def find(
    document: Document,
    offset: int,
    workspace: Workspace | None = None,
    declarations: bool = True,
) -> tuple[Location, ...]:
    """The occurrences of what is at an offset: the document's own first, in the order of the text.

    Actions, and parameters with the inputs that they become, are looked for in all packs of the workspace:
    in metadata, workflows, rules, aliases and policies. Without `declarations` the places that define the
    thing are left out.
    """
    occurrence = symbols.at(document, offset)
    if occurrence is None:
        return ()
    workspace = workspace or Workspace.around(document)
    return tuple(
        Location(member.source.path, found.span, found.access)
        for member, symbol in family(occurrence.symbol, document, workspace)
        for found in symbols.of(member, symbol)
        if declarations or found.access is not Access.DEFINE
    )
