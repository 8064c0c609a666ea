"""What a Jinja string literal stands for: Python's `unicode_escape`, as jinja2's lexer applies it.

Done here and not with the codec because the codec warns about unknown escapes (which are plain text)
and cannot tell where a broken escape is.
"""

from __future__ import annotations

import re

from st2lang.expressions.errors import ExpressionSyntaxError, Rejection
from st2lang.patterns import lazy
from st2lang.source import Span

_SPECIAL = lazy(
    r"\\(?:(?P<simple>[\\'\"abfnrtv])|(?P<joined>\r\n|\r|\n)|(?P<octal>[0-7]{1,3})"
    r"|x(?P<two>[0-9a-fA-F]{2})|u(?P<four>[0-9a-fA-F]{4})|U(?P<eight>[0-9a-fA-F]{8})"
    r"|N\{(?P<name>[^}]+)\}|(?P<broken>[xuUN])|(?P<wide>[^\x00-\x7f])|(?P<other>.))"
    r"|(?P<newline>\r\n?)",
    re.DOTALL,
)
_SIMPLE = dict(zip("\\'\"abfnrtv", "\\'\"\a\b\f\n\r\t\v", strict=True))
_WANTED = {
    "x": "two hexadecimal digits",
    "u": "four hexadecimal digits",
    "U": "eight hexadecimal digits, 0010FFFF at most",
    "N": "the Unicode name of a character in braces",
}


def decode(literal: str, start: int) -> str:
    """The value of a literal with its quotes. `start` is its place, for errors.

    Raises `Rejection` for an escape that is cut short or means no character.
    """
    body = literal[1:-1]
    if "\\" not in body and "\r" not in body:
        return body
    return _SPECIAL.sub(lambda match: _meaning(match, start + 1), body)


def _meaning(match: re.Match[str], base: int) -> str:
    """What an escape stands for. An unknown one is plain text; so is a wide character, spelt out."""
    kind, value = match.lastgroup or "", match[match.lastindex or 0]
    match kind:
        case "simple":
            return _SIMPLE[value]
        case "joined":
            return ""
        case "newline":
            return "\n"
        case "other":
            return match[0]
        case "wide":
            return "\\" + value.encode("ascii", "backslashreplace").decode("ascii")[1:]
    character = _character(kind, value)
    if character is None:
        span = Span(base + match.start(), base + match.end())
        expected = _WANTED[match[0][1]]
        message = f"broken escape `{match[0]}`, `\\{match[0][1]}` needs {expected}"
        raise Rejection(ExpressionSyntaxError(span, message, (expected,), match[0]))
    return character


def _character(kind: str, value: str) -> str | None:
    """The character with a number or a name; None when there is none."""
    if kind == "broken":
        return None
    if kind == "name":
        return _named(value)
    code = int(value, 8 if kind == "octal" else 16)
    return chr(code) if code <= 0x10FFFF else None


def _named(name: str) -> str | None:
    import unicodedata

    try:
        found = unicodedata.lookup(name)
    except KeyError:
        return None
    return found if len(found) == 1 else None
