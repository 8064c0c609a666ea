"""Where the documentation of a check is found. The one place to change when it moves."""

from __future__ import annotations

CHECKS = "docs/checks/{id}.md"
"""Relative to the top of the repository; an absolute address works everywhere it is used."""


def url(check: str) -> str:
    """The address of a check's documentation."""
    return CHECKS.format(id=check)


def is_absolute() -> bool:
    """True when `url` gives addresses that a browser can open."""
    return "://" in CHECKS


def pointer(check: str) -> str:
    """What to tell a person who wants to know more: an address, or the command that explains."""
    return url(check) if is_absolute() else f"st2c explain {check}"
