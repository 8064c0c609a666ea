"""Says what was probably meant by an expression that is not YAQL.

The parser knows what could have stood at the offending place; this module knows the habits that people
bring from other languages. Imported only when there is something to explain.
"""

from __future__ import annotations

import re
import unicodedata

from st2lang.expressions.errors import ExpressionSyntaxError, unexpected
from st2lang.patterns import lazy
from st2lang.record import replace
from st2lang.source import Span

_INSTEAD = {
    "!": "YAQL negates with `not`",
    "&": "YAQL combines conditions with `and`",
    "|": "YAQL combines conditions with `or`; filters after `|` belong to Jinja",
    "%": "YAQL takes the remainder with `mod`",
    ":": "YAQL writes `=>` between a key and its value",
    "==": "YAQL compares with a single `=`",
    "**": "YAQL raises to a power with `pow(x, y)`",
    "//": "YAQL divides two integers with a single `/`",
    "<>": "YAQL writes “different from” as `!=`",
}
"""What other languages write -> what YAQL has for it."""

_QUOTES = "'\"`"
_CURLY_QUOTES = "‘’“”„«»"
_WORD_OPERATORS = frozenset(("and", "or", "in", "mod", "not"))
_WORD = lazy(r"\w+")
_STRING_TO_THE_END = lazy(r"(['\"`])(?:(?!\1)[^\\]|\\.)*\1", re.DOTALL)


def explain(text: str, error: ExpressionSyntaxError) -> ExpressionSyntaxError:
    """The parser's error for a text with the best words for it. The span may grow, never move."""
    if not error.expected:
        return error
    start = error.span.start
    if not error.found:
        return _early_end(text, error)
    if word := _broken_word(text, start):
        message = (
            "names that begin with two underscores can only be called"
            if word[0] == "_"
            else "this is neither a number nor a name"
        )
        span = Span(start, start + len(word))
        return replace(error, span=span, found=word, message=f"unexpected `{word}`: {message}")
    if error.found in _QUOTES:
        return replace(error, message=_open_string(text, start))
    if len(error.found) == 1 and not error.found.isprintable():
        name = unicodedata.name(error.found, "a control character")
        shown = f"U+{ord(error.found):04X} ({name.lower()})"
        return replace(error, message=f"unexpected character {shown}", found=shown)
    return replace(_after_dot(text, error), help=_hint(text, start, error.found))


def _early_end(text: str, error: ExpressionSyntaxError) -> ExpressionSyntaxError:
    if not text.strip():
        return replace(error, message="the expression is empty")
    return _after_dot(text, error)


def _broken_word(text: str, start: int) -> str:
    """The word at an offset when no token begins with it, else ""."""
    word = _WORD.match(text, start)
    if word is None:
        return ""
    called = text[word.end() : word.end() + 1] == "("
    broken = word[0].startswith("__") and not called
    broken |= word[0][0].isdecimal() and not word[0].isdecimal()
    return word[0] if broken else ""


def _open_string(text: str, start: int) -> str:
    if _STRING_TO_THE_END.match(text, start):
        return "the string that begins here has a backslash at the end of a line"
    return f"the string that begins here has no closing {text[start]}"


def _after_dot(text: str, error: ExpressionSyntaxError) -> ExpressionSyntaxError:
    """After a dot the grammar allows any value, but only names and calls mean something."""
    if text[: error.span.start].rstrip(" \t\r\n").endswith("."):
        return unexpected(error.span, error.found, ("a name", "a method call"))
    return error


def _hint(text: str, start: int, found: str) -> str:
    before = text[:start].rstrip(" \t\r\n")
    if instead := _INSTEAD.get(text[max(start - 1, 0) : start] + found, _INSTEAD.get(found)):
        return instead
    if found in _CURLY_QUOTES:
        return "strings stand in straight quotes: ' or \""
    if found == "(" and len(before) < start and before[-1:].isalnum():
        return "the parenthesis of a call follows the name without a space"
    if found.endswith("(") and found[:-1] in _WORD_OPERATORS:
        return f"without a space before the parenthesis, `{found[:-1]}` is taken for a function"
    if found == "not":
        return "`not` stands in front of the whole condition: `not a in b`"
    if found.lower() in _WORD_OPERATORS:
        return f"operators are written in lower case: `{found.lower()}`"
    if found in (")", "]", "}") and before.endswith(","):
        return "there is nothing after the last comma"
    return ""
