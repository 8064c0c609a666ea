"""The documentation of a topic: what an offer of completion is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from st2lang import functions
from st2lang.functions.record import Kind
from st2lang.query import describe as words
from st2lang.query.variables import sources_of

if TYPE_CHECKING:
    from st2lang.document import Document


def describe(document: Document, topic: tuple[str, ...]) -> str:
    """Markdown about a topic; "" where nothing is known (any more). Never raises."""
    match topic:
        case ("function", language, kind, name) if language in functions.LANGUAGES:
            record = functions.lookup(language, name, Kind(kind))
            return words.function(record) if record is not None else ""
        case ("action", ref):
            found = document.catalog.find_action(ref) if document.catalog is not None else None
            return words.action(found) if found is not None else ""
        case ("variable", name) if document.workflow is not None:
            return words.variable(document, name, sources_of(document, name))
        case ("task", name) if document.workflow is not None:
            from st2lang.query.tasks import describe as describe_task

            return describe_task(document, name)
        case _:
            return ""
