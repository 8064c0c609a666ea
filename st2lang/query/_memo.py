"""Answers that are computed once for a document and kept as long as it lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from st2lang.document import Document

T = TypeVar("T")


def per_document(function: Callable[[Document], T]) -> Callable[[Document], T]:
    """Remember what a function gives for a document. A document never changes, so the answer stays.

    An answer that leads back to the document keeps it alive until the next garbage collection: such answers
    are to be avoided, there is one document for every keystroke.
    """

    @wraps(function)
    def remembered(document: Document) -> T:
        if function not in document.known:
            document.known.setdefault(function, function(document))
        answer: T = document.known[function]
        return answer

    return remembered


def remember(document: Document, function: Callable[[Document], T], answer: T) -> None:
    """Have a `per_document` function know its answer for a document."""
    document.known[function.__wrapped__] = answer  # type: ignore[attr-defined]


def is_remembered(document: Document, function: Callable[[Document], T]) -> bool:
    """Whether a `per_document` function knows its answer for a document already."""
    return function.__wrapped__ in document.known  # type: ignore[attr-defined]
