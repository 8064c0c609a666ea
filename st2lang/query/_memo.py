"""Answers that are computed once for a document and kept as long as it lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from st2lang.document import Document

T = TypeVar("T")


class PerDocument(Generic[T]):
    """A function whose answer for a document is remembered. A document never changes, so the answer stays.

    An answer that leads back to the document keeps it alive until the next garbage collection: such answers
    are to be avoided, there is one document for every keystroke.
    """

    def __init__(self, function: Callable[[Document], T]) -> None:
        self._function = function
        update_wrapper(self, function)

    def __call__(self, document: Document) -> T:
        """What the function gives for a document."""
        if self not in document.known:
            document.known.setdefault(self, self._function(document))
        answer: T = document.known[self]
        return answer

    def remember(self, document: Document, answer: T) -> None:
        """Take an answer that was found elsewhere."""
        document.known[self] = answer

    def knows(self, document: Document) -> bool:
        """Whether the answer for a document is there already."""
        return self in document.known


per_document = PerDocument
"""As a decorator: remember what a function gives for a document."""
