"""What is wrong with the text of an expression, as a value."""

from __future__ import annotations

from st2lang.record import record
from st2lang.source import Span

MAX_SHOWN = 40
"""Characters of the offending text that a message repeats."""


@record
class ExpressionSyntaxError:
    """An expression that its language does not accept.

    `span` is the offending token, relative to the text that was parsed (empty and at the end of the
    text when something is missing there). `message` is one sentence for people. `expected` are the
    words for what could have stood there instead, `found` is the offending text ("" at the end).
    `help` says what was probably meant, when that is known.
    """

    span: Span
    message: str
    expected: tuple[str, ...] = ()
    found: str = ""
    help: str = ""


class Rejection(Exception):  # noqa: N818 (it never leaves the parser, which returns `error`)
    """Raised by a reduction to reject what the grammar alone accepts."""

    def __init__(self, error: ExpressionSyntaxError) -> None:
        super().__init__(error.message)
        self.error = error


def either(words: tuple[str, ...]) -> str:
    """`("a name", "`,`")` as "a name or `,`"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def unexpected(span: Span, found: str, expected: tuple[str, ...]) -> ExpressionSyntaxError:
    """The error for a token that cannot stand where it stands, or for a text that ends too early."""
    what = f"unexpected `{_shortened(found)}`" if found else "the expression ends too early"
    wanted = f", expected {either(expected)}" if expected else ""
    return ExpressionSyntaxError(span, what + wanted, expected, found)


def _shortened(found: str) -> str:
    line = found.partition("\n")[0][:MAX_SHOWN]
    return found if line == found else f"{line}…"
