"""What the terminal can do: colours, and how many cells a text takes."""

from __future__ import annotations

import os
from typing import TextIO

STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "hint": "1;34",
    "frame": "34",
    "place": "1",
    "check": "35",
    "added": "32",
    "removed": "31",
    "hunk": "36",
}


def wants_colour(mode: str, stream: TextIO) -> bool:
    """Whether to colour what goes to a stream; `mode` is auto, always or never.

    NO_COLOR (https://no-color.org) and FORCE_COLOR decide in `auto`; otherwise, whether it is a
    terminal.
    """
    if mode != "auto":
        wanted = mode == "always"
    elif os.environ.get("NO_COLOR"):
        wanted = False
    elif os.environ.get("FORCE_COLOR"):
        wanted = os.environ["FORCE_COLOR"] != "0"
    else:
        wanted = stream.isatty() and os.environ.get("TERM") != "dumb"
    if wanted and os.name == "nt":
        os.system("")  # switches a Windows console to understanding escape sequences
    return wanted


class Paint:
    """Puts text into colours, or leaves it alone."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, style: str, text: str) -> str:
        if not self.colour or not text:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def printable(text: str) -> str:
    """A text that cannot steer a terminal: control characters become their pictures."""
    return text if text.isprintable() else "".join(map(_picture, text))


def _picture(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if char.isprintable() or char in "\u00a0\u3000\u200d":
        return char
    return "\ufffd"


def cells(text: str) -> int:
    """How many cells of a terminal a printable text takes: two for wide characters."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(char) in "WF")
        for char in text
    )
