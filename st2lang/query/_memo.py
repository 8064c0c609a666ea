"""Answers that are computed once for a document and kept as long as it lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from st2lang.document import Document

T = TypeVar("T")


def per_document(function: Callable[[Document], T]) -> Callable[[Document], T]:
    """Remember what a function gives for a document. A document never changes, so the answer stays."""
    known: WeakKeyDictionary[Document, T] = WeakKeyDictionary()

    @wraps(function)
    def remembered(document: Document) -> T:
        try:
            return known[document]
        except KeyError:
            return known.setdefault(document, function(document))

    return remembered
