"""What goes wrong when an expression is evaluated, as one exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from st2lang.source import Span


class EvaluationError(Exception):
    """An expression that has no value.

    `message` is one sentence for people, `kind` a word for programs: `syntax`, `unknown-function`,
    `no-match` (no overload takes these arguments), `ambiguous`, `key`, `index`, `undefined`,
    `limit`, `value` and so on. `span` is the failing part of `expression`, the text that was
    evaluated; both are filled in by the place that knows them.
    """

    def __init__(self, message: str, kind: str = "value", span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.span = span
        self.expression = ""

    def __str__(self) -> str:
        return self.message


_LONGEST = 200


def shortened(text: str) -> str:
    """A message that may quote data, with its middle left out where it is long."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 4 :]}"


_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (KeyError, "key"),
    (IndexError, "index"),
    (StopIteration, "empty"),
    (RecursionError, "limit"),
    (MemoryError, "limit"),
    (ZeroDivisionError, "division"),
    (TypeError, "type"),
)

_WORDS: dict[type[BaseException], str] = {
    IndexError: "the list has no element at this position",
    StopIteration: "the list does not have the element that is asked for",
    RecursionError: "the expression calls itself too often, or something is nested too deeply",
    MemoryError: "the value takes too much memory",
    ZeroDivisionError: "division by zero",
}


def failure(error: BaseException, where: str, span: Span | None) -> EvaluationError:
    """The same failure as an `EvaluationError`; one that is one already keeps its span.

    `where` names what was called.
    """
    if isinstance(error, EvaluationError):
        if error.span is None:
            error.span = span
        return error
    kind = next((name for python, name in _KINDS if isinstance(error, python)), "value")
    if isinstance(error, KeyError):
        missing = shortened(repr(error.args[0])) if error.args else ""
        message = f"there is no key {missing}" if missing else "the key is missing"
    else:
        message = _WORDS.get(type(error)) or shortened(str(error)) or type(error).__name__
    return EvaluationError(f"{where}: {message}" if where else message, kind, span)
