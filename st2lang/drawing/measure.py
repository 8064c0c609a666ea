"""How wide a text will be when it is drawn, without a font to ask.

Widths are those of DejaVu Sans, the widest of the fonts that browsers and viewers fall back to, rounded up
by classes of characters: in other fonts the text is narrower, and nothing touches.
"""

from __future__ import annotations

from unicodedata import category, east_asian_width

_WIDTHS = {
    **dict.fromkeys("ijl'", 0.30),
    **dict.fromkeys(".,:;|/\\ ·", 0.34),
    **dict.fromkeys("ftr()[]!-", 0.42),
    **dict.fromkeys("_`", 0.51),
    **dict.fromkeys("wOQGHNDU&", 0.82),
    **dict.fromkeys("<>=+~#^", 0.85),
    **dict.fromkeys("mMW%@…", 1.01),
}
_LOWER, _UPPER, _OTHER, _BOLD, _MONO = 0.64, 0.70, 0.66, 1.11, 0.61


def width(text: str, size: float, *, bold: bool = False, mono: bool = False) -> float:
    """The width of a line of text in pixels, for a font of that size."""
    total = sum(map(_mono if mono else _of, text)) * size
    return total * _BOLD if bold and not mono else total


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(char) in "WF")
        for char in text
    )


def _of(char: str) -> float:
    known = _WIDTHS.get(char)
    if known is not None:
        return known
    if char.isascii():
        return _UPPER if char.isupper() else _LOWER if char.isalpha() else _OTHER
    return _foreign(char)


def _mono(char: str) -> float:
    return _MONO if char.isascii() else max(_MONO, _foreign(char))


def _foreign(char: str) -> float:
    if category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.02 if east_asian_width(char) in "WF" else 0.80
