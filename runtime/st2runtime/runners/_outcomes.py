"""Outcomes that several runners have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from st2runtime.runners.base import Outcome

_HIDDEN = "********"


def refused(message: str, secrets: Iterable[str] = ()) -> Outcome:
    """The action could not be run at all.

    The shape is what StackStorm's container makes of a runner's exception (st2actions/container/base.py);
    nobody is helped by a traceback of ours, so there is none.
    """
    return Outcome("failed", {"error": masked(message, secrets), "traceback": ""})


def masked(text: str, secrets: Iterable[str]) -> str:
    """A text with the secrets in it hidden."""
    for secret in sorted((secret for secret in secrets if len(secret) > 2), key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


def why(error: Exception) -> str:
    """What an error says, for a sentence; its name when it says nothing."""
    if isinstance(error, OSError) and error.strerror:
        place = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{place}"
    return str(error) or type(error).__name__


def strings(value: Any) -> list[str]:
    """The texts of a list, or of a text with commas between."""
    parts = value.split(",") if isinstance(value, str) else value or ()
    return [str(part).strip() for part in parts if str(part).strip()]
